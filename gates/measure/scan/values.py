"""Which values does a column have, and how often each?"""

from dataclasses import dataclass
from typing import Any

from gates.measure.scan.dialect import name
from gates.measure.scan.engine import Engine
from gates.measure.scan.view import View
from gates.measure.unusable import UnusableError


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A value and how many rows have it; None for the missing ones."""

    value: Any
    """As Arrow gives it to Python."""
    rows: int


def values_of(engine: Engine, view: View, column: str, *, most: int) -> tuple[Counted, ...]:
    """Return a column's values in the engine's order, the missing one last.

    Raises `UserError` where there is no such column of single values, and `UnusableError` where it has more than
    `most` values. NaN counts as a value, and -0.0 as 0.0.
    """
    found = view.plain(column)
    value = f"{name(column)} + 0.0" if found.type in {"FLOAT", "DOUBLE"} else name(column)
    query = f"SELECT {value} AS value, count(*) AS n FROM {view.name} GROUP BY 1 LIMIT {most + 1}"  # noqa: S608 - quoted
    table = engine.reduce(query)
    if table.num_rows > most:
        raise UnusableError(f"{column} has more than {most:,} different values.")
    return tuple(Counted(value=row["value"], rows=row["n"]) for row in table.to_pylist())
