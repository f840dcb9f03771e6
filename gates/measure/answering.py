"""What did one model answer: which class, with which probability, or which number?

A `prediction` that holds fractions between 0 and 1 in a binary task is a probability of the positive class, as some
model flavours answer with; it is thresholded at 0.5, and so is `score` where there is no prediction. Where a multiclass
model gives scores only, the largest decides (the first of equals).
"""

from collections.abc import Sequence
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from gates.measure.classes import MISSING, Codes, key, keys_of
from gates.measure.rows import Floats, numbers
from gates.measure.unusable import UnusableError
from gates.wording import listed

THRESHOLD = 0.5
SUM_TOLERANCE = 1e-3
"""Probabilities of one row sum to one within this; models answer in single precision."""


class Scores(TypedDict):
    """Probabilities and what is wrong with them."""

    scores: Floats | None
    score_problem: str


def answered_classes(table: Any, who: str, names: Sequence[str], positive: str | None) -> tuple[list[str], Codes]:  # noqa: ANN401 - pyarrow
    """Return the classes answered with and each row's place among them.

    `positive` is the positive class of a binary task, whose answers must be among `names`.
    """
    stated = "prediction" in table.column_names
    if positive is not None:
        scores = _probabilities(table, who, positive) if not stated or _is_probability(table) else None
        found = _stated(table, who) if scores is None else _thresholded(scores, who, names, positive)
    else:
        found = _largest(table, who) if not stated and _score_columns(table) else _stated(table, who)
    _check(found, who, names, binary=positive is not None)
    return found


def _probabilities(table: Any, who: str, positive: str) -> Floats | None:  # noqa: ANN401 - pyarrow
    if "prediction" in table.column_names:
        return numbers(table.column("prediction"), f"the {who}'s prediction")
    return _binary_scores(table, who, positive)


def _check(found: tuple[list[str], Codes], who: str, names: Sequence[str], *, binary: bool) -> None:
    classes, codes = found
    if missing := int((codes == MISSING).sum()):
        raise UnusableError(f"the {who} gave no answer for {missing:,} labelled rows.")
    outside = [name for name in classes if name not in names]
    if outside and (binary or len(outside) == len(classes)):
        told = f"answers {listed(tuple(outside))}, which the label never is"
        raise UnusableError(f"the {who} {told} (it is {listed(tuple(names))}).")


def _stated(table: Any, who: str) -> tuple[list[str], Codes]:  # noqa: ANN401 - pyarrow
    if "prediction" not in table.column_names:
        raise UnusableError(f"the {who}'s answers have no column prediction, nor scores that stand for one.")
    return keys_of(table.column("prediction"), f"the {who}'s prediction")


def _largest(table: Any, who: str) -> tuple[list[str], Codes]:  # noqa: ANN401 - pyarrow
    columns = _score_columns(table)
    scores = np.column_stack([numbers(table.column(name), f"the {who}'s {name}") for name in columns.values()])
    codes = np.argmax(np.nan_to_num(scores, nan=-np.inf), axis=1).astype(np.int64)
    codes[np.isnan(scores).any(axis=1)] = MISSING
    return list(columns), codes


def _thresholded(scores: Floats, who: str, names: Sequence[str], positive: str) -> tuple[list[str], Codes]:
    if problem := _improbable(scores, who):
        raise UnusableError(f"{problem}, and it gave no classes.")
    at = list(names).index(positive)
    return list(names), np.where(scores >= THRESHOLD, at, 1 - at).astype(np.int64)


def _is_probability(table: Any) -> bool:  # noqa: ANN401 - pyarrow
    """Does the prediction hold fractions between 0 and 1?"""
    import pyarrow as pa  # noqa: PLC0415 - heavy

    column = table.column("prediction")
    if not pa.types.is_floating(column.type):
        return False
    values = numbers(column, "the prediction")
    return bool(((values >= 0) & (values <= 1)).all() and (values % 1 > 0).any())


def scores_of(table: Any, who: str, classes: Sequence[str], positive: int) -> Scores:  # noqa: ANN401 - pyarrow
    """Return the scores for each class (one column for the positive one of a binary task), and their problem."""
    try:
        binary = positive != MISSING
        scores = _binary_scores(table, who, classes[positive]) if binary else _class_scores(table, who, classes)
    except UnusableError as error:
        return {"scores": None, "score_problem": str(error)}
    if scores is None:
        return {"scores": None, "score_problem": f"the {who} gives no probabilities (no column score)."}
    if missing := int(np.isnan(scores).any(axis=-1).sum() if scores.ndim > 1 else np.isnan(scores).sum()):
        return {"scores": None, "score_problem": f"the {who} gave no probability for {missing:,} labelled rows."}
    problem = _improbable(scores, who)
    return {"scores": scores, "score_problem": f"{problem}." if problem else ""}


def _binary_scores(table: Any, who: str, positive: str) -> Floats | None:  # noqa: ANN401 - pyarrow
    name = "score" if "score" in table.column_names else _score_columns(table).get(positive)
    if name is not None:
        return numbers(table.column(name), f"the {who}'s {name}")
    if "prediction" in table.column_names and _is_probability(table):
        return numbers(table.column("prediction"), f"the {who}'s prediction")
    return None


def _class_scores(table: Any, who: str, classes: Sequence[str]) -> Floats | None:  # noqa: ANN401 - pyarrow
    columns = _score_columns(table)
    if not columns:
        return None
    absent = tuple(name for name in classes if name not in columns)
    if absent:
        raise UnusableError(f"the {who} gives no probability of {listed(absent)} (no column score_{absent[0]}).")
    return np.column_stack([numbers(table.column(columns[name]), f"the {who}'s {columns[name]}") for name in classes])


def _score_columns(table: Any) -> dict[str, str]:  # noqa: ANN401 - pyarrow
    """Return the class that each score column is for, and its name."""
    named = {name: key(name.removeprefix("score_")) for name in table.column_names if name.startswith("score_")}
    return {str(of): name for name, of in named.items()}


def _improbable(scores: Floats, who: str) -> str:
    if not bool(((scores >= 0) & (scores <= 1)).all()):
        return f"the {who}'s scores are no probabilities: some are outside 0 to 1"
    if scores.ndim > 1 and bool((np.abs(scores.sum(axis=1) - 1) > SUM_TOLERANCE).any()):
        return f"the {who}'s scores are no probabilities of all classes: some rows do not sum to 1"
    return ""


def regression_values(table: Any, who: str) -> NDArray[np.float64]:  # noqa: ANN401 - pyarrow
    """Return a regression's answers, all of them finite."""
    if "prediction" not in table.column_names:
        raise UnusableError(f"the {who}'s answers have no column prediction.")
    values = numbers(table.column("prediction"), f"the {who}'s prediction")
    if bad := int((~np.isfinite(values)).sum()):
        raise UnusableError(f"the {who} gave no number for {bad:,} labelled rows.")
    return values
