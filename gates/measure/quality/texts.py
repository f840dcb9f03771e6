"""How long are texts, how many are blank, and how many are numbers in disguise?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gates.measure.quality.outline import Outline
from gates.measure.quality.spread import LONG, Spread
from gates.measure.scan.dialect import name, text
from gates.measure.scan.engine import Engine
from gates.measure.scan.view import Kind, View

NUMBER = r"\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*"
"""A plainly written number, to Python and to SQL alike."""
BLANK = r"\s*"
_NUMBER, _BLANK = re.compile(NUMBER, re.ASCII), re.compile(BLANK, re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """One column of texts."""

    shortest: int
    longest: int
    """Characters."""
    blank: int
    numbers: int
    """Rows of texts that are plainly written numbers."""


def texts(
    engine: Engine, view: View, outlines: Mapping[str, Outline], spreads: Mapping[str, Spread]
) -> Mapping[str, Texts]:
    """Look at all columns of texts; rows are read again only for those that were not counted value by value."""
    columns = [name_ for name_, one in outlines.items() if one.column.kind is Kind.TEXT and one.valued]
    known = {column: _of_values(spreads[column]) for column in columns if column in spreads and _whole(spreads[column])}
    others = [column for column in columns if column not in known]
    found = _of_rows(engine, view, others) if others else {}
    return {column: (known | found)[column] for column in columns}


def is_number(value: str) -> bool:
    """Tell whether a text is a plainly written number."""
    return _NUMBER.fullmatch(value) is not None


def _whole(spread: Spread) -> bool:
    return spread.values is not None and all(len(value) <= LONG for value in spread.values)


def _of_values(spread: Spread) -> Texts:
    values = spread.values or ()
    counted = list(zip(values, spread.totals.tolist(), strict=True))
    lengths = [len(value) for value in values]
    return Texts(
        shortest=min(lengths),
        longest=max(lengths),
        blank=sum(rows for value, rows in counted if _BLANK.fullmatch(value)),
        numbers=sum(rows for value, rows in counted if is_number(value)),
    )


def _of_rows(engine: Engine, view: View, columns: list[str]) -> dict[str, Texts]:
    parts = []
    for place, column in enumerate(columns):
        plain = f"CAST({name(column)} AS VARCHAR)"
        parts += [
            f"min(length({plain})) AS s{place}",
            f"max(length({plain})) AS l{place}",
            f"count(CASE WHEN regexp_full_match({plain}, {text(BLANK)}) THEN 1 END) AS b{place}",
            f"count(CASE WHEN regexp_full_match({plain}, {text(NUMBER)}) THEN 1 END) AS n{place}",
        ]
    row = engine.reduce(f"SELECT {', '.join(parts)} FROM {view.name}").to_pylist()[0]  # noqa: S608 - quoted names
    return {
        column: Texts(
            shortest=row[f"s{place}"], longest=row[f"l{place}"], blank=row[f"b{place}"], numbers=row[f"n{place}"]
        )
        for place, column in enumerate(columns)
    }
