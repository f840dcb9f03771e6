"""What was counted of one side, column by column?"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from gates.measure.drift.cells import Cells
from gates.measure.scan.engine import Kind

DIGITS = 3
"""Hexadecimal digits of a text's MD5 that name its bucket, where there are too many: 4,096 buckets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A column's numbers in cells, counted from `origin` (which keeps integers beyond 2^53 apart)."""

    origin: int
    cells: Cells

    def at(self, origin: int) -> Cells:
        """Return the cells, counted from another origin."""
        return self.cells.plus(float(self.origin - origin)) if origin != self.origin else self.cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Categories:
    """A column's categories and how often they occur; or, where there are too many, buckets of them."""

    names: tuple[str, ...]
    counts: tuple[int, ...]
    bucketed: bool = False

    def in_buckets(self) -> "Categories":
        """Return the categories by the first digits of their MD5, as a side with too many of them has them."""
        if self.bucketed:
            return self
        sums: Counter[str] = Counter()
        for name, count in zip(self.names, self.counts, strict=True):
            sums[hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:DIGITS]] += count
        return Categories(names=tuple(sorted(sums)), counts=tuple(sums[name] for name in sorted(sums)), bucketed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One column of one side: numbers, categories, or a problem."""

    name: str
    kind: Kind
    type: str
    rows: int
    present: int = 0
    """Rows with a value; NaN is none."""
    numbers: Numbers | None = None
    categories: Categories | None = None
    problem: str = ""

    @property
    def missing(self) -> int:
        """Rows without a value."""
        return self.rows - self.present


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """All columns of one side."""

    said: str
    rows: int
    columns: Mapping[str, Counted]
