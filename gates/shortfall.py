"""How much worse does a group fare than the reference group?"""

from dataclasses import dataclass
from typing import Self

from gates.evidence import GroupMetric


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """A group's difference to the reference group and its two-sided 95 % interval; positive is harm."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, group: GroupMetric, *, lower_is_better: bool) -> Self | None:
        """Turn a difference into a shortfall; None when it is not known."""
        value, low, high = group.difference, group.difference_low, group.difference_high
        if value is None or low is None or high is None:
            return None
        if lower_is_better:
            return cls(value=value, low=low, high=high)
        return cls(value=-value, low=-high, high=-low)
