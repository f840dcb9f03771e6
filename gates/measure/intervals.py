"""How sure can one be of a rate?"""

import math
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)
"""Two-sided 95 %."""

Interval = tuple[float, float]


def wilson(hits: float, of: float, z: float = Z) -> Interval:
    """Return the score interval of a rate (Wilson 1927, JASA 22:209-212), of 95 % unless told; `of` is above 0."""
    rate, square = hits / of, z * z
    centre = rate + square / (2 * of)
    spread = z * math.sqrt(max(0.0, rate * (1 - rate)) / of + square / (4 * of * of))
    scale = 1 + square / of
    low = 0.0 if hits <= 0 else (centre - spread) / scale
    high = 1.0 if hits >= of else (centre + spread) / scale
    return low, high
