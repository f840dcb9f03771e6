"""Which categories does a column of texts have, and how often each, though there may be millions of them?"""

from typing import Any

from gates.measure.drift.side import DIGITS, Categories
from gates.measure.scan.dialect import name
from gates.measure.scan.engine import Column, Engine, View

MOST = 20_000
"""Categories of a column; with more, its values are counted in buckets."""
FIRST = 100_000
"""Rows that are looked at first where there are many more: if these have too many categories, then all have."""


def categories(engine: Engine, view: View, column: Column) -> Categories:
    """Count a column's categories, or buckets of them where there are too many."""
    if not _many_at_first(engine, view, column):
        table = engine.reduce(_grouped(view, _text(column), most=MOST + 1))
        if table.num_rows <= MOST:
            return _of(table, bucketed=False)
    bucket = f"substr(md5(CAST({name(column.name)} AS VARCHAR)), 1, {DIGITS})"
    return _of(engine.reduce(_grouped(view, bucket, most=16**DIGITS + 1)), bucketed=True)


def first_queries(view: View, column: Column) -> list[str]:
    """Return the query that `categories` begins with, where it is sure to."""
    return [_grouped(view, _text(column), most=MOST + 1)] if _looks_at_all(view) else []


def _text(column: Column) -> str:
    return f"CAST({name(column.name)} AS VARCHAR)"


def _looks_at_all(view: View) -> bool:
    return view.rows <= 10 * FIRST


def _many_at_first(engine: Engine, view: View, column: Column) -> bool:
    """Do the first rows show too many? Which rows are first hangs on their order, the answer in the end does not."""
    if _looks_at_all(view):
        return False
    first = f"SELECT {name(column.name)} AS value FROM {view.name} LIMIT {FIRST}"  # noqa: S608 - quoted
    found = engine.reduce(f"SELECT count(DISTINCT value) AS texts FROM ({first})").to_pylist()[0]["texts"]  # noqa: S608 - ours
    return int(found) > MOST


def _grouped(view: View, value: str, *, most: int) -> str:
    rows = f"SELECT {value} AS value, count(*) AS rows FROM {view.name} GROUP BY 1"  # noqa: S608 - quoted
    return f"SELECT value, rows FROM ({rows}) WHERE value IS NOT NULL LIMIT {most}"  # noqa: S608 - quoted


def _of(table: Any, *, bucketed: bool) -> Categories:  # noqa: ANN401 - an Arrow table
    return Categories(
        names=tuple(table["value"].to_pylist()),
        counts=tuple(int(rows) for rows in table["rows"].to_pylist()),
        bucketed=bucketed,
    )
