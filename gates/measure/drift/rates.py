"""How sure can one be of a rate?"""

import math

Z = 1.959963984540054
"""Two-sided 95 %."""


def wilson(hits: float, of: float) -> tuple[float, float]:
    """Return the score interval of a rate (Wilson 1927, JASA 22:209); `of` is at least 1."""
    rate, square = hits / of, Z * Z
    centre = rate + square / (2 * of)
    spread = Z * math.sqrt(max(0.0, rate * (1 - rate) / of) + square / (4 * of * of))
    scale = 1 + square / of
    low = 0.0 if hits <= 0 else (centre - spread) / scale
    high = 1.0 if hits >= of else (centre + spread) / scale
    return low, high
