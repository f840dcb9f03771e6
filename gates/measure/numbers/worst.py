"""Which items became worse, by id? Not for whoever trains: held-out items that are known by id wear out fastest."""

from gates.answer_facts import WorstItem
from gates.measure.preparing.asked import Asked
from gates.measure.preparing.columns import finite, number, numeric
from gates.measure.rounding import rounded
from gates.measure.scan.dialect import name
from gates.measure.scan.engine import Engine
from gates.measure.scan.view import Column, View
from gates.measure.unusable import UnusableError

MOST = 1000


def worst_items(engine: Engine, view: View, asked: Asked, *, most: int = 20) -> tuple[WorstItem, ...]:
    """Return the items that lost most with the challenger, worst first, ties by id; none that did not lose.

    Raises `UserError` for a column that is not there, and `UnusableError` where id or champion is not said.
    """
    if asked.id is None:
        raise UnusableError("items cannot be named: no column of ids was given.")
    if asked.champion is None:
        raise UnusableError("there is no champion, so no item can have changed.")
    both = {who: _numbers(view, answer.score or answer.prediction, who) for who, answer in asked.models}
    there = " AND ".join(finite(column) for column in both.values())
    read = ", ".join(f"{number(column)} AS {who}" for who, column in both.items())
    called = f"CAST({name(view.plain(asked.id).name)} AS VARCHAR) AS id"
    items = f"(SELECT {called}, {read} FROM {view.name} WHERE {there})"  # noqa: S608 - quoted
    lost = f"SELECT challenger - champion AS lost, * FROM {items} WHERE challenger < champion"  # noqa: S608 - ours
    rows = engine.reduce(f"{lost} ORDER BY lost, id, challenger LIMIT {min(most, MOST)}").to_pylist()
    return tuple(
        WorstItem(id=str(row["id"]), challenger=_kept(row["challenger"]), champion=_kept(row["champion"]))
        for row in rows
    )


def _numbers(view: View, called: str | None, who: str) -> Column:
    if called is None:
        raise UnusableError(f"the {who} has no column of numbers.")
    return numeric(view.column(called), f"the {who}'s number ({called})")


def _kept(value: float) -> float:
    return rounded(value) or 0.0
