"""`mlops measure ...`: files in, a report out; no server, no workspace, no settings."""
