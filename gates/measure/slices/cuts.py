"""Into which parts does a column cut the rows: values, or ranges of equally many rows?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gates.measure.numbers.ranks import at_ranks
from gates.measure.prepared import Prepared
from gates.measure.rounding import rounded
from gates.measure.scan.dialect import double, microseconds, text
from gates.measure.scan.view import Column, Kind
from gates.slice_facts import Where

FEW = 12
"""Values of a column that are parts by themselves; of texts with more, the most frequent ones are."""
MOST_TEXTS = 1_000
"""A column with more of them is an id or a document."""
PARTS = 5
"""Ranges of numbers, of about equally many rows each."""
MISSING = 0
"""The number of the part without a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A column's parts, by number."""

    feature: str
    sql: str
    """A row's part."""
    parts: tuple[Where, ...]
    """The first is of rows without a value."""
    ordered: bool
    """Whether the parts rise, so that only neighbours are put together."""


def cut(prepared: Prepared, feature: str, column: Column) -> Cut | str:
    """Cut a column; a sentence says why it cannot be."""
    if column.kind is Kind.OTHER:
        return f"{feature} is {column.type}, which has no parts."
    if column.kind in (Kind.TEXT, Kind.TRUTH):
        return _by_value(prepared, feature, f"CAST({column.name} AS VARCHAR)")
    few = _few(prepared, column)
    return few if few is not None and column.integer and _named(few, feature, column) else _ranges(prepared, feature, column)
