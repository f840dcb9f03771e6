"""How do columns of a small Arrow table become the arrays that drift is computed from?"""

from typing import Any

import numpy as np

from gates.measure.drift.cells import Counts, Floats
from gates.measure.scan.arrays import array


def floats(column: Any) -> Floats:  # noqa: ANN401 - a pyarrow ChunkedArray
    """Return numbers as doubles, with one zero; NaN for NULL."""
    filled = column.cast("double").fill_null(float("nan")) if column.null_count else column
    found: Floats = array(filled).astype(np.float64) + 0.0
    return found


def wholes(column: Any) -> Counts:  # noqa: ANN401 - a pyarrow ChunkedArray
    """Return whole numbers without NULL."""
    found: Counts = array(column).astype(np.int64)
    return found
