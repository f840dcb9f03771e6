"""What did a measurement of groups find?"""

from gates.evidence import GroupMetric
from gates.fairness_facts import Criterion, GroupSize
from gates.values import Value


class Fairness(Value):
    """All that was found of groups."""

    sizes: tuple[GroupSize, ...]
    groups: tuple[GroupMetric, ...]
    criteria: tuple[Criterion, ...]
