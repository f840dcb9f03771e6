"""How does a person at a terminal talk with Gatehouse?"""
