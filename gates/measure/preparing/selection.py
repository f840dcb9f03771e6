"""Which columns does the view of prepared rows have, in SQL?"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gates.measure.scan.dialect import name
from gates.measure.scan.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Names and expressions of the view's columns, and what was found on the way."""

    columns: Mapping[str, str]
    joins: str = ""
    """Small tables that expressions read, as clauses."""
    classes: tuple[str, ...] = ()
    only: str | None = None
    """The label's class, where all rows have the same one."""
    scored: tuple[str, ...] = ()
    score_problems: Mapping[str, str] = field(default_factory=dict)


def query(view: View, columns: Mapping[str, str], *, joins: str = "", where: str = "") -> str:
    """Return a query in parentheses, which stands after FROM as a view does."""
    listed = ", ".join(f"{sql} AS {name(called)}" for called, sql in columns.items())
    clause = f" WHERE {where}" if where else ""
    return f"(SELECT {listed} FROM {view.name}{joins}{clause})"  # noqa: S608 - quoted
