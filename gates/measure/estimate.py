"""What is known of one metric of one or two models, before it becomes a fact?"""

from dataclasses import dataclass

import numpy as np

from gates.measure.intervals import Interval, Z
from gates.measure.rows import Floats

LOW, HIGH = 2.5, 97.5
"""Percentiles of a two-sided 95 % interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Values with two-sided 95 % intervals; the difference is challenger minus champion, whichever is better."""

    challenger: float
    own: Interval
    champion: float | None = None
    difference: Interval | None = None
    standard_error: float | None = None
    """Of the difference."""
    baseline: float | None = None
    method: str


def by_normal(values: tuple[float, ...], own_error: float, error: float | None, *, baseline: float | None,
              bounds: Interval, method: str) -> Estimate:  # fmt: skip
    """Build an estimate from standard errors; the challenger's own interval stays within `bounds`."""
    challenger, champion = values[0], values[1] if values[1:] else None
    own = (max(bounds[0], challenger - Z * own_error), min(bounds[1], challenger + Z * own_error))
    if champion is None or error is None:
        return Estimate(challenger=challenger, own=own, baseline=baseline, method=method)
    gap = challenger - champion
    return Estimate(
        challenger=challenger,
        own=own,
        champion=champion,
        difference=(gap - Z * error, gap + Z * error),
        standard_error=error,
        baseline=baseline,
        method=method,
    )


def by_resampling(values: tuple[float, ...], resampled: tuple[Floats, ...], *, baseline: float | None,
                  method: str, own: Interval | None = None) -> Estimate:  # fmt: skip
    """Build an estimate from paired resamples of each model's value, by percentiles (Efron and Tibshirani 1993, 13.3).

    Resamples in which a value is not defined (NaN) are left out for both models.
    """
    defined = ~np.isnan(np.column_stack(resampled)).any(axis=1)
    kept = [some[defined] for some in resampled]
    own = own or _percentiles(kept[0])
    if not kept[1:]:
        return Estimate(challenger=values[0], own=own, baseline=baseline, method=method)
    gaps = kept[0] - kept[1]
    return Estimate(
        challenger=values[0],
        own=own,
        champion=values[1],
        difference=_percentiles(gaps),
        standard_error=float(np.std(gaps, ddof=1)),
        baseline=baseline,
        method=method,
    )


def _percentiles(values: Floats) -> Interval:
    low, high = np.percentile(values, [LOW, HIGH])
    return float(low), float(high)
