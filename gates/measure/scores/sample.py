"""What does measuring scores by rows read? Labels and scores of one group of rows, as arrays."""

from collections.abc import Iterator
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
    steps: tuple[Codes, ...] = ()
    """Of binary scores: each row's place among its model's distinct scores, ascending; empty where nobody ranked."""

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
    even: tuple[float, ...] = ()
    """On how many equally large clusters all rows, and those of each class, are as good as spread; see `evenly`."""

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(self.counts)

    @property
    def rarest(self) -> int:
        """Rows of the rarest class."""
        return min(self.counts)


def evenly(rows: float, squares: float) -> float:
    """Return as how many equally large clusters some clusters count, from the sums of their sizes and sizes squared.

    Kish 1965, Survey Sampling: the effective size. Where one cluster outweighs the others an estimate follows it, and
    how far clusters are from the estimate says little of how it scatters.
    """
    return rows**2 / squares if squares > 0 else 0.0


def tally(sample: Sample) -> Tally:
    """Count a sample."""
    return Tally(
        counts=tuple(int(count) for count in sample.counts),
        unequal=_unequal(*sample.scores) if len(sample.scores) > 1 else None,
        clusters=None if sample.clusters is None else len(np.unique(sample.clusters)),
        even=() if sample.clusters is None else tuple(_even(sample.clusters, sample.labels, sample.classes)),
    )


def _unequal(challenger: Floats, champion: Floats) -> int:
    differ = challenger != champion
    return int((differ if differ.ndim == 1 else differ.any(axis=1)).sum())


def _even(clusters: Codes, labels: Codes, classes: int) -> Iterator[float]:
    for part in (slice(None), *(labels == place for place in range(classes))):
        sizes = np.bincount(clusters[part]).astype(np.float64)
        yield evenly(float(sizes.sum()), float((sizes * sizes).sum()))
