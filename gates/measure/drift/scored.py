"""What do a side's scores, predictions and labels look like, as one small table?

Counts by class of score, prediction and label, with the exact sum of the scores: all that performance, calibration,
its estimate without labels and label shift are computed from.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gates.measure.drift.arrays import wholes
from gates.measure.drift.cells import Counts, Floats
from gates.measure.scan.dialect import fixed, name, text
from gates.measure.scan.engine import Engine, View
from gates.measure.unusable import UnusableError

CLASSES = 4_096
BITS = 40
Marks = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One entry for each class of score, prediction and label that occurs; sorted."""

    score: Floats
    """Mean score of the class."""
    place: Marks
    """Class of score, from 0 to `CLASSES`."""
    said: Marks
    """1 where the positive class was predicted."""
    label: Marks
    """1 positive, 0 not, -1 where there is no label (that counts)."""
    counts: Counts

    def kept(self, mask: NDArray[np.bool_]) -> "Scored":
        """Return some entries."""
        return Scored(
            score=self.score[mask],
            place=self.place[mask],
            said=self.said[mask],
            label=self.label[mask],
            counts=self.counts[mask],
        )

    @property
    def labelled(self) -> "Scored":
        """Return the entries with a label."""
        return self.kept(self.label >= 0)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.counts.sum())


def scored(engine: Engine, view: View, columns: tuple[str, str | None], positive: str, *, labels: str) -> Scored:
    """Count one side's rows with a score; `columns` are the score's name and, in SQL, the prediction's class.

    Without a prediction the positive class is predicted from a score of 0.5 on. `labels` is a row's label in SQL, NULL
    where it does not count. Raises `UnusableError` where scores are no probabilities.
    """
    score = f"CAST({name(columns[0])} AS DOUBLE)"
    said = "score >= 0.5" if columns[1] is None else f"said = {text(positive)}"
    rows = f"SELECT {score} AS score, {columns[1] or 'NULL'} AS said, {labels} AS label FROM {view.name}"  # noqa: S608 - quoted
    _checked(engine, view, score)
    table = engine.reduce(
        f"SELECT CAST(floor(score * {CLASSES}) AS INTEGER) AS place, CASE WHEN {said} THEN 1 ELSE 0 END AS said, "  # noqa: S608 - quoted
        f"CASE WHEN label IS NULL THEN -1 WHEN label = {text(positive)} THEN 1 ELSE 0 END AS label, "
        f"count(*) AS rows, CAST(sum({fixed('score', BITS)}) AS VARCHAR) AS total "
        f"FROM ({rows}) WHERE score >= 0 AND score <= 1 GROUP BY 1, 2, 3"
    )
    counts = wholes(table["rows"])
    totals = np.array([int(total) / 2**BITS for total in table["total"].to_pylist()], dtype=np.float64)
    return Scored(
        score=totals / np.maximum(counts, 1),
        place=wholes(table["place"]),
        said=wholes(table["said"]),
        label=wholes(table["label"]),
        counts=counts,
    )


def _checked(engine: Engine, view: View, score: str) -> None:
    """Raise where a score is outside 0 to 1."""
    query = f"SELECT count(*) AS rows FROM {view.name} WHERE {score} < 0 OR {score} > 1 OR isnan({score})"  # noqa: S608 - quoted
    outside = engine.reduce(query).to_pylist()[0]["rows"]
    if outside:
        raise UnusableError(f"{outside:,} scores in {view.said} are outside 0 to 1, so they are no probabilities.")
