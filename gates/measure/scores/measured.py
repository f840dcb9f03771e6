"""What was found of one score metric, before it is known how sure one can be?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gates.measure.scores.spread import Spread

AREAS = ("roc_auc", "average_precision", "roc_auc_ovr", "roc_auc_ovo")
"""Metrics of how scores rank the rows, whatever the scores' size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One metric of one or two models on the same rows."""

    values: tuple[float, ...]
    """The challenger's and, with one, the champion's."""
    spreads: tuple[Spread | None, ...] = ()
    """Of the values; None where there are too few rows for one."""
    gap: Spread | None = None
    """Of the challenger's value minus the champion's, on the same rows."""
    biases: tuple[tuple[float, float], ...] = ()
    """How much each value is expected to lie above the true one, at least and at most; empty for unbiased metrics."""
    baseline: float | None = None
    bound: float | None = None
    """How far the values can be from the exact ones; None for exact ones."""

    def with_spreads(self, spreads: Sequence[Spread | None], gap: Spread | None) -> "Measured":
        """Return the same with its scatter."""
        return replace(self, spreads=tuple(spreads), gap=gap)
