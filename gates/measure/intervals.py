"""How sure can one be of a rate, and of a difference of two rates?"""

import math
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)
"""Two-sided 95 %."""

Interval = tuple[float, float]


def wilson(hits: float, of: float, z: float = Z) -> Interval:
    """Return the score interval of a rate (Wilson 1927, JASA 22:209-212), of 95 % unless told; `of` is above 0."""
    rate, square = hits / of, z * z
    centre = rate + square / (2 * of)
    spread = z * math.sqrt(rate * (1 - rate) / of + square / (4 * of * of))
    scale = 1 + square / of
    low = 0.0 if hits == 0 else (centre - spread) / scale
    high = 1.0 if hits == of else (centre + spread) / scale
    return low, high


def newcombe(hits: int, of: int, other_hits: int, other_of: int) -> Interval:
    """Return the interval of the first rate minus the second, of independent samples.

    Hybrid score method, number 10 of Newcombe 1998, Statistics in Medicine 17:873-890.
    """
    first, second = hits / of, other_hits / other_of
    low, high = wilson(hits, of)
    other_low, other_high = wilson(other_hits, other_of)
    difference = first - second
    return (
        difference - math.hypot(first - low, other_high - second),
        difference + math.hypot(high - first, second - other_low),
    )
