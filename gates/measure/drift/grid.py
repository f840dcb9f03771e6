"""How many of a column's numbers are in each of many equal classes, on all sides?

What a class holds is known by its number, and so counting it is enough.
"""

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gates.measure.drift.arrays import floats, wholes
from gates.measure.drift.cells import Counts, Floats
from gates.measure.scan.dialect import double
from gates.measure.scan.engine import Engine

LARGE, LOOSE = 1e300, 0.0625
"""Where some values are larger, all are multiplied by the second, for their range to be a double."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a side's numbers stand, and how far they reach."""

    view: str
    value: str
    """The number in SQL, as a double counted from the column's origin; NULL where it is missing."""
    rows: int
    low: float
    high: float
    """Finite values only, counted from the origin; 0 without any."""
    infinite: tuple[int, int] = (0, 0)
    """How many values are minus and plus infinity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Equal classes between two values."""

    low: float
    high: float
    classes: int
    """At most 32,766, which 16 bits number."""

    @property
    def factor(self) -> float:
        """What values are multiplied by, for their range to be a double."""
        return 1.0 if max(abs(self.low), abs(self.high)) < LARGE else LOOSE

    @property
    def steps(self) -> float:
        """How many classes a unit has; infinite for a range that cannot be divided."""
        span = self.high * self.factor - self.low * self.factor
        return self.classes / span if span > sys.float_info.min * self.classes else math.inf

    def place(self) -> str:
        """Return the number of `value`'s class in SQL, of a value that is `within`.

        It never falls where the value rises, and so a class is all that lies between two values, to within rounding.
        """
        scaled = "value" if self.factor == 1 else f"value * {double(self.factor)}"
        return f"CAST(floor(({scaled} - {double(self.low * self.factor)}) * {double(self.steps)}) AS SMALLINT)"

    def within(self) -> str:
        """Return whether `value` is between the ends, as SQL; it is not where it is NULL or NaN."""
        return f"value BETWEEN {double(self.low)} AND {double(self.high)}"

    def edges(self, places: Floats) -> Floats:
        """Return the values at which classes begin."""
        low, high = self.low * self.factor, self.high * self.factor
        found: Floats = np.clip(places / self.steps + low, low, high) / self.factor
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """Cells that all sides share, in order."""

    low: Floats
    high: Floats
    counts: Counts
    """One row a side."""
    place: Floats
    """The class that a cell is; NaN where `low` and `high` are values that were seen."""

    def some(self, kept: Any) -> "Joint":  # noqa: ANN401 - a numpy index
        """Return some of the cells."""
        return Joint(low=self.low[kept], high=self.high[kept], counts=self.counts[:, kept], place=self.place[kept])


def counting(source: Source, grid: Grid) -> str:
    """Return SQL that counts one side's classes."""
    return (
        f"SELECT {grid.place()} AS place, count(*) AS rows "  # noqa: S608 - quoted
        f"FROM (SELECT {source.value} AS value FROM {source.view}) WHERE {grid.within()} GROUP BY 1"
    )


def classed(engine: Engine, sources: Sequence[Source], grid: Grid) -> Joint:
    """Return the classes of a grid that are not empty on all sides."""
    tables = [engine.reduce(counting(source, grid)) for source in sources]
    places, counts = _aligned([(floats(table["place"]), wholes(table["rows"])) for table in tables])
    low, next_ = grid.edges(places), grid.edges(places + 1)
    high = np.where(next_ > low, np.nextafter(next_, -np.inf), low)
    return Joint(low=low, high=high, counts=counts, place=places)


def seen(engine: Engine, sources: Sequence[Source], grid: Grid, where: str) -> Joint:
    """Return the classes of a grid by the values that are seen there, of the rows that a condition is true of."""
    tables = [
        engine.reduce(
            f"SELECT {grid.place()} AS place, count(*) AS rows, min(value) AS low, max(value) AS high "  # noqa: S608 - quoted
            f"FROM (SELECT {source.value} AS value FROM {source.view}) WHERE {where} GROUP BY 1"
        )
        for source in sources
    ]
    sides = [(floats(table["place"]), wholes(table["rows"])) for table in tables]
    places, counts = _aligned(sides)
    low, high = np.full(len(places), np.inf), np.full(len(places), -np.inf)
    for table, (own, _) in zip(tables, sides, strict=True):
        at = np.searchsorted(places, own)
        np.minimum.at(low, at, floats(table["low"]))
        np.maximum.at(high, at, floats(table["high"]))
    return Joint(low=low, high=high, counts=counts, place=np.full(len(places), np.nan))


def _aligned(sides: Sequence[tuple[Floats, Counts]]) -> tuple[Floats, Counts]:
    """Return all places in order, and how many values each side has there."""
    places = np.unique(np.concatenate([own for own, _ in sides]))
    counts = np.zeros((len(sides), len(places)), dtype=np.int64)
    for row, (own, rows) in zip(counts, sides, strict=True):
        row[np.searchsorted(places, own)] = rows
    return places, counts
