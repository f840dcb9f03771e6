"""What do formulas of numbers read? Doubles, all in one unit, so that no square is too large or too small."""

from dataclasses import dataclass, replace

from gates.measure.numbers.exact import power_of, scaled, sizes
from gates.measure.prepared import Prepared
from gates.measure.scan.dialect import double
from gates.measure.unusable import UnusableError

LARGEST = 1.7976931348623157e308
SMALLEST = -1000
"""Columns are multiplied by no more than two to minus this, which a double can still say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Rows with all numbers divided by two to `power`, and with the errors of each model."""

    rows: Prepared
    """Has columns `x_label`, `x_challenger`, ... and, with a label, `e_challenger`, ...: answer minus label."""
    power: int

    label = "x_label"
    naive = "x_naive"
    """The label of one season earlier, where it is looked up."""

    @property
    def who(self) -> tuple[str, ...]:
        """The models that answered."""
        return self.rows.who

    def answer(self, who: str) -> str:
        """Return what a model answered."""
        return f"x_{who}"

    def error(self, who: str) -> str:
        """Return the answer minus the label."""
        return f"e_{who}"

    def absolute(self, who: str) -> str:
        """Return the distance of the answer from the label."""
        return f"abs(e_{who})"

    def square(self, who: str) -> str:
        """Return the squared distance of the answer from the label."""
        return f"e_{who} * e_{who}"

    def distance(self, constant: float) -> str:
        """Return the distance of the label from a number that is in the columns' unit."""
        return f"abs({self.label} - {double(constant)})"


def columns_of(prepared: Prepared, others: tuple[str, ...] = ("label",)) -> Columns:
    """Return the columns in a common unit: answers, and others such as `label`.

    Raises `UnusableError` for numbers that are infinite.
    """
    named = {column: f"CAST({column} AS DOUBLE)" for column in (*others, *prepared.who)}
    largest = sizes(prepared.engine, prepared.view, named.values())
    for column, sql in named.items():
        if not largest[sql] <= LARGEST:
            raise UnusableError(f"the {column} is infinite or no number in some rows.")
    power = max(power_of(max(largest.values())), SMALLEST)
    view = _with(prepared.view, {f"x_{column}": scaled(sql, -power) for column, sql in named.items()})
    if "label" in others:
        view = _with(view, {f"e_{who}": f"x_{who} - x_label" for who in prepared.who})
    return Columns(rows=replace(prepared, view=view), power=power)


def _with(view: str, columns: dict[str, str]) -> str:
    listed = ", ".join(f"{sql} AS {called}" for called, sql in columns.items())
    return f"(SELECT *, {listed} FROM {view})"  # noqa: S608 - ours
