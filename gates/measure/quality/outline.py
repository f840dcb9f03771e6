"""How many values has each column, and between which bounds do they lie? Read where a file's footer says so.

Footers do not tell of NaN, and hide infinities of some writers: `outlines` scans the floating columns once, and takes
the means on the way. A mean's sum is of whole multiples of a power of two, as integers: the same whatever the order.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from gates.measure.scan.dialect import microseconds, name, nearest
from gates.measure.scan.engine import Engine
from gates.measure.scan.extents import FLOATS, extents
from gates.measure.scan.kinds import WHOLE
from gates.measure.scan.view import Column, Kind, View

SUMMED_BITS = 62
"""Integers of 64 bits, with a sign, hold sums below 2^62."""
EXACT_BITS = 52
"""Each number is rounded to at most so many bits, behind those of the largest."""
LARGEST_EXPONENT = 1000
COUNTED_NUMBERS = 1_000
"""Up to so many different numbers are counted one by one."""
PLAIN = FLOATS | WHOLE - {"HUGEINT", "UHUGEINT"}
"""Numbers whose bounds are the same wherever they are read."""
AT_ONCE = 100
"""Columns of one query."""

Of = TypeVar("Of")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What is known of a column before its values are counted."""

    column: Column
    valued: int
    """Rows that are neither null nor NaN."""
    nulls: int
    nan: int = 0
    infinite: int = 0
    low: float | None = None
    high: float | None = None
    """Of the finite numbers; of times, microseconds since 1970; None where there are none, and for texts."""
    said_low: str | None = None
    said_high: str | None = None
    """Of times, as text."""
    mean: float | None = None
    zeros: int | None = None
    longest: int | None = None
    """Characters of the longest text."""
    about: int | None = None
    """Roughly how many different texts there are."""

    @property
    def short(self) -> bool:
        """Whether whole numbers or truth values lie so close together that there can be only a few: no NaN, then."""
        whole = self.column.integer or self.column.kind is Kind.TRUTH
        return whole and self.low is not None and self.high is not None and self.high - self.low < COUNTED_NUMBERS

    @property
    def number(self) -> str:
        """The column's finite numbers as an SQL expression of doubles; null for everything else."""
        plain = as_number(self.column)
        return f"CASE WHEN isfinite({plain}) THEN {plain} END" if self.nan or self.infinite else plain


def as_number(column: Column) -> str:
    """Return a number, truth value or time as a double; of times, microseconds since 1970."""
    quoted = name(column.name)
    if column.kind is Kind.TIME:
        return f"CAST({microseconds(quoted)} AS DOUBLE)"
    if column.kind is Kind.TRUTH:
        return f"CAST(CAST({quoted} AS INTEGER) AS DOUBLE)"
    return quoted if column.type == "DOUBLE" else f"CAST({quoted} AS DOUBLE)"


def as_text(column: Column) -> str:
    """Return a text of any type as VARCHAR."""
    quoted = name(column.name)
    return quoted if column.type == "VARCHAR" else f"CAST({quoted} AS VARCHAR)"


def outlines(engine: Engine, view: View, *, means: bool = True) -> Mapping[str, Outline]:
    """Return each column's outline, with means and numbers of zeros if they are wanted."""
    plain = [column for column in view.columns.values() if column.type in PLAIN]
    found: dict[str, Outline] = {}
    for some in _parts(tuple(plain)):
        found |= {outline.column.name: outline for outline in _extended(engine, view, some)}
    for some in _parts(tuple(column for column in view.columns.values() if column.type not in PLAIN)):
        found |= {outline.column.name: outline for outline in _bounds(engine, view, some)}
    for one in (_with_means if means else _without_means)(engine, view, found):
        found[one.column.name] = one
    return {column: found[column] for column in view.columns}


def _extended(engine: Engine, view: View, columns: tuple[Column, ...]) -> Iterator[Outline]:
    """Yield outlines of plain numbers, which Parquet files know."""
    known = extents(engine, view, [column.name for column in columns])
    for column in columns:
        extent = known[column.name]
        low, high = (None if end is None else float(end) for end in (extent.minimum, extent.maximum))
        yield Outline(column=column, valued=view.rows - extent.missing, nulls=extent.missing, low=low, high=high)


def _bounds(engine: Engine, view: View, columns: tuple[Column, ...]) -> Iterator[Outline]:
    parts: list[str] = []
    for place, column in enumerate(columns):
        quoted = name(column.name)
        parts.append(f"count({quoted}) AS n{place}")
        if _bounded(column):
            parts += [f"min({quoted}) AS l{place}", f"max({quoted}) AS h{place}"]
        if column.kind is Kind.TEXT:
            parts += [f"max(length({as_text(column)})) AS m{place}", f"approx_count_distinct({quoted}) AS d{place}"]
    inner = f"SELECT {', '.join(parts)} FROM {view.name}"  # noqa: S608 - quoted names
    outer = [f"n{place}" for place in range(len(columns))]
    for place, column in enumerate(columns):
        outer += _said(column, place)
    row = _row(engine, f"SELECT {', '.join(outer)} FROM ({inner})")  # noqa: S608 - as above
    for place, column in enumerate(columns):
        yield Outline(
            column=column,
            valued=row[f"n{place}"],
            nulls=view.rows - row[f"n{place}"],
            low=row.get(f"a{place}"),
            high=row.get(f"b{place}"),
            said_low=row.get(f"s{place}"),
            said_high=row.get(f"t{place}"),
            longest=row.get(f"m{place}"),
            about=row.get(f"d{place}"),
        )


