"""Does one model give probabilities of the classes, and are they probabilities?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gates.measure.preparing.answers import ANSWER_THEM, Answered
from gates.measure.preparing.columns import number, numeric
from gates.measure.preparing.profile import totals
from gates.measure.scan.view import Column
from gates.measure.unusable import UnusableError
from gates.wording import count, listed

SUM_TOLERANCE = 1e-3
"""Probabilities of one row sum to one within this; models answer in single precision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Columns of the view, in SQL, and what is wrong with them; scores that are no probabilities can still rank."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """`score`, or `score_0`, `score_1`, ..., without the model's name."""
    problem: str = ""


def binary_scores(model: Answered, positive: str) -> Scored:
    """Return the column of the positive class's probability."""
    try:
        column = model.score(positive)
        return Scored(problem=_none(model)) if column is None else _one(model, column)
    except UnusableError as error:
        return Scored(problem=str(error))


def _one(model: Answered, column: Column) -> Scored:
    found = model.range(numeric(column, model.part(column)))
    if found.unusable:
        return Scored(problem=_missing(model, found.unusable))
    return Scored(columns={"score": number(column)}, problem="" if found.probable else _outside(model))


def class_scores(model: Answered, classes: Sequence[str], labelled: Sequence[str]) -> Scored:
    """Return a column for each class; one that the label never has may be left out, and is impossible then."""
    try:
        columns = {of: numeric(column, model.part(column)) for of, column in model.scores.items()}
    except UnusableError as error:
        return Scored(problem=str(error))
    if not columns:
        return Scored(problem=_none(model))
    if absent := tuple(name for name in labelled if name not in columns):
        told = f"gives no probability of {listed(absent)} (no column score_{absent[0]})"
        return Scored(problem=f"the {model.called} {told}.")
    return _several(model, {name: columns[name] for name in classes if name in columns}, classes)


def _several(model: Answered, columns: Mapping[str, Column], classes: Sequence[str]) -> Scored:
    found = [model.range(column) for column in columns.values()]
    if missing := max(some.unusable for some in found):
        return Scored(problem=_missing(model, missing))
    sql = {name: number(column) for name, column in columns.items()}
    problem = _outside(model) if not all(some.probable for some in found) else _sum(model, list(sql.values()))
    zero = "CAST(0 AS DOUBLE)"
    return Scored(columns={f"score_{at}": sql.get(name, zero) for at, name in enumerate(classes)}, problem=problem)


def _sum(model: Answered, columns: Sequence[str]) -> str:
    away = f"max(abs({' + '.join(columns)} - 1))"
    if totals(model.engine, model.view.name, model.rows.where, {"away": away})["away"] <= SUM_TOLERANCE:
        return ""
    return f"the {model.called}'s scores are no probabilities of all classes: some rows do not sum to 1."


def _none(model: Answered) -> str:
    return f"the {model.called} gives no probabilities (no column score)."


def _missing(model: Answered, rows: int) -> str:
    return f"the {model.called} gave no probability for {count(rows, 'labelled row')}{ANSWER_THEM}"


def _outside(model: Answered) -> str:
    return f"the {model.called}'s scores are no probabilities: some are outside 0 to 1."
