"""Which labels, or which tags, does a column tell of each row?"""

from dataclasses import dataclass

from gates.measure.scan.dialect import name
from gates.measure.scan.engine import Engine
from gates.measure.scan.view import Column, Kind, View
from gates.measure.tagged.lists import is_list, size, split, texts
from gates.measure.unusable import UnusableError
from gates.metric import ENTITIES

SEPARATORS = ("|", ";", ",")
"""Tried in this order where nobody says which one separates the labels of a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Columns of lists in SQL, by `label`, `challenger` and, with a champion, `champion`, and how they were read."""

    lists: dict[str, str]
    note: str = ""


def told(engine: Engine, view: View, columns: dict[str, Column], task: str, separator: str) -> Told:
    """Return how to read lists; raises `UnusableError` for columns that hold neither lists nor texts."""
    for who, column in columns.items():
        if column.type.strip('"') == "NULL":
            raise UnusableError(f"the {who} ({column.name}) has no value in any row.")
        if column.kind is not Kind.TEXT and not is_list(column.type):
            raise UnusableError(f"the {who} ({column.name}) holds {column.type}, neither lists nor texts.")
    plain = [column for column in columns.values() if column.kind is Kind.TEXT]
    chosen = separator or (" " if task == ENTITIES else _separator(engine, view, plain))
    lists = {who: _list(column, chosen) for who, column in columns.items()}
    note = f"Texts are lists separated by {chosen!r}." if plain and not separator else ""
    return Told(lists=lists, note=note)


def _list(column: Column, separator: str) -> str:
    return split(name(column.name), separator) if column.kind is Kind.TEXT else texts(name(column.name))


def _separator(engine: Engine, view: View, columns: list[Column]) -> str:
    """Return the first separator that occurs anywhere."""
    if not columns:
        return SEPARATORS[0]
    asked = ", ".join(
        f"max(CASE WHEN {' OR '.join(_has(column, separator) for column in columns)} THEN 1 ELSE 0 END) AS s{at}"
        for at, separator in enumerate(SEPARATORS)
    )
    found = engine.reduce(f"SELECT {asked} FROM {view.name}").to_pylist()[0]  # noqa: S608 - quoted
    return next((separator for at, separator in enumerate(SEPARATORS) if found[f"s{at}"]), SEPARATORS[0])


def _has(column: Column, separator: str) -> str:
    return f"coalesce({name(column.name)} LIKE '%{separator}%', FALSE)"


def lengths_differ(first: str, second: str) -> str:
    """Tell whether two lists have different lengths."""
    return f"({size(first)} <> {size(second)})"
