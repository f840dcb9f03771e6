"""Metrics of classes said and classes true, from counts."""
