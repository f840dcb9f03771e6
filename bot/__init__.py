"""Who is talking, and where?"""
