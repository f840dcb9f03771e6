"""How does the house answer each command? Identify the person, call one workflow, tell how it went."""
