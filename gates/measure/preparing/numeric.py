"""Do labels and answers that are numbers hold a number in every row?"""

from collections.abc import Sequence

from gates.measure.preparing.answers import Answered
from gates.measure.preparing.columns import number, numeric
from gates.measure.preparing.profile import Range
from gates.measure.preparing.selection import Selection
from gates.measure.scan.view import Column
from gates.measure.unusable import UnusableError
from gates.metric import ITEMS


def numbers(task: str, label: Column | None, models: Sequence[Answered], label_range: Range | None) -> Selection:
    """Return labels (none for item scores) and answers as numbers; raises `UnusableError`."""
    columns = {}
    if label is not None and label_range is not None:
        if label_range.infinite:
            raise UnusableError(f"the label {label.name} is infinite in some rows.")
        columns["label"] = number(label)
    columns |= {model.who: _answer(model, task) for model in models}
    return Selection(columns=columns, score_problems={model.who: _no_scores(model.who) for model in models})


def _answer(model: Answered, task: str) -> str:
    column = _column(model, task)
    found = model.range(numeric(column, model.part(column)))
    if missing := found.missing + found.infinite:
        if missing == model.rows.rows:
            raise UnusableError(f"no row has both a label and a number of the {model.who}.")
        raise UnusableError(f"the {model.who} gave no number for {missing:,} labelled rows.")
    return number(column)


def _column(model: Answered, task: str) -> Column:
    if task == ITEMS and model.answer.score is not None:
        return model.view.column(model.answer.score)
    if model.prediction is None:
        raise UnusableError(f"the {model.who}'s answers have no column prediction.")
    return model.prediction


def _no_scores(who: str) -> str:
    return f"the {who} gives numbers, no probabilities."
