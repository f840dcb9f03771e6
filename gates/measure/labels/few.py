"""What do intervals of a metric rest on, and is there enough of it?

The least counts are calibrated: from them on, intervals cover what they say (`docs/calibration.md`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gates.measure.labels.cells import Cells
from gates.measure.labels.tally import POSITIVE
from gates.wording import count

LEAST_ROWS = 30
LEAST_OF_CLASS = 20
LEAST_CLUSTERS = 30
WHOLE = ("accuracy", "f1_micro", "f1_weighted")
OF_POSITIVES = ("recall", "f1", "jaccard")


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """A count that intervals rest on."""

    count: int
    noun: str
    least: int
    which: str = ""
    rows: int = 0
    """Rows in all, where the count is of some of them only."""

    def too_few(self, name: str) -> str:
        """Say that it is too few; empty when it is enough."""
        if self.count >= self.least:
            return ""
        there_are = f"{count(self.count, self.noun)}{self.which}"
        return f"{there_are}; intervals of {name} hold from {self.least:,} on{self._enough}."

    @property
    def _enough(self) -> str:
        """Say how many rows are likely to have as many as are needed."""
        if not (self.rows and self.count):
            return ""
        return f", as about {math.ceil(self.rows * self.least / self.count):,} rows like these have"


def basis(name: str, cells: Cells, classes: Sequence[str], clusters: int | None) -> Basis:
    """Return the count that matters most: the one that is furthest below, or least above, what is needed."""
    found = [_rows(name, cells, classes)]
    if clusters is not None:
        found.append(Basis(count=clusters, noun="cluster", least=LEAST_CLUSTERS))
    return min(found, key=lambda some: some.count / some.least)


def _rows(name: str, cells: Cells, classes: Sequence[str]) -> Basis:
    labelled = np.bincount(cells.label, weights=cells.counts, minlength=cells.classes)
    if name in WHOLE:
        return Basis(count=int(labelled.sum()), noun="row", least=LEAST_ROWS)
    if name == "precision":
        return _predicted(cells, classes)
    if name in OF_POSITIVES or name == "specificity":
        place = 1 - POSITIVE if name == "specificity" else POSITIVE
    else:
        place = int(np.argmin(np.where(labelled > 0, labelled, np.inf)))
    return Basis(
        count=int(labelled[place]),
        noun="row",
        which=f" of class {classes[place]}",
        least=LEAST_OF_CLASS,
        rows=int(labelled.sum()),
    )


def _predicted(cells: Cells, classes: Sequence[str]) -> Basis:
    counts = [int(cells.counts[said == POSITIVE].sum()) for said in cells.said]
    who = ("challenger", "champion")[int(np.argmin(counts))]
    return Basis(
        count=min(counts),
        noun="row",
        which=f" that the {who} predicts to be {classes[POSITIVE]}",
        least=LEAST_OF_CLASS,
        rows=int(cells.counts.sum()),
    )
