"""What is asked about a model's answers, and through which door is the model asked?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from gates.measure.rows import Floats

Predict = Callable[[Any], Floats]
"""Takes a pyarrow Table of features and returns a number for each of its rows: in a binary task the probability of the
positive class (or 1 and 0 for the class), in a multiclass task the place of the predicted class among the classes asked
about (-1 for another), in a regression the prediction. It is called once for each measurement, with all rows at
once, for to a model that runs in a process of its own each call is a process. It may raise `UnusableError`."""

MOST_ROWS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportanceAsked:
    """One metric, and the columns that matter to it."""

    task: str
    """`binary-classification`, `multiclass-classification` or `regression`."""
    label: str
    features: tuple[str, ...]
    metric: str
    positive: JsonValue = None
    classes: tuple[str, ...] = ()
    """Keys of a multiclass task's classes (`gates.measure.classes.key`), in the order of the places in the answers."""
    by: tuple[str, ...] = ()
    """Sensitive features; each of their groups is measured by itself too."""
    repeats: int = 5
    most_rows: int = MOST_ROWS
    """That the model is asked for: (1 + features x repeats) x rows; with many features, fewer rows are taken."""
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationAsked:
    """One prediction, and what it is compared with."""

    features: tuple[str, ...]
    of: str
    """Which number is explained, in words for the reader."""
    background: int = 50
    """Rows that stand for what a feature would be if it were not known."""
    most_rows: int = MOST_ROWS
    seed: int = 0
