"""How do the answers look, case by case and in counts?"""

from gates.answer_facts import Answered, Answers, Confusion
from gates.measure.prepared import Prepared
from gates.measure.unusable import UnusableError
from gates.metric import BINARY, ITEMS, MULTICLASS, QUANTILE, REGRESSION

FEW_ROWS = 200_000
"""Errors of so many rows are counted before anybody waits."""
MOST_CLASSES = 20
"""More of them are no picture any more."""


def answers(prepared: Prepared, *, thorough: bool = True) -> Answers:
    """Look at the answers of both models; what cannot be shown is named, and nothing is raised for it.

    What takes long is left alone unless it is to be `thorough`: ranking, calibration, and errors of many rows.
    """
    if prepared.task in (BINARY, MULTICLASS):
        return _classified(prepared, thorough=thorough)
    try:
        return _numbers(prepared) if thorough or prepared.count <= FEW_ROWS else Answers(rows=prepared.count)
    except UnusableError as error:
        return Answers(rows=prepared.count, left_out=(f"The answers cannot be shown: {error}",))


def _classified(prepared: Prepared, *, thorough: bool) -> Answers:
    from gates.measure.scores.curves import curves, reliabilities  # noqa: PLC0415 - only what a task needs

    confusion, too_many = _confusion(prepared)
    scored = thorough and set(prepared.who) <= set(prepared.scored)
    binary = len(prepared.classes) == 2  # noqa: PLR2004 - binary
    return Answers(
        rows=prepared.count,
        confusion=confusion,
        curves=curves(prepared) if scored and binary else (),
        reliabilities=reliabilities(prepared) if scored else (),
        left_out=too_many,
    )


def _confusion(prepared: Prepared) -> tuple[Confusion | None, tuple[str, ...]]:
    from gates.measure.labels.cells import cells_of  # noqa: PLC0415 - only what a task needs

    names = prepared.classes
    if len(names) > MOST_CLASSES:
        return None, (f"There are {len(names):,} classes, too many to show which is taken for which.",)
    cells = cells_of(prepared)
    said = [codes.tolist() for codes in cells.said]
    return (
        Confusion(
            classes=names,
            cells=tuple(
                Answered(
                    label=names[label],
                    challenger=names[said[0][place]],
                    champion=names[said[1][place]] if said[1:] else None,
                    rows=int(cells.counts[place]),
                )
                for place, label in enumerate(cells.label.tolist())
            ),
        ),
        (),
    )


def _numbers(prepared: Prepared) -> Answers:
    from gates.measure.numbers.shapes import deciles, differences, errors  # noqa: PLC0415 - only what a task needs

    if prepared.task in (REGRESSION, QUANTILE):
        return Answers(rows=prepared.count, deciles=deciles(prepared), histograms=errors(prepared))
    if prepared.task == ITEMS:
        histograms, changes = differences(prepared)
        return Answers(rows=prepared.count, histograms=histograms, changes=changes)
    return Answers(rows=prepared.count)
