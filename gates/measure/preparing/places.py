"""Which classes does a column hold, and how does SQL tell a row's place among them?

Engines compare values of one type; `gates.measure.classes` says which values of different types are one class. So the
few different values of a column are fetched as text, keyed here, and written back into SQL as literals of its type.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gates.measure.classes import joined, key
from gates.measure.preparing.profile import Counted, totals
from gates.measure.scan.dialect import name, text
from gates.measure.scan.engine import Engine
from gates.measure.scan.view import Column, Kind, View
from gates.measure.unusable import UnusableError

MOST_CLASSES = 500
GLANCE = 50_000
"""Rows in which more than `MOST_VALUES` different values end the search, before all rows are grouped."""
MOST_VALUES = 10_000
INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "INT", "BIGINT")
FEW = 8
"""So many values are told apart row by row; more are looked up in a table, which costs the same for any number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The different values of a column, in the rows that count."""

    column: Column
    keys: Mapping[str, str]
    """Value as the engine writes it, and its class."""
    missing: int

    @property
    def names(self) -> list[str]:
        """The classes, sorted."""
        return joined(list(self.keys.values()))


def held_by(engine: Engine, view: View, rows: Counted, column: Column, part: str) -> Held:
    """Return a column's classes; raises `UnusableError` when it has too many to be classes."""
    _glance(engine, view, rows, column, part)
    query = f"SELECT CAST({name(column.name)} AS VARCHAR) AS value, count(*) AS rows FROM {view.name}{rows.filter}"  # noqa: S608 - quoted
    found = {row["value"]: row["rows"] for row in engine.reduce(f"{query} GROUP BY 1").to_pylist()}
    keyed = {value: _key(value, column) for value in found}
    keys = {value: some for value, some in keyed.items() if some is not None}
    if (many := len(set(keys.values()))) > MOST_CLASSES:
        raise UnusableError(f"{part} has {many:,} classes{_what_to_try(column)}")
    return Held(column=column, keys=keys, missing=sum(found[value] for value in found if keyed[value] is None))


def _glance(engine: Engine, view: View, rows: Counted, column: Column, part: str) -> None:
    few = f"(SELECT {name(column.name)} AS value FROM {view.name}{rows.filter} LIMIT {GLANCE})"  # noqa: S608 - quoted
    if totals(engine, few, "", {"many": "count(DISTINCT value)"})["many"] > MOST_VALUES:
        raise UnusableError(f"{part} has more than {MOST_CLASSES:,} classes{_what_to_try(column)}")


def _what_to_try(column: Column) -> str:
    if column.kind is Kind.TEXT:
        return f"; at most {MOST_CLASSES:,} are told apart: put rare ones together."
    return "; is this a regression?"


def _key(value: str | None, column: Column) -> str | None:
    if value is None or (column.kind is Kind.NUMBER and value.lower() == "nan"):
        return None
    return key(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A row's place among classes, in SQL, and the table to join for it (empty for none)."""

    expression: str
    join: str = ""


def placed(held: Held, places: Mapping[str, int], alias: str) -> Placed:
    """Return the place of a column's class, for rows that have one; `alias` names the table joined, if there is one."""
    of = {value: places[some] for value, some in held.keys.items()}
    if held.column.type.upper() in INTEGERS and all(int(value) == place for value, place in of.items()):
        return Placed(expression=name(held.column.name))
    if len(of) <= FEW:
        return Placed(expression=_cases(held.column, of))
    rows = ", ".join(f"({_literal(value, held.column)}, {place})" for value, place in sorted(of.items()))
    table = f"(VALUES {rows}) AS {alias}({alias}_value, {alias}_place)"
    return Placed(expression=f"{alias}_place", join=f" LEFT JOIN {table} ON {_compared(held.column)} = {alias}_value")


def _cases(column: Column, of: Mapping[str, int]) -> str:
    """Return the place by comparing; the last place needs no comparison, for there are no other values."""
    *most, last = sorted(set(of.values()), reverse=True)
    if not most:
        return str(last)
    return f"CASE {' '.join(_when(column, of, place) for place in most)} ELSE {last} END"


def _when(column: Column, of: Mapping[str, int], place: int) -> str:
    values = ", ".join(_literal(value, column) for value in sorted(of) if of[value] == place)
    return f"WHEN {_compared(column)} IN ({values}) THEN {place}"


def _literal(value: str, column: Column) -> str:
    return text(value) if column.kind is Kind.TEXT else f"CAST({text(value)} AS {column.type})"


def _compared(column: Column) -> str:
    plain = column.kind is not Kind.TEXT or column.type.upper() in {"VARCHAR", "STRING"}
    return name(column.name) if plain else f"CAST({name(column.name)} AS VARCHAR)"


def largest(columns: Sequence[str], places: Sequence[int]) -> str:
    """Return the place that belongs to the largest of several SQL numbers, the first of equals."""
    most = f"greatest({', '.join(columns)})" if columns[1:] else columns[0]
    whens = (f"WHEN {column} = {most} THEN {place}" for column, place in zip(columns, places, strict=True))
    return f"CASE {' '.join(whens)} END"
