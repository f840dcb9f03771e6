"""Does one column alone tell the label? Then it may have been written after it.

Hints, not proofs: a feature may be that good. Two measures, and the larger one counts. The area under the ROC curve,
of a number or a time and a label of two classes: of cells it is the least that it can be, with all rows of one cell
ordered the wrong way. And the share of the errors of a constant guess that are avoided by guessing each row's class
from the *other* rows with its value, or in its cell (Goodman and Kruskal's lambda, 1954, left one out: ids and other
values that occur once tell nothing).
"""

from collections.abc import Iterator

import numpy as np

from gates.measure.classes import key
from gates.measure.quality.finding import found
from gates.measure.quality.looked import Looked
from gates.measure.quality.spread import Counts, Labels, Spread
from gates.measure.scan.view import Kind
from gates.quality_facts import QualityFinding
from gates.wording import number

LEAST_ROWS = 10
"""Of the label's second class: below, a feature may fit it by chance."""
NOTED = 0.9
"""Lower values are not written down."""


def leaks(looked: Looked, labels: Labels, label: str, columns: tuple[str, ...]) -> Iterator[QualityFinding]:
    """Find columns that equal the label, and columns that tell it nearly always."""
    for column in columns:
        spread = looked.spreads.get(column)
        if spread is None or spread.counts.shape[1] != len(labels.classes) + 1:
            continue
        counts = spread.counts[:, :-1]
        if _second(counts) < LEAST_ROWS:
            continue
        if _one_to_one(spread, counts):
            yield _equal(spread, counts, labels, (column, label))
        else:
            yield from _telling(looked, counts, column, label)


def _second(counts: Counts) -> int:
    """Return how many rows the second most frequent class has."""
    rows = np.sort(counts.sum(axis=0))
    return int(rows[-2]) if len(rows) > 1 else 0


def _one_to_one(spread: Spread, counts: Counts) -> bool:
    """Tell whether each value goes with one class, and each class with one value."""
    there = counts > 0
    valued, classes = there.sum(axis=1), there.sum(axis=0)
    return spread.values is not None and bool((valued <= 1).all() and (classes <= 1).all() and valued.sum() > 1)


def _equal(spread: Spread, counts: Counts, labels: Labels, names: tuple[str, str]) -> QualityFinding:
    column, label = names
    pairs = {
        key(value): labels.classes[int(row.argmax())]
        for value, row in zip(spread.values or (), counts, strict=True)
        if row.any()
    }
    same = all(value == one for value, one in pairs.items())
    sentence = (
        f"{column} equals the label {label} in every row: it is the answer, drop it."
        if same
        else f"{column} is the label {label} under other names ({_named(pairs)}): it is the answer, drop it."
    )
    return found("equals_label", sentence, column=column, rows=int(counts.sum()))


def _named(pairs: dict[str | None, str]) -> str:
    return ", ".join(f"{value} for {one}" for value, one in list(pairs.items())[:3])


def _telling(looked: Looked, counts: Counts, column: str, label: str) -> Iterator[QualityFinding]:
    ordered = looked.outlines[column].column.kind in {Kind.NUMBER, Kind.TIME}
    area = least_area(counts) if ordered and int((counts.sum(axis=0) > 0).sum()) == 2 else 0.0  # noqa: PLR2004 - two classes
    avoided = avoided_errors(counts)
    value = max(area, avoided)
    if value < NOTED:
        return
    by = f"ROC AUC {number(area)}" if area >= avoided else f"{number(avoided)} of a constant guess's errors avoided"
    sentence = (
        f"{column} alone tells the label {label} ({by}): was it written after the label was known? If so, drop it."
    )
    yield found("predicts_label", sentence, column=column, value=value, roc_auc=area, errors_avoided=avoided)


def least_area(counts: Counts) -> float:
    """Return the least area under the ROC curve that counts of ordered values (or cells) allow, of either direction."""
    two = counts[:, counts.sum(axis=0) > 0].astype(object)
    low, high = two[:, 0], two[:, 1]
    pairs = int(low.sum()) * int(high.sum())
    below = np.concatenate([[0], np.cumsum(low)[:-1]])
    above = int(low.sum()) - below - low
    return max(int((high * below).sum()), int((high * above).sum())) / pairs


def avoided_errors(counts: Counts) -> float:
    """Return the share of a constant guess's errors that are avoided by the other rows with the same value."""
    rows, constant = int(counts.sum()), int(counts.sum(axis=0).max())
    ordered = np.sort(counts, axis=1)
    first, second = ordered[:, -1], ordered[:, -2]
    right = int(first[first - 1 > second].sum())
    return max((right - constant) / (rows - constant), 0.0) if rows > constant else 0.0
