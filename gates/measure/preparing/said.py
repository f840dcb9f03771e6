"""Which class did one model answer each row with?

A `prediction` that holds fractions between 0 and 1 in a binary task is a probability of the positive class, as some
model flavours answer with; it is thresholded at 0.5, and so is `score` where there is no prediction. Where a multiclass
model gives scores only, the largest decides (the first of equals).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gates.measure.preparing.answers import Answered
from gates.measure.preparing.columns import categorical, number, numeric
from gates.measure.preparing.lacking import no_score, no_scores
from gates.measure.preparing.places import Held, Placed, held_by, largest, placed
from gates.measure.scan.view import Column
from gates.measure.unusable import UnusableError
from gates.wording import listed

THRESHOLD = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Where a row's class is told: in a column of classes, or by the largest of several probabilities."""

    names: Sequence[str]
    """The classes that can be answered."""
    of: Held | tuple[str, ...]
    """A column of classes, or for each of the names its probability in SQL."""

    def place(self, who: str, places: Mapping[str, int]) -> Placed:
        """Return the row's place among all classes."""
        if isinstance(self.of, Held):
            return placed(self.of, places, f"gatehouse_{who}")
        return Placed(expression=largest(self.of, [places[name] for name in self.names]))


def said_by(model: Answered, names: Sequence[str], positive: str | None) -> Said:
    """Return where a model's answers stand; `positive` is the positive class of a binary task, with `names` its two.

    Raises `UnusableError` when there are none for some rows, or when they are no classes of the label.
    """
    if positive is not None and (model.prediction is None or model.is_probability):
        column = model.score(positive) if model.prediction is None else model.prediction
        if column is not None:
            return _thresholded(model, column, positive, names)
    if model.prediction is None and (why := _unfit(model, names, positive)):
        raise UnusableError(why)
    found = _largest(model) if model.prediction is None and model.scores and positive is None else _stated(model)
    _check(found, model.called, names, binary=positive is not None)
    return found


def _unfit(model: Answered, names: Sequence[str], positive: str | None) -> str:
    """Say why the scores that there are instead of classes are not those that tell one; empty where they do."""
    if positive is not None:
        return no_score(model, positive) if model.scores else ""
    return no_scores(model, names) if model.answer.score is not None and not model.scores else ""


def _thresholded(model: Answered, column: Column, positive: str, names: Sequence[str]) -> Said:
    range_ = model.range(numeric(column, model.part(column)))
    model.all_answered(range_.missing, column)
    if not range_.probable:
        raise UnusableError(
            f"the {model.called}'s scores are no probabilities: some are outside 0 to 1, and it gave no classes"
            ": name the column of its classes, too."
        )
    other = next(name for name in names if name != positive)
    return Said(names=(positive, other), of=(number(column), str(THRESHOLD)))


def _largest(model: Answered) -> Said:
    columns = {of: numeric(column, model.part(column)) for of, column in model.scores.items()}
    worst = max(columns.values(), key=lambda column: model.range(column).unusable)
    model.all_answered(model.range(worst).unusable, worst)
    return Said(names=tuple(columns), of=tuple(number(column) for column in columns.values()))


def _stated(model: Answered) -> Said:
    if model.prediction is None:
        raise UnusableError(f"the {model.called}'s answers have no column prediction, nor scores that stand for one.")
    part = model.part(model.prediction)
    held = held_by(model.engine, model.view, model.rows, categorical(model.prediction, part), part)
    model.all_answered(held.missing, model.prediction)
    return Said(names=held.names, of=held)


def _check(said: Said, who: str, names: Sequence[str], *, binary: bool) -> None:
    outside = [name for name in said.names if name not in names]
    if outside and (binary or len(outside) == len(said.names)):
        told = f"answers {listed(tuple(outside))}, which the label never is"
        raise UnusableError(f"the {who} {told} (it is {listed(tuple(names))}).")
