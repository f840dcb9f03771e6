"""How are a column's values spread, alone and over the classes of a label?

Few different values are counted one by one. Of a number with many, cells of equal width are counted: their width is a
power of two and one begins at zero, so that the cells below zero hold the negative numbers and no others. Nothing that
is told later depends on a hash, or on a rough number of values: they only decide, safely, what is worth counting.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gates.measure.classes import key
from gates.measure.quality.outline import COUNTED_NUMBERS, Outline, as_text
from gates.measure.scan.ahead import ahead
from gates.measure.scan.arrays import array
from gates.measure.scan.dialect import name
from gates.measure.scan.engine import Engine
from gates.measure.scan.view import Kind, View

Counts = NDArray[np.int64]

CELLS_BITS = 12
WHOLE_BITS = 53
"""Numbers of cells are whole doubles, up to 2^53."""
MOST_EXPONENT = 1000
COUNTED_TEXTS = 10_000
HASHES = 65_536
LONG = 200
"""Texts of more characters are documents: the first of them and a digest stand for the whole."""
OFTEN = 0.01
"""A value of a column with many is looked for when it has so large a share of the rows."""
ORDERED = frozenset({Kind.NUMBER, Kind.TIME})


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The label as a column to group by."""

    sql: str
    """Its name in SQL."""
    classes: tuple[str, ...]
    """Keys of its values (`gates.measure.classes`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Counts of a column's values (null and NaN left out)."""

    values: tuple[Any, ...] | None
    """The values, when counted one by one; None for cells."""
    cells: Counts
    """Of cells: their numbers, which rise with the values."""
    counts: Counts
    """Rows of each value or cell, by class, in the classes' order; the last is for rows without a label."""
    width: float = 0.0

    @property
    def totals(self) -> Counts:
        """Rows of each value or cell."""
        return np.asarray(self.counts.sum(axis=1), dtype=np.int64)


def key_sql(outline: Outline) -> str:
    """Return what stands for a value: itself, or a document's beginning and digest."""
    quoted = name(outline.column.name)
    if outline.column.kind is Kind.TIME:
        return f"CAST({quoted} AS VARCHAR)"
    if outline.column.kind is not Kind.TEXT:
        return outline.number if outline.nan or outline.infinite else quoted
    plain = as_text(outline.column)
    if outline.longest is not None and outline.longest <= LONG:
        return plain
    return f"CASE WHEN length({plain}) <= {LONG} THEN {plain} ELSE left({plain}, {LONG}) || ' ' || md5({plain}) END"


def spreads(engine: Engine, view: View, wanted: Sequence[tuple[Outline, Labels | None]]) -> dict[str, Spread]:
    """Count the values of some columns, those that can be counted, in a few queries for all of them."""
    engine = _ahead(engine, view, wanted)
    found = {outline.column.name: spread(engine, view, outline, labels) for outline, labels in wanted}
    return {column: one for column, one in found.items() if one is not None}


def _ahead(engine: Engine, view: View, wanted: Sequence[tuple[Outline, Labels | None]]) -> Engine:
    """Make the queries that `spread` begins with."""
    few = [(one, labels) for one, labels in wanted if one.column.kind is Kind.TEXT and one.valued and _few_texts(one)]
    numbers = [(one, labels) for one, labels in wanted if one.column.kind in ORDERED and one.valued and not one.short]
    for labelled in (True, False):
        counted = [_counting(view, key_sql(one), labels) for one, labels in few if bool(labels) is labelled]
        cells = [_cells(one, labels) for one, labels in numbers if bool(labels) is labelled]
        of_label = next((labels for _, labels in wanted if labels), None) if labelled else None
        engine = ahead(ahead(engine, counted), [_counting(view, cell.sql, of_label) for cell in cells if cell])
    return engine


def _few_texts(outline: Outline) -> bool:
    """Tell whether texts may be few; the number is rough, and so they are counted when it is up to twice as large."""
    return outline.about is not None and outline.about <= 2 * COUNTED_TEXTS


def spread(engine: Engine, view: View, outline: Outline, labels: Labels | None) -> Spread | None:
    """Count a column's values; None where there are too many, and no cells to sort them into."""
    if outline.column.kind is Kind.OTHER or not outline.valued:
        return None
    if outline.column.kind is Kind.TEXT:
        found = _valued(engine, view, outline, labels) if _few_texts(outline) else None
        return found if found is not None and len(found.cells) <= COUNTED_TEXTS else None
    if outline.short:
        return _valued(engine, view, outline, labels)
    celled = _celled(engine, view, outline, labels)
    if celled is not None and len(celled.cells) > COUNTED_NUMBERS:
        return celled
    few = engine.reduce(_hashing(view, key_sql(outline))).num_rows <= COUNTED_NUMBERS
    return _valued(engine, view, outline, labels) if few else celled


