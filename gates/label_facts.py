"""Whose labels have arrived, and were they seen for all alike?"""

from gates.values import Value


class Coverage(Value):
    """How many of the mature rows of one group have a label."""

    feature: str
    group: str
    rows: int
    labelled: int
    share: float
    low: float
    high: float
    """Two-sided 95 % interval (Wilson 1927)."""


class Labels(Value):
    """Which of the current rows have labels that count?"""

    rows: int
    mature: int
    """Old enough for a label to have arrived."""
    not_mature: int
    undated: int = 0
    """Rows whose time of decision is missing: they do not count."""
    labelled: int
    """Mature rows with a label: performance is measured on these."""
    early: int = 0
    """Labels of rows that are not mature: they do not count, for early labels are not like the others."""
    selective: bool = False
    """Are labels seen for some decisions only, or for some groups much less?"""
    by_group: tuple[Coverage, ...] = ()
    by_prediction: tuple[Coverage, ...] = ()
    sentence: str
