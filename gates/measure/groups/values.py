"""What is known of one metric in every group of one feature, before it becomes facts?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gates.measure.groups.limits import Counts, Mask, Spread
from gates.wording import count

FEWEST = {"row": 30, "cluster": 20}
"""Rows, or clusters, that a metric must count in a group before its intervals hold what they say
(docs/calibration.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupValues:
    """One metric in every group: the challenger's and, with one, the champion's numbers."""

    metric: str
    rows: Counts
    """Rows that the metric counts of the challenger's; of the rarer kind, where it counts two kinds."""
    spreads: tuple[Spread, ...]
    """By model."""
    lacking: tuple[tuple[str, ...], ...]
    """By model and group: why there are too few rows for intervals, in one line; empty where there are enough."""
    change: Spread | None
    """The challenger's number minus the champion's; None without a champion."""
    method: str
    """How the intervals are made."""
    ratios: bool = True
    """Can the number not be negative, so that ratios mean something?"""

    def enough(self, model: int = 0) -> Mask:
        """Return for which groups intervals hold."""
        return np.array([not reason for reason in self.lacking[model]])

    @property
    def enough_for_both(self) -> Mask:
        """Return for which groups intervals of the change hold."""
        return np.asarray(np.logical_and.reduce([self.enough(model) for model in range(len(self.spreads))]))


def reasons(metric: str, units: Counts, unit: str) -> tuple[str, ...]:
    """Say of each group in one line that it has too few units for intervals; empty where it has enough."""
    fewest = FEWEST[unit]
    return tuple(
        "" if some >= fewest else f"{count(int(some), unit)} that {metric} counts; its intervals hold from {fewest} on."
        for some in units
    )


def rarer(counts: Sequence[Counts]) -> Counts:
    """Return the smallest of several counts, group by group."""
    return np.asarray(np.minimum.reduce(list(counts)))
