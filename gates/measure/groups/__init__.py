"""How does each group of people fare, and do all groups fare alike?"""
