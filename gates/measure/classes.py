"""When are a label and a model's answer the same class?

When their *keys* are equal. A number's key is its value, so 1, 1.0 and true are one class, and false and 0 another.
A text that is a plainly written number or a truth value counts as it: "1", "1.0" and "True" are the class 1 too, while
"01" is a text of its own. All other texts are compared as they stand, with case and spaces.
"""

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gates.measure.unusable import UnusableError

Codes = NDArray[np.int64]

MISSING = -1
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_TRUTH = {"true": "1", "false": "0"}


def key(value: object) -> str | None:
    """Return the key of one value; None for a missing one."""
    if value is None:
        return None
    if isinstance(value, str):
        return _text_key(value)
    if isinstance(value, bool | int):
        return str(int(value))
    return _number_key(float(str(value)))


def _text_key(text: str) -> str | None:
    if not _NUMBER.fullmatch(text):
        return _TRUTH.get(text.lower(), text)
    if text.lstrip("-").isdigit():
        return str(int(text))
    number = float(text)
    return text if math.isinf(number) else _number_key(number)


def _number_key(number: float) -> str | None:
    if math.isnan(number):
        return None
    return str(int(number)) if number.is_integer() else repr(number)


def keys_of(column: Any, what: str) -> tuple[list[str], Codes]:  # noqa: ANN401 - a pyarrow ChunkedArray
    """Return the sorted keys of a column and each row's place among them, `MISSING` where there is no value."""
    import pyarrow as pa  # noqa: PLC0415 - heavy

    kinds = pa.types
    plain = column.type.value_type if kinds.is_dictionary(column.type) else column.type
    tests = (kinds.is_boolean, kinds.is_integer, kinds.is_floating, kinds.is_decimal, kinds.is_string,
             kinds.is_large_string, kinds.is_null)  # fmt: skip
    if not any(test(plain) for test in tests):
        raise UnusableError(f"{what} holds {plain}; a class is a truth value, a number or a text.")
    encoded = column.cast(plain).combine_chunks().dictionary_encode()
    values = [key(value) for value in encoded.dictionary.to_pylist()]
    indices = np.asarray(encoded.indices.fill_null(len(values)), dtype=np.int64)
    names = sorted({value for value in values if value is not None}, key=_order)
    places = {name: place for place, name in enumerate(names)}
    lookup = np.array([*(MISSING if v is None else places[v] for v in values), MISSING], dtype=np.int64)
    return names, lookup[indices]


def _order(name: str) -> tuple[int, float, str]:
    """Sort numbers by value, before texts."""
    return (0, float(name), name) if _NUMBER.fullmatch(name) else (1, 0.0, name)


def joined(*names: Sequence[str]) -> list[str]:
    """Return the classes that occur in any of several columns, sorted as one column's are."""
    return sorted({name for some in names for name in some}, key=_order)


def recoded(codes: Codes, names: Sequence[str], among: Sequence[str]) -> Codes:
    """Return the places among other names; `MISSING` for names that are not there."""
    places = {name: place for place, name in enumerate(among)}
    lookup = np.array([*(places.get(name, MISSING) for name in names), MISSING], dtype=np.int64)
    return lookup[codes]
