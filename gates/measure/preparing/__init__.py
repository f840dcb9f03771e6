"""Columns as they were named, and the view of rows that all measurements read."""
