"""Which columns are numbers, how are they written in SQL, and how far do they reach?"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gates.measure.scan.dialect import microseconds, name
from gates.measure.scan.engine import Column, Engine, Kind, View
from gates.measure.scan.extents import FLOATS, extents
from gates.measure.scan.kinds import WHOLE

EXACT = 2**53
"""Whole numbers up to this one are doubles."""
LARGEST = "CAST('1.7976931348623157e308' AS DOUBLE)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The least and the largest finite value of a column; None without any."""

    low: int | float | None
    high: int | float | None
    infinite: tuple[int, int] = (0, 0)
    """How many values are minus and plus infinity."""


def numeric(column: Column) -> str | None:
    """Return a column as a SQL number; None for what is no number.

    Integers stay whole (HUGEINT), times are microseconds, all others are doubles.
    """
    if column.kind is Kind.TIME:
        return f"CAST({microseconds(name(column.name))} AS HUGEINT)"
    if column.kind is not Kind.NUMBER:
        return None
    return f"CAST({name(column.name)} AS {'HUGEINT' if whole_numbers(column) else 'DOUBLE'})"


def whole_numbers(column: Column) -> bool:
    """Are a column's values whole and within 128 bits?"""
    return column.kind is Kind.TIME or (column.integer and column.type != "UHUGEINT")


def counted_from(column: Column, origin: int) -> str:
    """Return a column's numbers as SQL doubles, counted from an origin; NULL where missing."""
    if origin:
        return f"CAST({numeric(column)} - CAST({origin} AS HUGEINT) AS DOUBLE)"
    quoted = name(column.name)
    if column.kind is Kind.TIME:
        return f"CAST({microseconds(name(column.name))} AS DOUBLE)"
    return quoted if column.type == "DOUBLE" else f"CAST({quoted} AS DOUBLE)"


def origin_of(columns: Sequence[Column], reaches: Sequence[Reach]) -> int:
    """Return what whole numbers beyond 2^53 are counted from, on all sides, so that doubles keep them apart."""
    ends = [end for reach in reaches for end in (reach.low, reach.high) if end is not None]
    if not all(whole_numbers(column) for column in columns) or all(abs(end) <= EXACT for end in ends):
        return 0
    return int(min(ends))


def reaches(engine: Engine, view: View, columns: Sequence[Column]) -> Mapping[str, Reach]:
    """Return how far numbers reach: from the footers of Parquet files where they say it, else by one scan."""
    known = _from_footers(engine, view, [column for column in columns if column.type in WHOLE | FLOATS])
    return {**known, **_scanned(engine, view, [column for column in columns if column.name not in known])}


def _from_footers(engine: Engine, view: View, columns: Sequence[Column]) -> dict[str, Reach]:
    if not view.files or not columns:
        return {}
    found = extents(engine, view, [column.name for column in columns])
    return {
        called: Reach(low=extent.minimum, high=extent.maximum)
        for called, extent in found.items()
        if extent.minimum is None or (math.isfinite(extent.minimum) and math.isfinite(extent.maximum))
    }


def _scanned(engine: Engine, view: View, columns: Sequence[Column]) -> dict[str, Reach]:
    if not columns:
        return {}
    asked = [part for place, column in enumerate(columns) for part in _ends(place, column)]
    row: dict[str, Any] = engine.reduce(f"SELECT {', '.join(asked)} FROM {view.name}").to_pylist()[0]  # noqa: S608 - quoted
    return {
        column.name: Reach(
            low=row[f"low_{place}"],
            high=row[f"high_{place}"],
            infinite=(row.get(f"below_{place}", 0), row.get(f"above_{place}", 0)),
        )
        for place, column in enumerate(columns)
    }


def _ends(place: int, column: Column) -> tuple[str, ...]:
    number = str(numeric(column))
    if whole_numbers(column):
        return f"min({number}) AS low_{place}", f"max({number}) AS high_{place}"
    finite = f"CASE WHEN abs({number}) <= {LARGEST} THEN {number} END"
    return (
        f"min({finite}) AS low_{place}",
        f"max({finite}) AS high_{place}",
        f"count(CASE WHEN {number} < -{LARGEST} THEN 1 END) AS below_{place}",
        f"count(CASE WHEN {number} > {LARGEST} AND NOT isnan({number}) THEN 1 END) AS above_{place}",
    )
