"""How much does each row cost, by each model, in integers that can be summed in any order?"""

from dataclasses import dataclass

from gates.measure.numbers.columns import columns_of
from gates.measure.numbers.items import item_columns
from gates.measure.prepared import Prepared
from gates.measure.scan.dialect import double
from gates.metric import BINARY, ITEMS, MULTICLASS, QUANTILE, REGRESSION, TEXT

BITS = 28
"""Losses are kept in units of 2^-28 of the largest one: their squares fit into 64 bits, sums into 128."""
CLASSES = (BINARY, MULTICLASS, TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """Rows with a whole number of `unit`s for each model: loss_challenger and, with one, loss_champion."""

    view: str
    unit: float
    called: str


def losses(prepared: Prepared) -> Losses | None:
    """Return each row's loss; None for a task whose rows have none of their own."""
    if prepared.task in CLASSES:
        wrong = {who: f"CASE WHEN label = {who} THEN 0 ELSE 1 END" for who in prepared.who}
        return Losses(view=_with(prepared.view, wrong), unit=1.0, called="error rate")
    if prepared.task in (REGRESSION, QUANTILE):
        columns = columns_of(prepared)
        parts = {who: _units(columns.absolute(who)) for who in prepared.who}
        return Losses(
            view=_with(columns.rows.view, parts), unit=2.0 ** (columns.power - BITS), called="mean absolute error"
        )
    if prepared.task == ITEMS:
        columns = item_columns(prepared)
        parts = {who: _units(f"-({columns.answer(who)})") for who in prepared.who}
        view = _with(columns.rows.view, parts)
        return Losses(view=view, unit=2.0 ** (columns.power - BITS), called="lost value")
    return None


def _units(expression: str) -> str:
    return f"CAST(floor(({expression}) * {double(2.0**BITS)} + 0.5) AS BIGINT)"


def _with(view: str, parts: dict[str, str]) -> str:
    listed = ", ".join(f"{sql} AS loss_{who}" for who, sql in parts.items())
    return f"(SELECT *, {listed} FROM {view})"  # noqa: S608 - ours
