"""How do people talk to Gatehouse in Microsoft Teams?"""
