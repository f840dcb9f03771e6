"""How does every group of people fare, beyond what a policy asks about? Told in a scorecard, never judged.

What a policy judges stands in `Facts.groups` and `Facts.criteria`, in families of comparisons that stay as they are.
"""

from gates.answer_facts import ReliabilityPoint, Who
from gates.fairness_facts import Criterion, GroupSize
from gates.values import Value


class GroupNumber(Value):
    """One metric within one group, with what a reader compares it with."""

    feature: str
    """A sensitive feature, or several joined by commas for their intersection."""
    group: str
    metric: str
    rows: int
    """Rows that the metric counts (for a false negative rate: the positives)."""
    challenger: float | None
    low: float | None = None
    high: float | None = None
    """Two-sided 95 % interval, as of every number here."""
    champion: float | None = None
    champion_low: float | None = None
    champion_high: float | None = None
    reference: bool = False
    """Is this the group the others are compared with (the largest)?"""
    difference: float | None = None
    """Challenger's value here minus its value in the reference group."""
    difference_low: float | None = None
    difference_high: float | None = None
    ratio: float | None = None
    """Challenger's value here divided by its value in the reference group."""
    ratio_low: float | None = None
    ratio_high: float | None = None
    change: float | None = None
    """Challenger's value minus the champion's in this group, signed so that positive is better."""
    change_low: float | None = None
    change_high: float | None = None
    too_few: str = ""
    """One line, when there is a value but too few rows for an interval that could be trusted."""
    problem: str = ""


class GroupCalibration(Value):
    """Do events come true in one group as often as one model says?"""

    feature: str
    group: str
    who: Who
    rows: int
    mean_score: float
    """What the model said on average: of the positive class; of several classes, of the one it chose."""
    share: float
    """How often that came true."""
    share_low: float | None = None
    share_high: float | None = None
    """Wilson's two-sided 95 % interval; None where rows come in clusters, which it does not know of."""
    points: tuple[ReliabilityPoint, ...] = ()
    """The reliability diagram, of the challenger's groups of single features, where they are few."""


class Representation(Value):
    """Who is in the data, by one feature."""

    feature: str
    groups: int
    """How many groups have rows."""
    missing: int = 0
    """Rows whose value is not known; they are a group of their own."""
    absent: tuple[str, ...] = ()
    """Combinations of known values that no row has; a few of them, where there are many."""
    absent_count: int = 0


class Treatment(Value):
    """What was measured of all groups."""

    sizes: tuple[GroupSize, ...] = ()
    representation: tuple[Representation, ...] = ()
    numbers: tuple[GroupNumber, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    calibration: tuple[GroupCalibration, ...] = ()
    added: tuple[str, ...] = ()
    """Intersections that nobody named and that are told all the same."""
    left_out: tuple[str, ...] = ()
    """What could not be measured and why, one sentence each."""
