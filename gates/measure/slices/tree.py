"""Which parts of the rows, by one or two columns, have a high loss, and which a low one?

A regression tree of two levels (Breiman, Friedman, Olshen and Stone 1984, chapter 8): each split is the one that
explains most of the loss's variance. Parts of a column that does not rise are put in the order of their losses, where
the best of all divisions in two is one of neighbours (Fisher 1958, JASA 53:789-798). It ends where a split could be
chance: the two sides differ by less than the splits that were tried make likely at 5 % (Bonferroni).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gates.confidence import ALPHA, NORMAL
from gates.measure.prepared import Prepared
from gates.measure.slices.cuts import Cut
from gates.measure.slices.losses import Losses
from gates.measure.slices.sums import Sums, sums

LEVELS = 2
SMALLEST = 50
"""Rows of a part."""
SHARE = 0.01
"""Of all rows, that a part has at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Some parts of a column."""

    cut: Cut
    parts: tuple[int, ...]

    @property
    def sql(self) -> str:
        """A condition that is true of these parts' rows."""
        return f"({self.cut.sql}) IN ({', '.join(map(str, self.parts))})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """Rows of one part of the tree."""

    path: tuple[Side, ...]
    sums: Sums


Parts = Mapping[str, Sequence[Sums]]
"""The sums of each part, by column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Split:
    """A column's parts in two."""

    cut: Cut
    sides: tuple[tuple[int, ...], tuple[int, ...]]
    sums: tuple[Sums, Sums]

    @property
    def gain(self) -> Fraction:
        """How much of the sum of squares it explains."""
        first, second = self.sums
        return Fraction(first.rows * second.rows, first.rows + second.rows) * (first.mean - second.mean) ** 2

    def by_chance(self, tried: int) -> bool:
        """Could so many tries have brought a difference like this where there is none?"""
        first, second = self.sums
        error = math.sqrt(first.variance / first.rows + second.variance / second.rows)
        return abs(float(first.mean - second.mean)) <= error * -NORMAL.inv_cdf(ALPHA / (2 * tried))


def leaves(prepared: Prepared, losses: Losses, cuts: Sequence[Cut], found: Parts) -> tuple[Leaf, ...]:
    """Grow the tree from the sums of each part of each column; one leaf where no split says anything."""
    least = max(SMALLEST, math.ceil(SHARE * prepared.count))
    tree = _Tree(prepared=prepared, losses=losses, cuts=cuts, least=least)
    return tuple(tree.below(Leaf(path=(), sums=sum(next(iter(found.values())), Sums())), found, LEVELS))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tree:
    """What all parts of the tree are grown from."""

    prepared: Prepared
    losses: Losses
    cuts: Sequence[Cut]
    least: int
    """Rows of a leaf."""

    def below(self, leaf: Leaf, found: Parts, levels: int) -> Iterator[Leaf]:
        """Yield the leaves that a leaf is split into, so many levels down; itself where no split says anything."""
        tried = [split for one in self.cuts for split in _splits(one, found[one.feature], self.least)]
        best = max(tried, key=lambda split: split.gain, default=None)
        if best is None or best.by_chance(len(tried)):
            yield leaf
            return
        for parts, sums_ in zip(best.sides, best.sums, strict=True):
            side = Leaf(path=_with(leaf.path, Side(cut=best.cut, parts=parts)), sums=sums_)
            if levels == 1:
                yield side
            else:
                yield from self.below(side, self._parts_of(side), levels - 1)

    def _parts_of(self, leaf: Leaf) -> Parts:
        where = " AND ".join(side.sql for side in leaf.path)
        return sums(self.prepared, self.losses, self.cuts, where)


def _with(path: tuple[Side, ...], side: Side) -> tuple[Side, ...]:
    """Add a side; of the same column twice, only parts that are in both."""
    same = [one for one in path if one.cut is side.cut]
    others = tuple(one for one in path if one.cut is not side.cut)
    kept = tuple(part for part in side.parts if all(part in one.parts for one in same))
    return (*others, Side(cut=side.cut, parts=kept))


def _splits(cut: Cut, found: Sequence[Sums], least: int) -> Iterator[_Split]:
    there = [part for part, one in enumerate(found) if one.rows]
    order = there if cut.ordered else sorted(there, key=lambda part: (found[part].mean, part))
    for size in range(1, len(order)):
        sides = tuple(sorted(order[:size])), tuple(sorted(order[size:]))
        both = tuple(sum((found[part] for part in parts), Sums()) for parts in sides)
        if min(one.rows for one in both) >= least:
            yield _Split(cut=cut, sides=sides, sums=(both[0], both[1]))
