"""What has to be kept of one side, so that it can be compared with another later, without its rows?

A profile is JSON: `Profile.model_validate_json(profile.model_dump_json())` is the same profile.
"""

import hashlib
from typing import Self

import numpy as np

from gates.measure.drift.cells import Cells
from gates.measure.drift.side import Categories, Counted, Numbers, Side
from gates.measure.scan.engine import Kind
from gates.values import Value

CELLS = 512
"""Cells of a column of numbers kept in a profile; KS then is within 0.004."""


class NumbersKept(Value):
    """A column's numbers in cells."""

    origin: int
    low: tuple[float, ...]
    high: tuple[float, ...]
    counts: tuple[int, ...]
    infinite: tuple[int, int] = (0, 0)
    """Values that are minus and plus infinity, which JSON has no number for."""

    @classmethod
    def of(cls, numbers: Numbers) -> Self:
        """Keep few cells."""
        cells = numbers.cells.coarse(CELLS)
        finite = cells.finite()
        return cls(
            origin=numbers.origin,
            low=tuple(finite.low.tolist()),
            high=tuple(finite.high.tolist()),
            counts=tuple(finite.counts.tolist()),
            infinite=tuple(int(cells.counts[cells.low == end].sum()) for end in (-np.inf, np.inf)),
        )

    def numbers(self) -> Numbers:
        """Return the numbers."""
        below, above = self.infinite
        ends = [-np.inf] * (below > 0), [np.inf] * (above > 0)
        counts = [below] * (below > 0), [above] * (above > 0)
        cells = Cells(
            low=np.array([*ends[0], *self.low, *ends[1]], dtype=np.float64),
            high=np.array([*ends[0], *self.high, *ends[1]], dtype=np.float64),
            counts=np.array([*counts[0], *self.counts, *counts[1]], dtype=np.int64),
        )
        return Numbers(origin=self.origin, cells=cells)


class CategoriesKept(Value):
    """A column's categories, or buckets of them."""

    names: tuple[str, ...]
    counts: tuple[int, ...]
    bucketed: bool = False


class ColumnProfile(Value):
    """One column of one side."""

    name: str
    kind: Kind
    type: str
    rows: int
    present: int
    numbers: NumbersKept | None = None
    categories: CategoriesKept | None = None
    problem: str = ""

    @classmethod
    def of(cls, column: Counted) -> Self:
        """Keep a column."""
        categories = column.categories
        return cls(
            name=column.name,
            kind=column.kind,
            type=column.type,
            rows=column.rows,
            present=column.present,
            numbers=None if column.numbers is None else NumbersKept.of(column.numbers),
            categories=None
            if categories is None
            else CategoriesKept(names=categories.names, counts=categories.counts, bucketed=categories.bucketed),
            problem=column.problem,
        )

    def counted(self) -> Counted:
        """Return the column as it is compared."""
        kept = self.categories
        return Counted(
            name=self.name,
            kind=self.kind,
            type=self.type,
            rows=self.rows,
            present=self.present,
            numbers=None if self.numbers is None else self.numbers.numbers(),
            categories=None
            if kept is None
            else Categories(names=kept.names, counts=kept.counts, bucketed=kept.bucketed),
            problem=self.problem,
        )


class Profile(Value):
    """All columns of one side."""

    said: str
    rows: int
    columns: dict[str, ColumnProfile]

    @classmethod
    def of(cls, side: Side) -> Self:
        """Keep a side."""
        columns = {name: ColumnProfile.of(column) for name, column in side.columns.items()}
        return cls(said=side.said, rows=side.rows, columns=columns)

    def side(self) -> Side:
        """Return the side as it is compared."""
        columns = {name: column.counted() for name, column in self.columns.items()}
        return Side(said=self.said, rows=self.rows, columns=columns)

    @property
    def digest(self) -> str:
        """SHA-256 of what was counted, whatever the side is called."""
        text = self.model_copy(update={"said": ""}).model_dump_json()
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
