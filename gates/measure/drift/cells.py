"""How are a column's numbers kept, when there may be too many to keep them all?

As cells in order: how many values lie between `low` and `high`. A cell of one distinct value has it at both ends and is
exact, and a column of few distinct values is exact altogether.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Cells that do not overlap, ascending; infinite values are cells of their own."""

    low: Floats
    high: Floats
    counts: Counts

    @property
    def total(self) -> int:
        """How many values there are."""
        return int(self.counts.sum())

    @property
    def exact(self) -> bool:
        """Does each cell hold one distinct value?"""
        return bool(np.all(self.low == self.high))

    def finite(self) -> "Cells":
        """Return the cells of finite values."""
        kept = np.isfinite(self.low) & np.isfinite(self.high)
        return Cells(low=self.low[kept], high=self.high[kept], counts=self.counts[kept])

    def times(self, factor: float) -> "Cells":
        """Return the cells of each value times a positive number."""
        return Cells(low=self.low * factor, high=self.high * factor, counts=self.counts)

    def plus(self, moved: float) -> "Cells":
        """Return the cells of each value plus a number."""
        return Cells(low=self.low + moved, high=self.high + moved, counts=self.counts)

    def coarse(self, most: int) -> "Cells":
        """Return about twice so many cells at most: none is much fuller, nor much wider, than the whole through `most`.

        Full cells would blur shares, wide ones distances.
        """
        if len(self.counts) <= most:
            return self
        fullness = (np.cumsum(self.counts) - 1) * most // self.total
        width = _places(self.low, most)
        new = (fullness[1:] != fullness[:-1]) | (width[1:] != width[:-1])
        firsts = np.flatnonzero(np.r_[True, new])
        lasts = np.r_[firsts[1:] - 1, len(self.counts) - 1]
        return Cells(low=self.low[firsts], high=self.high[lasts], counts=np.add.reduceat(self.counts, firsts))

    def places(self, shares: Floats) -> Counts:
        """Return the cells of the smallest values that such shares of all do not exceed."""
        found = np.searchsorted(np.cumsum(self.counts), shares * self.total - 1e-9)
        return np.minimum(found, len(self.counts) - 1).astype(np.int64)

    def median(self) -> float:
        """Return the smallest value that half of all do not exceed; in a cell of several, as if they were even."""
        place = int(self.places(np.array([0.5]))[0])
        low, high = float(self.low[place]), float(self.high[place])
        if low == high:
            return low
        part = (self.total / 2 - float(self.counts[:place].sum())) / float(self.counts[place])
        return low * (1 - part) + high * part

    def deviation(self) -> float:
        """Return the standard deviation (n - 1), each cell's values taken at its middle."""
        middles = self.low + (self.high - self.low) / 2
        total = self.total
        if total < 2:  # noqa: PLR2004 - a deviation needs two
            return 0.0
        center = float(np.sum(middles * (self.counts / total)))
        return float(np.sqrt(np.sum((middles - center) ** 2 * (self.counts / (total - 1)))))


def _places(values: Floats, most: int) -> Counts:
    """Return in which of so many equal classes from the least to the largest finite value each value is."""
    finite = np.isfinite(values)
    least, largest = values[finite].min(initial=0.0), values[finite].max(initial=0.0)
    width = largest / most - least / most
    places = np.where(finite, values, 0.0) / width - least / width if width > 0 else np.zeros(len(values))
    return np.floor(np.where(finite, places, np.where(values > 0, most + 1, -1))).astype(np.int64)


def of(values: Floats, counts: Counts) -> Cells:
    """Return exact cells of values, which need not be in order or distinct."""
    distinct, places = np.unique(values + 0.0, return_inverse=True)
    sums = np.zeros(len(distinct), dtype=np.int64)
    np.add.at(sums, places, counts)
    return Cells(low=distinct, high=distinct, counts=sums)


def together(parts: list[Cells]) -> Cells:
    """Return the cells of parts that do not overlap, in order."""
    low, high = np.concatenate([part.low for part in parts]), np.concatenate([part.high for part in parts])
    order = np.lexsort((high, low))
    counts = np.concatenate([part.counts for part in parts])
    return Cells(low=low[order], high=high[order], counts=counts[order])


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """Shares of values not above each of some points, ascending, among which are all ends of the cells."""

    least: Floats
    most: Floats
    """Bounds at a point, and up to the next."""
    even: Floats
    """As if each cell's values were even."""
    before_next: Floats
    """The same just before the next point; of one point less."""


def below(cells: Cells, points: Floats) -> Below:
    """Return the shares of values not above points."""
    ends = np.r_[0, np.cumsum(cells.counts)] / max(cells.total, 1)
    done, begun = np.searchsorted(cells.high, points, "right"), np.searchsorted(cells.low, points, "right")
    least, most = ends[done], ends[begun]
    inside = np.flatnonzero(begun > done)
    low, high = cells.low[done[inside]], cells.high[done[inside]]
    even, later = least.copy(), least.copy()
    risen, width = (most - least)[inside], high - low
    even[inside] += risen * ((points[inside] - low) / width)
    later[inside] += risen * ((points[np.minimum(inside + 1, len(points) - 1)] - low) / width)
    return Below(least=least, most=most, even=even, before_next=later[:-1])
