"""How far is each group from the reference group, and what is known of that at every level?

Differences by MOVER (Zou and Donner 2008; with score limits it is method 10 of Newcombe 1998, Statistics in Medicine
17:873-890), ratios by its sister for ratios (Donner and Zou 2012, Statistical Methods in Medical Research 21:347-359).
"""

from collections.abc import Callable

import numpy as np

from gates.confidence import LEVELS, SCORES, Confidence
from gates.measure.certainty import kept
from gates.measure.groups.limits import Floats, Pair, Scores, Spread

TWO_SIDED = -SCORES[LEVELS.index(0.025)]
"""Score of the limits of a two-sided 95 % interval."""
UPPER = SCORES[len(SCORES) // 2 :]
"""Scores from 0 on."""

Limits = tuple[Floats, Floats, Floats]
"""A number, its lower and its upper limit."""


def limits_of(spread: Spread, score: Scores) -> Limits:
    """Return a number with its limits."""
    return spread.value, *spread.at(score)


def taken(limits: Limits, place: int) -> Limits:
    """Return one group's limits, as broad as before."""
    value, low, high = (part[..., [place]] for part in limits)
    return value, low, high


def difference(first: Limits, second: Limits) -> Limits:
    """Return the first minus the second, of different rows."""
    (a, a_low, a_high), (b, b_low, b_high) = first, second
    return a - b, a - b - np.hypot(a - a_low, b_high - b), a - b + np.hypot(a_high - a, b - b_low)


def ratio(above: Limits, below: Limits) -> Limits:
    """Return the first over the second, both not negative; without an upper limit where the second may be 0."""
    power = _power(above) - _power(below)
    (a, a_low, a_high), (b, b_low, b_high) = _small(above), _small(below)
    low_gap, low_reach = a_low * (2 * a - a_low), b_high * (2 * b - b_high)
    high_gap, high_reach = a_high * (2 * a - a_high), b_low * (2 * b - b_low)
    root = np.sqrt(np.maximum((a * b) ** 2 - low_gap * low_reach, 0.0))
    other = np.sqrt(np.maximum((a * b) ** 2 - high_gap * high_reach, 0.0))
    # (ab - root) / reach loses its digits where reach is near 0 and has the wrong sign beyond; its conjugate does not.
    found = _over(a, b, np.nan), _over(low_gap, a * b + root, 0.0), _over(a * b + other, high_reach, np.inf)
    value, low, high = (np.ldexp(part, power) for part in found)
    return value, low, high


def _power(limits: Limits) -> int:
    """Return the power of two above the largest of some numbers."""
    largest = max((float(np.nanmax(np.abs(part))) for part in limits if not np.isnan(part).all()), default=0.0)
    return int(np.frexp(largest)[1]) if np.isfinite(largest) else 0


def _small(limits: Limits) -> Limits:
    """Return numbers of at most 1, so that no product is too large or too small."""
    value, low, high = (np.ldexp(part, -_power(limits)) for part in limits)
    return value, low, high


def _over(above: Floats, below: Floats, without: float) -> Floats:
    above, below = np.broadcast_arrays(above, below)
    found = np.divide(above, below, out=np.full(above.shape, without), where=below > 0)
    return np.where(np.isnan(above + below), np.nan, found)


def distributions(limits: Callable[[Scores], Pair]) -> tuple[Confidence, ...]:
    """Return the confidence distribution of what has limits at every score, one a group; NaN becomes 0."""
    low, high = limits(np.array(UPPER)[:, np.newaxis])
    quantiles = np.nan_to_num(np.concatenate([low[:0:-1], high]))
    return tuple(kept(list(column)) for column in quantiles.T)
