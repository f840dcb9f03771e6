"""How does code that we do not trust run without touching us?"""
