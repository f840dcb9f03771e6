"""How do the data and the models' answers become rows to measure?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gates.measure.answering import answered_classes, regression_values, scores_of
from gates.measure.classes import MISSING, joined, key, keys_of, recoded
from gates.measure.rows import Answers, Floats, Rows, canonical_order, numbers
from gates.measure.table import columns, read
from gates.measure.unusable import UnusableError
from gates.metric import BINARY, REGRESSION, TASKS
from gates.wording import listed

MOST_CLASSES = 500
NO_CODES = np.zeros(0, np.int64)
NO_FLOATS = np.zeros(0)

Tables = Sequence[tuple[str, Any]]
"""Who answered, and the pyarrow Table of the answers for the labelled rows."""


def load_rows(*, data: Path, answers: Sequence[tuple[str, Path]], task: str, label: str, positive: object) -> Rows:
    """Read labels and answers (who, and the file), leave out rows without a label, and put the rest in order.

    Raises `UnusableError` with one line that says what is wrong.
    """
    if task not in TASKS:
        raise UnusableError(f"there is no task {task!r}; there are {', '.join(TASKS)}.")
    if label not in columns(data):
        raise UnusableError(f"the data have no column {label!r} for the label; there are {listed(columns(data))}.")
    truth = read(data, (label,)).column(label)
    tables = [(who, _answer_table(path, who, rows=len(truth))) for who, path in answers]
    if task == REGRESSION:
        return _regression(numbers(truth, f"the label {label}"), tables, label)
    return _classification(truth, tables, task=task, label=label, positive=positive)


def _answer_table(path: Path, who: str, *, rows: int) -> Any:  # noqa: ANN401 - a pyarrow Table
    wanted = tuple(name for name in columns(path) if name in {"prediction", "score"} or name.startswith("score_"))
    if not wanted:
        raise UnusableError(f"the {who}'s answers have no column prediction or score.")
    table = read(path, wanted)
    if table.num_rows != rows:
        raise UnusableError(f"the {who} answered for {table.num_rows:,} rows; the data have {rows:,}.")
    return table


def _regression(truth: Floats, tables: Tables, label: str) -> Rows:
    kept = ~np.isnan(truth)
    tables = _labelled(tables, kept, label)
    if np.isinf(truth[kept]).any():
        raise UnusableError(f"the label {label} is infinite in some rows.")
    answers = [
        Answers(who=who, predicted=NO_CODES, values=regression_values(table, who), scores=None) for who, table in tables
    ]
    order = canonical_order(truth[kept], *(some.values for some in answers))
    return Rows(
        task=REGRESSION,
        classes=(),
        positive=MISSING,
        labels=NO_CODES,
        truth=truth[kept][order],
        challenger=answers[0].taken(order),
        champion=answers[1].taken(order) if answers[1:] else None,
        order=np.flatnonzero(kept)[order],
        left_out=int((~kept).sum()),
    )


def _classification(
    truth: Any,  # noqa: ANN401 - a pyarrow ChunkedArray
    tables: Tables,
    *,
    task: str,
    label: str,
    positive: object,
) -> Rows:
    names, codes = keys_of(truth, f"the label {label}")
    kept = codes != MISSING
    tables = _labelled(tables, kept, label)
    _check_classes(names, label, task)
    wanted = _positive(names, positive, label) if task == BINARY else None
    said = [answered_classes(table, who, names, wanted) for who, table in tables]
    classes = tuple(joined(names, *(classes for classes, _ in said)))
    place = MISSING if wanted is None else classes.index(wanted)
    answers = [
        Answers(
            who=who, predicted=recoded(some, its, classes), values=NO_FLOATS, **scores_of(table, who, classes, place)
        )
        for (who, table), (its, some) in zip(tables, said, strict=True)
    ]
    labels = recoded(codes[kept], names, classes)
    order = canonical_order(labels, *(part for some in answers for part in some.columns()))
    return Rows(
        task=task,
        classes=classes,
        positive=place,
        labels=labels[order],
        truth=NO_FLOATS,
        challenger=answers[0].taken(order),
        champion=answers[1].taken(order) if answers[1:] else None,
        order=np.flatnonzero(kept)[order],
        left_out=int((~kept).sum()),
    )


def _labelled(tables: Tables, kept: NDArray[np.bool_], label: str) -> Tables:
    import pyarrow as pa  # noqa: PLC0415 - heavy

    if not kept.any():
        raise UnusableError(f"no row has a value in the label {label}.")
    mask = pa.array(kept)
    return [(who, table.filter(mask)) for who, table in tables]


def _check_classes(names: Sequence[str], label: str, task: str) -> None:
    if len(names) == 1:
        raise UnusableError(f"the label {label} has one class only ({names[0]}), so nothing can be told from it.")
    if len(names) > MOST_CLASSES:
        raise UnusableError(f"the label {label} has {len(names):,} classes; is this a regression?")
    if task == BINARY and len(names) > 2:  # noqa: PLR2004 - binary
        raise UnusableError(f"the label {label} has {len(names)} classes, not two: {listed(tuple(names))}.")


def _positive(names: Sequence[str], positive: object, label: str) -> str:
    """Return the key of the positive class: as given, or 1 of 0 and 1."""
    if positive is None:
        if list(names) == ["0", "1"]:
            return "1"
        raise UnusableError(f"which class of {label} is positive, {' or '.join(names)}? Say so in model.yaml.")
    wanted = key(positive)
    if wanted not in names:
        raise UnusableError(
            f"the positive class {positive!r} is no value of {label}, which has {listed(tuple(names))}."
        )
    return str(wanted)
