"""What numbers does a column of an Arrow table hold?"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gates.measure.unusable import UnusableError

Floats = NDArray[np.float64]


def numbers(column: Any, what: str) -> Floats:  # noqa: ANN401 - a pyarrow ChunkedArray
    """Return a column as floats, NaN where there is no value."""
    import pyarrow as pa  # noqa: PLC0415 - heavy

    kinds = pa.types
    numeric = (kinds.is_boolean, kinds.is_integer, kinds.is_floating, kinds.is_decimal, kinds.is_null)
    if not any(test(column.type) for test in numeric):
        raise UnusableError(f"{what} holds {column.type}, not numbers.")
    whole = column.cast(pa.int8()) if kinds.is_boolean(column.type) else column
    return np.asarray(whole.cast(pa.float64(), safe=False).fill_null(float("nan")), dtype=np.float64)