def _hashing(view: View, expression: str) -> str:
    """Return SQL that counts rows by hash: there are at least as many different values as hashes."""
    hashed = f"CAST(hash({expression}) & {HASHES - 1} AS INTEGER)"
    keyed = f"SELECT {hashed} AS k FROM {view.name} WHERE {expression} IS NOT NULL"  # noqa: S608 - quoted names
    return f"SELECT k, count(*) AS n FROM ({keyed}) GROUP BY k"  # noqa: S608 - as above


def _valued(engine: Engine, view: View, outline: Outline, labels: Labels | None) -> Spread:
    table = engine.reduce(_counting(view, key_sql(outline), labels))
    found = [_one_zero(value) for value in table.column("k").to_pylist()]
    values = sorted(set(found))
    lookup = {value: place for place, value in enumerate(values)}
    rows = np.array([lookup[value] for value in found], dtype=np.int64)
    return Spread(
        values=tuple(values),
        cells=np.arange(len(values)),
        counts=_crossed(rows, len(values), table, labels),
    )


def _one_zero(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    """Return 0 for -0: they are equal, and which of them stands for a group depends on the order of the rows."""
    return value + 0.0 if isinstance(value, float) else value


def _celled(engine: Engine, view: View, outline: Outline, labels: Labels | None) -> Spread | None:
    """Count by cells, where there are some."""
    grid = _cells(outline, labels)
    if grid is None:
        return None
    table = engine.reduce(_counting(view, grid.sql, labels))
    keys = array(table.column("k")).astype(np.int64)
    cells, rows = np.unique(keys, return_inverse=True)
    return Spread(
        values=None, cells=cells + grid.first, counts=_crossed(rows, len(cells), table, labels), width=grid.width
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cells:
    """Cells of equal width, and a row's cell as SQL, counted from the first one."""

    sql: str
    first: int
    width: float


def _cells(outline: Outline, labels: Labels | None) -> _Cells | None:
    """Return cells; None where the numbers lie too far apart, or too close together, for cells of doubles."""
    low, high = outline.low, outline.high
    if low is None or high is None or not math.isfinite(high - low):
        return None
    bits = CELLS_BITS - (math.ceil(math.log2(len(labels.classes))) - 1 if labels and len(labels.classes) > 1 else 0)
    largest = math.frexp(max(abs(low), abs(high)))[1]
    exponent = min(bits - math.frexp(high - low)[1] if high > low else 0, WHOLE_BITS - largest)
    if exponent > MOST_EXPONENT:
        return None
    scale = math.ldexp(1.0, exponent)
    first = math.floor(low * scale)
    cell = f"CAST(floor(({outline.number}) * {scale:.17e}) - {float(first):.17e} AS SMALLINT)"
    return _Cells(sql=cell, first=first, width=1 / scale)


def _counting(view: View, expression: str, labels: Labels | None) -> str:
    label = f", {labels.sql} AS y" if labels else ""
    keyed = f"SELECT {expression} AS k{label} FROM {view.name}"  # noqa: S608 - quoted names
    by = "k, y" if labels else "k"
    return f"SELECT {by}, count(*) AS n FROM ({keyed}) WHERE k IS NOT NULL GROUP BY {by}"  # noqa: S608 - as above


def _crossed(rows: Counts, size: int, table: Any, labels: Labels | None) -> Counts:  # noqa: ANN401 - a pyarrow Table
    counts = array(table.column("n")).astype(np.int64)
    classes = class_places(table.column("y"), labels) if labels else np.zeros(len(counts), np.int64)
    crossed = np.zeros((size, len(labels.classes) + 1 if labels else 1), dtype=np.int64)
    np.add.at(crossed, (rows, classes), counts)
    return crossed


def class_places(column: Any, labels: Labels) -> Counts:  # noqa: ANN401 - a pyarrow ChunkedArray
    """Return each row's place among the classes; one beyond them for a missing label."""
    places = {label: place for place, label in enumerate(labels.classes)}
    values, beyond = column.to_pylist(), len(labels.classes)
    lookup = {value: places.get(key(value) or "", beyond) for value in set(values) if value is not None}
    return np.array([lookup.get(value, beyond) for value in values], dtype=np.int64)


def often(engine: Engine, view: View, outline: Outline) -> tuple[Any, int] | None:
    """Return the most frequent value of a column with many, and its rows; None where none has one row in a hundred."""
    least = max(outline.valued * OFTEN, 2)
    hashed = engine.reduce(_hashing(view, key_sql(outline)))
    heavy = [row["k"] for row in hashed.to_pylist() if row["n"] >= least]
    if not heavy:
        return None
    among = f"CAST(hash({key_sql(outline)}) & {HASHES - 1} AS INTEGER) IN ({', '.join(map(str, heavy))})"
    keyed = f"SELECT {key_sql(outline)} AS k FROM {view.name} WHERE {among}"  # noqa: S608 - quoted names
    counted = f"SELECT k, count(*) AS n FROM ({keyed}) WHERE k IS NOT NULL GROUP BY k HAVING count(*) >= {least:.1f}"  # noqa: S608 - as above
    found = engine.reduce(counted).to_pylist()
    return min(((row["k"], row["n"]) for row in found), key=lambda pair: (-pair[1], pair[0]), default=None)
