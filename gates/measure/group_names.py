"""Which groups does a sensitive feature have, and who is in which?"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gates.measure.classes import Codes
from gates.measure.table import columns, read
from gates.measure.unusable import UnusableError

MISSING_GROUP = "(missing)"
MOST_GROUPS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """A feature's groups in the order of their names, and each row's place among them."""

    feature: str
    names: tuple[str, ...]
    codes: Codes
    reference: int
    """Place of the largest group, which the others are compared with."""


def groups_of(data: Path, feature: str, order: Codes) -> Groups:
    """Read a feature and name its groups; a missing value is a group of its own, but never the reference if others are.

    `order` says which rows of the file, in which order. Raises `UnusableError`.
    """
    if feature not in columns(data):
        raise UnusableError(f"the data have no column {feature!r}.")
    encoded = _encoded(data, feature)
    values = [_name(value) for value in encoded.dictionary.to_pylist()] + [MISSING_GROUP]
    indices = np.asarray(encoded.indices.fill_null(len(values) - 1), dtype=np.int64)[order]
    present = sorted({values[index] for index in np.unique(indices)})
    if len(present) > MOST_GROUPS:
        raise UnusableError(f"{feature} has {len(present):,} different values: put them into groups first.")
    places = {name: place for place, name in enumerate(present)}
    codes = np.array([places.get(value, 0) for value in values], dtype=np.int64)[indices]
    return Groups(feature=feature, names=tuple(present), codes=codes, reference=_largest(present, codes))


def _encoded(data: Path, feature: str) -> Any:  # noqa: ANN401 - a pyarrow DictionaryArray
    import pyarrow as pa  # noqa: PLC0415 - heavy

    column = read(data, (feature,)).column(feature)
    kind = column.type
    try:
        plain = column.cast(kind.value_type) if pa.types.is_dictionary(kind) else column
        return plain.combine_chunks().dictionary_encode()
    except pa.ArrowException as error:
        raise UnusableError(f"{feature} holds {kind}; groups need single values.") from error


def _largest(names: list[str], codes: Codes) -> int:
    sizes = np.bincount(codes, minlength=len(names))
    return max(range(len(names)), key=lambda place: (names[place] != MISSING_GROUP, sizes[place], -place))


def _name(value: object) -> str:
    """Name a group by its value; a whole float loses its point: a missing value elsewhere made it a float."""
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return MISSING_GROUP
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
