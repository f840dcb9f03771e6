"""How is a number written down, so that two machines write the same?"""

import math

DIGITS = 12


def rounded(value: float | None) -> float | None:
    """Keep 12 significant digits, which outlive another order of summing; what is not finite is not known."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{float(value):.{DIGITS}g}") + 0.0
