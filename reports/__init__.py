"""How do we tell people?"""
