"""Does one model give probabilities of the classes, and are they probabilities?"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from gates.measure.preparing.answers import ANSWER_THEM, Answered
from gates.measure.preparing.columns import number, numeric
from gates.measure.preparing.lacking import no_score, no_scores
from gates.measure.preparing.profile import totals
from gates.measure.scan.view import Column
from gates.measure.unusable import UnusableError
from gates.wording import count, listed

SUM_TOLERANCE = 1e-3
"""Probabilities of one row sum to one within this; models answer in single precision."""
THEY_RANK = ", so they can only rank."


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
        return Scored(problem=no_score(model, positive)) if column is None else _one(model, column)
    except UnusableError as error:
        return Scored(problem=str(error))


def _one(model: Answered, column: Column) -> Scored:
    found = model.range(numeric(column, model.part(column)))
    if found.unusable:
        return Scored(problem=_missing(model, column, found.unusable))
    return Scored(columns={"score": number(column)}, problem="" if found.probable else _outside(model, [column]))


def class_scores(model: Answered, classes: Sequence[str], labelled: Sequence[str]) -> Scored:
    """Return a column for each class; one that the label never has may be left out, and is impossible then."""
    try:
        columns = {of: numeric(column, model.part(column)) for of, column in model.scores.items()}
    except UnusableError as error:
        return Scored(problem=str(error))
    if absent := tuple(name for name in labelled if name not in columns):
        return Scored(problem=no_scores(model, absent))
    return _several(model, {name: columns[name] for name in classes if name in columns}, classes)


def _several(model: Answered, columns: Mapping[str, Column], classes: Sequence[str]) -> Scored:
    found = {column: model.range(column) for column in columns.values()}
    worst = max(found, key=lambda column: found[column].unusable)
    if missing := found[worst].unusable:
        return Scored(problem=_missing(model, worst, missing))
    sql = {name: number(column) for name, column in columns.items()}
    outside = [column for column, some in found.items() if not some.probable]
    problem = _outside(model, outside) if outside else _sum(model, columns.values())
    zero = "CAST(0 AS DOUBLE)"
    return Scored(columns={f"score_{at}": sql.get(name, zero) for at, name in enumerate(classes)}, problem=problem)


def _sum(model: Answered, columns: Collection[Column]) -> str:
    away = f"max(abs({' + '.join(map(number, columns))} - 1))"
    if totals(model.engine, model.view.name, model.rows.where, {"away": away})["away"] <= SUM_TOLERANCE:
        return ""
    named = listed(tuple(map(model.own, columns)))
    return (
        f"the {model.called}'s scores are no probabilities of all classes: some rows of {named} do not sum to 1"
        f"{THEY_RANK}"
    )


def _missing(model: Answered, column: Column, rows: int) -> str:
    return (
        f"the {model.called} gave no probability in {model.own(column)} for {count(rows, 'labelled row')}{ANSWER_THEM}"
    )


def _outside(model: Answered, columns: Sequence[Column]) -> str:
    named = listed(tuple(map(model.own, columns)))
    return f"the {model.called}'s scores are no probabilities: some of {named} are outside 0 to 1{THEY_RANK}"
