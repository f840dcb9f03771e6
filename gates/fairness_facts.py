"""How large is each group, and do all groups fare alike? What a measurement of fairness found, as facts."""

from gates.values import Value


class GroupSize(Value):
    """How many rows one group has."""

    feature: str
    """A sensitive feature, or several joined by commas for their intersection."""
    group: str
    rows: int
    share: float
    """Of all rows."""
    positives: float | None = None
    """Share of the group's rows whose label is the positive class; None outside of a binary classification."""
    reference: bool = False
    """Is this the group the others are compared with (the largest)?"""


class Extremes(Value):
    """The groups that a criterion is made of."""

    metric: str
    highest: str
    lowest: str


class Criterion(Value):
    """How unlike the groups of one feature fare, as one number over all of them.

    A largest difference among groups that fare alike is above zero by chance alone, the more the more groups there are.
    So its interval is not the one of the two groups that happen to be outermost: the lower limit of a difference is the
    largest of the lower limits that hold for all pairs at once (Bonferroni), the upper limit the largest of the pairs'
    upper limits, which needs no correction, for one pair is the outermost in truth, and its own limit holds.
    """

    feature: str
    criterion: str
    """As fairlearn calls it: `demographic_parity_difference`, `equalized_odds_ratio`, ...; else a metric's name and
    `_difference` or `_ratio`."""
    groups: int
    """How many groups it compares."""
    left_out: tuple[str, ...] = ()
    """Groups without any row that the metric counts: they have no value."""
    challenger: float | None
    low: float | None = None
    high: float | None = None
    """Two-sided 95 % interval; None for the upper limit of a ratio's inverse that has none."""
    champion: float | None = None
    champion_low: float | None = None
    champion_high: float | None = None
    extremes: tuple[Extremes, ...] = ()
    """The challenger's outermost groups, by metric; none of a metric that all groups have alike."""
    method: str = ""
    too_few: str = ""
    """One line, when some groups have too few rows for an interval that could be trusted."""
    problem: str = ""
    """One line, when it could not be computed."""
