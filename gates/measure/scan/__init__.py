"""Rows where they lie, and the small tables that they are reduced to."""
