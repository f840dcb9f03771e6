"""Do labels and answers that are numbers hold a number in every row?"""

from collections.abc import Sequence

from gates.measure.preparing.answers import ANSWER_THEM, Answered
from gates.measure.preparing.columns import number, numeric
from gates.measure.preparing.profile import Range
from gates.measure.preparing.selection import Selection
from gates.measure.scan.view import Column
from gates.measure.unusable import UnusableError
from gates.metric import ITEMS
from gates.wording import count


def numbers(task: str, label: Column | None, models: Sequence[Answered], label_range: Range | None) -> Selection:
    """Return labels (none for item scores) and answers as numbers; raises `UnusableError`."""
    columns = {}
    if label is not None and label_range is not None:
        if label_range.infinite:
            raise UnusableError(f"the label {label.name} is infinite in some rows.")
        columns["label"] = number(label)
    columns |= {model.who: _answer(model, task) for model in models}
    return Selection(columns=columns, score_problems={model.who: _no_scores(model.called) for model in models})


def _answer(model: Answered, task: str) -> str:
    column = _column(model, task)
    found = model.range(numeric(column, model.part(column)))
    if missing := found.unusable:
        if missing == model.rows.rows:
            raise UnusableError(f"no row has both a label and a number of the {model.called}.")
        raise UnusableError(f"the {model.called} gave no number for {count(missing, 'labelled row')}{ANSWER_THEM}")
    return number(column)


def _column(model: Answered, task: str) -> Column:
    if task == ITEMS and model.answer.score is not None:
        return model.view.column(model.answer.score)
    if model.prediction is None:
        raise UnusableError(f"the {model.called}'s answers have no column prediction.")
    return model.prediction


def _no_scores(called: str) -> str:
    return f"the {called} gives numbers, no probabilities."
