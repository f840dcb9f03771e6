"""What is true, and what did both models say, for each labelled row?"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gates.measure.classes import Codes
from gates.measure.unusable import UnusableError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One model's answers, one entry a row."""

    who: str
    """`challenger` or `champion`."""
    predicted: Codes
    """Place among the classes; empty for regression."""
    values: Floats
    """Regression's answers; empty for a classification."""
    scores: Floats | None
    """Binary: probability of the positive class, one column; multiclass: one column a class; None without scores."""
    score_problem: str = ""
    """Why there are no scores, or why they are no probabilities."""

    def taken(self, order: Codes) -> "Answers":
        """Return the answers in another order of rows."""
        return Answers(
            who=self.who,
            predicted=self.predicted[order] if len(self.predicted) else self.predicted,
            values=self.values[order] if len(self.values) else self.values,
            scores=None if self.scores is None else self.scores[order],
            score_problem=self.score_problem,
        )

    def columns(self) -> tuple[Floats | Codes, ...]:
        """Return everything a classifier answered, to order rows by."""
        return (self.predicted,) if self.scores is None else (self.predicted, self.scores)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Labelled rows in an order of their own, so that nothing depends on the order of the file."""

    task: str
    classes: tuple[str, ...]
    positive: int
    """Place of the positive class; -1 where there is none."""
    labels: Codes
    """Place among the classes; empty for regression."""
    truth: Floats
    """Regression's labels; empty for a classification."""
    challenger: Answers
    champion: Answers | None
    order: Codes
    """Row of the file for each row here."""
    left_out: int

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.order)

    @property
    def both(self) -> tuple[Answers, ...]:
        """The challenger's answers and, where there is a champion, the champion's."""
        return (self.challenger,) if self.champion is None else (self.challenger, self.champion)


def numbers(column: Any, what: str) -> Floats:  # noqa: ANN401 - a pyarrow ChunkedArray
    """Return a column as floats, NaN where there is no value."""
    import pyarrow as pa  # noqa: PLC0415 - heavy

    kinds = pa.types
    numeric = (kinds.is_boolean, kinds.is_integer, kinds.is_floating, kinds.is_decimal, kinds.is_null)
    if not any(test(column.type) for test in numeric):
        raise UnusableError(f"{what} holds {column.type}, not numbers.")
    whole = column.cast(pa.int8()) if kinds.is_boolean(column.type) else column
    return np.asarray(whole.cast(pa.float64(), safe=False).fill_null(float("nan")), dtype=np.float64)


def canonical_order(*columns: Floats | Codes) -> Codes:
    """Return an order of rows that depends on their content only; rows it cannot tell apart are the same."""
    flat = [part for column in columns for part in (column.T if column.ndim > 1 else [column])]
    return np.lexsort(flat[::-1]).astype(np.int64)
