"""On which part of the rows does a model fare worst, by what is in one or two columns?

Slices are looked for, not asked for: of many, the worst ones are told, and so they look worse than they are. Intervals
hold for all of those that were looked at together (Bonferroni). None of it is judged.
"""

from gates.values import Value


class Where(Value):
    """What the rows of a slice have in one column."""

    feature: str
    among: tuple[str, ...] = ()
    """One of these, where they are listed."""
    above: float | None = None
    upto: float | None = None
    """Numbers above the first and not above the second, where either is known."""
    times: bool = False
    """Whether the numbers are microseconds since 1970."""
    others: bool = False
    """Values that are not among the most frequent ones, too."""
    missing: bool = False
    """Rows without a value, too."""


class Slice(Value):
    """The rows of one part of the data, and the mean loss of both models there."""

    where: tuple[Where, ...]
    """One column or two, which all have to hold; none for all rows."""
    rows: int
    challenger: float
    champion: float | None = None
    difference: float | None = None
    """Challenger's loss less the champion's: above zero is worse."""
    low: float | None = None
    high: float | None = None
    """Two-sided interval of the difference."""
    challenger_low: float | None = None
    challenger_high: float | None = None
    """Two-sided interval of the challenger's loss."""
    too_few: bool = False
    """Whether there are too few rows that tell the models apart for an interval."""


class Slices(Value):
    """Where the challenger loses most against the champion, and where its own errors are."""

    loss: str
    """What a loss is, in words: `error rate`, `mean absolute error`, `lost value`."""
    whole: Slice
    """All rows."""
    looked_at: int
    """Slices of one column that were compared."""
    level: float
    """Of the intervals together: one minus the chance that any of them is wrong."""
    worst: tuple[Slice, ...] = ()
    """Where the challenger loses most, worst first; none where it loses nowhere, and without a champion."""
    errors: tuple[Slice, ...] = ()
    """Parts of a tree of one or two columns, which part rows with a high loss from others; largest loss first."""
    left_out: tuple[str, ...] = ()
    """Columns that no slice was cut from, and why, one sentence each."""
