"""How many rows count, and what numbers stand in the columns? One scan for all of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gates.measure.prepared import LeftOut
from gates.measure.preparing.asked import Asked
from gates.measure.preparing.columns import finite, number, present
from gates.measure.scan.dialect import name
from gates.measure.scan.engine import Engine
from gates.measure.scan.view import Column, View
from gates.measure.unusable import UnusableError


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What numbers stand in one column, of the rows that count."""

    missing: int
    """Rows without a value."""
    infinite: int
    low: float
    high: float
    fractions: int
    """Rows whose number is not whole."""

    @property
    def unusable(self) -> int:
        """Rows without a number that can be reckoned with: an infinite one is no more an answer than none."""
        return self.missing + self.infinite

    @property
    def probable(self) -> bool:
        """Are all of them from 0 to 1?"""
        return self.low >= 0 and self.high <= 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The rows that count, as a condition in SQL."""

    where: str
    """Empty when all rows count."""
    rows: int
    left_out: tuple[LeftOut, ...]

    @property
    def filter(self) -> str:
        """The condition as a clause."""
        return f" WHERE {self.where}" if self.where else ""


def counted(engine: Engine, view: View, asked: Asked, *, forecast: bool) -> Counted:
    """Count the rows that have a label and all else that a row needs to count, such as a cluster.

    Of a forecast, rows that no model answered for are the past that it looks back on.
    """
    if view.rows == 0:
        raise UnusableError("the data have no rows.")
    kept = view.rows
    wheres: list[str] = []
    left_out: list[LeftOut] = []
    for part, condition in _needed(view, asked, forecast=forecast).items():
        tried = [*wheres, condition]
        rows = totals(engine, view.name, " AND ".join(tried), {"rows": "count(*)"})["rows"]
        if rows == 0:
            raise UnusableError(f"no row has a value in {part}.")
        if rows < kept:
            left_out.append(LeftOut(reason=f"no value in {part}", rows=kept - rows))
            wheres, kept = tried, rows
    return Counted(where=" AND ".join(wheres), rows=kept, left_out=tuple(left_out))


def _needed(view: View, asked: Asked, *, forecast: bool) -> dict[str, str]:
    """Return what every row must have: what to call it, and SQL that is true where it is there."""
    parts = {"label": asked.label, "cluster": asked.cluster, **asked.carried}
    needed = {f"the {part} {called}": present(view.column(called)) for part, called in parts.items() if called}
    answers = [answer.prediction for _, answer in asked.models if answer.prediction]
    if forecast and answers:
        answered = " OR ".join(present(view.column(called)) for called in answers)
        needed["any model's answer"] = f"({answered})"
    return needed


def ranges(engine: Engine, view: View, rows: Counted, columns: Iterable[Column]) -> dict[str, Range]:
    """Return what numbers stand in columns, by their names, in one scan."""
    known = {column.name: column for column in columns}
    asked = {f"{part}_{at}": sql for at, column in enumerate(known.values()) for part, sql in _range(column).items()}
    found = totals(engine, view.name, rows.where, asked) if known else {}
    return {
        called: Range(**{part: found[f"{part}_{at}"] for part in ("missing", "infinite", "low", "high", "fractions")})
        for at, called in enumerate(known)
    }


def _range(column: Column) -> Mapping[str, str]:
    value, there, whole = number(column), present(column), f"floor({number(column)}) = {number(column)}"
    return {
        "missing": f"count_if(NOT {there})",
        "infinite": f"count_if({there} AND NOT {finite(column)})",
        "low": f"coalesce(min(CASE WHEN {there} THEN {value} END), 0.0)",
        "high": f"coalesce(max(CASE WHEN {there} THEN {value} END), 0.0)",
        "fractions": f"count_if({there} AND NOT {whole})",
    }


def totals(engine: Engine, view: str, where: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return aggregates of all rows that meet a condition, by name."""
    listed = ", ".join(f"{sql} AS {name(called)}" for called, sql in asked.items())
    clause = f" WHERE {where}" if where else ""
    row = engine.reduce(f"SELECT {listed} FROM {view}{clause}").to_pylist()[0]  # noqa: S608 - quoted
    return {called: int(value) if not isinstance(value, float) else value for called, value in row.items()}
