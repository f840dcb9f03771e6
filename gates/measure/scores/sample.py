"""What does measuring scores by rows read? Labels and scores of one group of rows, as arrays."""

from dataclasses import dataclass

import numpy as np

from gates.measure.scores.arrays import Codes, Floats, counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Labelled rows in an order that depends on their content only."""

    labels: Codes
    """Place among the classes; 1 is the positive one of two."""
    scores: tuple[Floats, ...]
    """The challenger's and, with one, the champion's: one entry a row, or a row and class where there are more."""
    classes: int = 2
    clusters: Codes | None = None
    """Number of each row's cluster, from 0; None when rows are independent."""

    @property
    def counts(self) -> Codes:
        """How many rows each class has."""
        return counted(self.labels, self.classes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What intervals rest on."""

    counts: tuple[int, ...]
    """Rows of each class."""
    unequal: int | None = None
    """Rows for which the two models' scores are not the same; None without a champion."""
    clusters: int | None = None

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(self.counts)

    @property
    def rarest(self) -> int:
        """Rows of the rarest class."""
        return min(self.counts)


def tally(sample: Sample) -> Tally:
    """Count a sample."""
    return Tally(
        counts=tuple(int(count) for count in sample.counts),
        unequal=_unequal(*sample.scores) if len(sample.scores) > 1 else None,
        clusters=None if sample.clusters is None else len(np.unique(sample.clusters)),
    )


def _unequal(challenger: Floats, champion: Floats) -> int:
    differ = challenger != champion
    return int((differ if differ.ndim == 1 else differ.any(axis=1)).sum())