def _bounded(column: Column) -> bool:
    """Tell whether there are bounds; of floats, NaN would be the largest."""
    return column.kind in {Kind.NUMBER, Kind.TRUTH, Kind.TIME} and column.type not in FLOATS


def _said(column: Column, place: int) -> list[str]:
    """Return what is selected of one column's bounds."""
    if column.kind is Kind.TEXT:
        return [f"m{place}", f"d{place}"]
    if not _bounded(column):
        return []
    low, high = (as_number(replace(column, name=f"{end}{place}")) for end in "lh")
    bounds = [f"{low} AS a{place}", f"{high} AS b{place}"]
    if column.kind is Kind.TIME:
        bounds += [f"CAST(l{place} AS VARCHAR) AS s{place}", f"CAST(h{place} AS VARCHAR) AS t{place}"]
    return bounds


def _with_means(engine: Engine, view: View, found: Mapping[str, Outline]) -> Iterator[Outline]:
    numeric = [one for one in found.values() if one.column.kind is Kind.NUMBER and one.valued and not one.short]
    for some in _parts(tuple(numeric)):
        summed = list(_means(engine, view, some))
        odd = tuple(one for one in summed if one.mean is None)
        yield from (one for one in summed if one.mean is not None)
        if odd:
            yield from _means(engine, view, tuple(_odd(engine, view, odd)))


def _without_means(engine: Engine, view: View, found: Mapping[str, Outline]) -> Iterator[Outline]:
    """Look for what is not finite: a sum is not either, then; of others, that it overflows is no harm."""
    floats = [one for one in found.values() if one.column.type in FLOATS and one.valued]
    for some in _parts(tuple(floats)):
        summed = ", ".join(f"sum({as_number(one.column)}) AS a{place}" for place, one in enumerate(some))
        row = _row(engine, f"SELECT {summed} FROM {view.name}")  # noqa: S608 - quoted names
        odd = tuple(one for place, one in enumerate(some) if not math.isfinite(row[f"a{place}"]))
        if odd:
            yield from _odd(engine, view, odd)


def _means(engine: Engine, view: View, some: tuple[Outline, ...]) -> Iterator[Outline]:
    """Sum whole multiples of a step; what is not finite has none, and is missed when they are counted."""
    bits = min(EXACT_BITS, SUMMED_BITS - max(view.rows, 1).bit_length())
    parts = []
    for place, one in enumerate(some):
        steps = nearest(f"({one.number}) * {_power(_exponent(one, bits))}")
        parts += [f"sum({steps}) AS a{place}", f"count({steps}) AS n{place}", f"{_zeros(one)} AS z{place}"]
    row = _row(engine, f"SELECT {', '.join(parts)} FROM {view.name}")  # noqa: S608 - quoted names
    for place, one in enumerate(some):
        finite = one.valued - one.infinite
        if not finite:
            yield replace(one, mean=None, zeros=0)
        elif row[f"n{place}"] == finite:
            mean = math.ldexp(int(row[f"a{place}"]) / finite, -_exponent(one, bits))
            yield replace(one, mean=mean, zeros=row[f"z{place}"])
        else:
            yield replace(one, mean=None)


def _zeros(one: Outline) -> str:
    """Count zeros where there can be any."""
    above = one.low is not None and one.low > 0
    below = one.high is not None and one.high < 0
    return "0" if above or below else f"count_if({one.number} = 0)"


def _exponent(one: Outline, bits: int) -> int:
    """Return the power of two by which the largest number is scaled to just below 2^bits."""
    if one.low is None or one.high is None:
        return 0
    largest = max(abs(one.low), abs(one.high))
    if not math.isfinite(largest) or not largest:
        return 0
    return bits - math.frexp(largest)[1]


def _power(exponent: int) -> str:
    """Return a power of two as SQL; as two of them where it is no double."""
    if exponent <= LARGEST_EXPONENT:
        return f"{2.0**exponent:.17e}"
    return f"{2.0**LARGEST_EXPONENT:.17e} * {2.0 ** (exponent - LARGEST_EXPONENT):.17e}"


def _odd(engine: Engine, view: View, some: tuple[Outline, ...]) -> Iterator[Outline]:
    """Count what is not finite, and look for the bounds of the rest.

    NaN is what is neither finite nor infinite: DuckDB 2.0 takes a footer's word for it that `isnan` is nowhere true.
    """
    parts = []
    for place, one in enumerate(some):
        plain = as_number(one.column)
        finite = f"CASE WHEN isfinite({plain}) THEN {plain} END"
        parts += [
            f"count({finite}) AS n{place}",
            f"count(CASE WHEN isinf({plain}) THEN 1 END) AS i{place}",
            f"min({finite}) AS a{place}",
            f"max({finite}) AS b{place}",
        ]
    row = _row(engine, f"SELECT {', '.join(parts)} FROM {view.name}")  # noqa: S608 - quoted names
    for place, one in enumerate(some):
        yield replace(
            one,
            valued=row[f"n{place}"] + row[f"i{place}"],
            nan=one.valued - row[f"n{place}"] - row[f"i{place}"],
            infinite=row[f"i{place}"],
            low=row[f"a{place}"],
            high=row[f"b{place}"],
        )


def _parts(of: tuple[Of, ...]) -> Iterator[tuple[Of, ...]]:
    """Cut into parts of one query's size."""
    return (of[start : start + AT_ONCE] for start in range(0, len(of), AT_ONCE))


def _row(engine: Engine, query: str) -> dict[str, Any]:
    """Return a query's only row."""
    rows: list[dict[str, Any]] = engine.reduce(query).to_pylist()
    return rows[0]
