"""Which arrays do score metrics compute with?"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
"""Counts, and places in a list."""
Mask = NDArray[np.bool_]


def counted(places: Codes, size: int) -> Codes:
    """Return how many entries there are of each place."""
    return np.bincount(places, minlength=size).astype(np.int64)


def summed(places: Codes, amounts: Floats, size: int = 0) -> Floats:
    """Return the sum of amounts at each place, added in the order given."""
    return np.bincount(places, weights=amounts, minlength=size).astype(np.float64)
