"""Where do the versions that people chose answer?"""
