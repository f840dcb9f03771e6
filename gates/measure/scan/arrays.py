"""How does a column of a small table become an array of numbers?"""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def array(column: Any) -> NDArray[Any]:  # noqa: ANN401 - a pyarrow ChunkedArray
    """Return a column without nulls as a numpy array, not to be written to.

    pyarrow's own way there loads pandas, which takes longer than many a measurement.
    """
    import pyarrow as pa  # noqa: PLC0415 - heavy

    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    kinds = pa.types
    plain = kinds.is_integer(whole.type) or kinds.is_floating(whole.type)
    if plain and not whole.null_count and len(whole):
        found: NDArray[Any] = np.from_dlpack(whole)
        return found
    return np.array(whole.to_pylist())
