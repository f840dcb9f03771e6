"""What kind of answers are these, if nobody says so?"""

from gates.measure.preparing.asked import Asked
from gates.measure.preparing.columns import NUMBERS
from gates.measure.preparing.places import Held
from gates.measure.preparing.profile import Range
from gates.measure.scan.view import Column
from gates.measure.unusable import UnusableError
from gates.metric import BINARY, FORECASTING, ITEMS, MEASURED_TASKS, MULTICLASS, QUANTILE, REGRESSION, TEXT

TWO = 2
CODES = 20
"""So many different whole numbers may be names of classes; more are taken for a quantity."""


def said_task(asked: Asked) -> tuple[str | None, str]:
    """Return the task as it is said or plain from what is asked, and why it is that one if nobody said so.

    None when the columns must tell.
    """
    if asked.task not in (None, *MEASURED_TASKS):
        raise UnusableError(f"there is no task {asked.task!r}; there are {', '.join(MEASURED_TASKS)}.")
    if asked.task is not None:
        return None if asked.task == TEXT else asked.task, ""
    if asked.label is None:
        return ITEMS, "no label was named"
    if asked.quantile is not None:
        return QUANTILE, "a quantile was named"
    if asked.series or asked.horizon:
        return FORECASTING, f"{'a series' if asked.series else 'a horizon'} was named"
    return None, ""


def is_quantity(asked: Asked, label: Column, ranges: dict[str, Range]) -> str:
    """Say why labels or answers are quantities rather than classes, from the numbers that stand in them; empty if not.

    Fractions are quantities, except between 0 and 1 in an answer, which are probabilities.
    """
    if label.kind not in NUMBERS:
        return ""
    if ranges[label.name].fractions:
        return "the label holds fractions"
    predictions = [answer.prediction for _, answer in asked.models]
    answers = [found for column, found in ranges.items() if column in predictions]
    return "answers hold fractions" if any(found.fractions and not found.probable for found in answers) else ""


def of_classes(label: Held, many: int, *, text: bool, scored: bool) -> tuple[str, str]:
    """Return the task of a label without fractions that stands for so many classes, and why."""
    if many <= TWO:
        told = "one value only" if len(label.names) == 1 else f"{many} different values"
        return BINARY, f"the label has {told}"
    if len(label.names) == 1:
        return MULTICLASS, f"label and answers have {many} classes"
    if label.column.kind in NUMBERS and many > CODES and not text and not scored:
        return REGRESSION, f"the label has {many} different numbers"
    return MULTICLASS, f"the label has {many} classes"
