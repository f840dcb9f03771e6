"""How far apart are two samples of numbers? Kolmogorov and Smirnov's, and Wasserstein's distance."""

from dataclasses import dataclass

import numpy as np

from gates.measure.drift.cells import Below, Cells, Floats, below


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A distance, and how far the exact one can be from it: `bound` is 0 when it is exact."""

    value: float
    least: float
    bound: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Both distances of two samples."""

    kolmogorov: Measured
    wasserstein: Measured | None
    """In the column's units. None where a value is infinite: the distance would be, too."""


def apart(reference: Cells, current: Cells) -> Apart:
    """Measure both; exact cells give what `scipy.stats.ks_2samp` and `wasserstein_distance` give.

    Wherever a distribution function is read, it is at least the share of the cells that end there or before, and at
    most the share of those that begin; both change at cells' ends only, and so the bounds hold everywhere.
    """
    points = np.unique(np.concatenate([reference.low, reference.high, current.low, current.high]))
    sides = below(reference, points), below(current, points)
    return Apart(kolmogorov=_kolmogorov(*sides), wasserstein=_wasserstein(*sides, points))


def _kolmogorov(reference: Below, current: Below) -> Measured:
    return _bounded(float(np.max(np.abs(reference.even - current.even))), *map(np.max, _between(reference, current)))


def _between(reference: Below, current: Below) -> tuple[Floats, Floats]:
    """Return the least and the largest that the two functions' difference can be, from each point to the next."""
    above, under = reference.most - current.least, current.most - reference.least
    return np.maximum(0.0, np.maximum(-above, -under)), np.maximum(above, under)


def _bounded(value: float, least: float, most: float) -> Measured:
    return Measured(value=value, least=float(least), bound=max(float(most) - value, value - float(least), 0.0))


def _wasserstein(reference: Below, current: Below, points: Floats) -> Measured | None:
    """Return the area between the functions, which are straight from one point to the next."""
    if not np.isfinite(points[[0, -1]]).all():
        return None
    widths = np.diff(points)
    first, last = (reference.even - current.even)[:-1], reference.before_next - current.before_next
    least, most = (float(np.sum(widths * height[:-1])) for height in _between(reference, current))
    found = _bounded(float(np.sum(widths * _mean_height(first, last))), least, most)
    rough = any(np.any(side.most > side.least) for side in (reference, current))
    return found if rough else Measured(value=found.value, least=found.value, bound=0.0)


def _mean_height(first: Floats, last: Floats) -> Floats:
    """Return the mean size of what goes straight from one height to another, and may cross zero between."""
    both = np.abs(first) + np.abs(last)
    crossing = (first**2 + last**2) / np.where(both > 0, both, 1.0)
    return np.where(first * last >= 0, both, crossing) / 2
