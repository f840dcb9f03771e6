"""Into which classes do both sides' values go, to be compared as counts?

Numbers: the deciles of the reference, and what lies outside it. Texts and truths: one class a category.
"""

from dataclasses import dataclass

import numpy as np

from gates.drift_facts import Bin, OneSided
from gates.measure.drift.cells import Cells, Counts, Floats
from gates.measure.drift.side import Categories
from gates.measure.drift.tables import Blurred
from gates.wording import number

QUANTILES = 10
FILLED = 10
"""Values of the reference for each quantile: with fewer than a hundred there are fewer quantiles than deciles."""
SHOWN = 20
"""Bins that a fact shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """Counts of both sides over the same classes, none of them empty on both sides."""

    names: tuple[str, ...]
    reference: Counts
    current: Counts
    blurred: Blurred | None = None
    """None where it is known of each value in which class it is."""

    @property
    def sizes(self) -> tuple[int, int]:
        """How many values each side has."""
        return int(self.reference.sum()), int(self.current.sum())

    def shown(self) -> tuple[Bin, ...]:
        """Return the classes in their order, or the most frequent ones where there are many."""
        places = list(range(len(self.names)))
        if len(places) > SHOWN:
            totals = self.reference + self.current
            places = sorted(places, key=lambda place: (-int(totals[place]), self.names[place]))[:SHOWN]
        return tuple(
            Bin(name=self.names[place], reference=int(self.reference[place]), current=int(self.current[place]))
            for place in places
        )

    def only(self, side: Counts, other: Counts) -> OneSided:
        """Return the classes that only one side has."""
        places = np.flatnonzero((other == 0) & (side > 0))
        ordered = sorted(places.tolist(), key=lambda place: (-int(side[place]), self.names[place]))
        return OneSided(
            count=len(ordered),
            share=float(side[places].sum() / side.sum()) if side.sum() else 0.0,
            named=tuple(self.names[place] for place in ordered[:5]),
        )


def of_numbers(reference: Cells, current: Cells) -> Classes:
    """Return the counts of values up to each decile of the reference, below its least and above its largest value.

    A decile is somewhere in its cell, and the class ends where the cell does: `blurred` counts what may be beyond it.
    """
    cuts = _cuts(reference)
    counts = [_placed(side, cuts.at) for side in (reference, current)]
    return _some(_names(cuts.at), counts, _blurred((reference, current), cuts))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cuts:
    at: Floats
    """The least value of the reference, and its distinct deciles up to its largest one."""
    earliest: Floats
    """Where each can be at the earliest."""


def _cuts(reference: Cells) -> _Cuts:
    parts = max(2, min(QUANTILES, reference.total // FILLED))
    places = np.unique(reference.places(np.arange(1, parts + 1) / parts))
    at, earliest = reference.high[places], reference.low[places].copy()
    earliest[-1] = at[-1]
    return _Cuts(at=np.r_[reference.low[0], at], earliest=np.r_[reference.low[0], earliest])


def deciles(reference: Cells) -> Floats:
    """Return the values at which the classes of numbers are cut, but for the ends."""
    return _cuts(reference).at[1:-1]


def _placed(cells: Cells, cuts: Floats) -> Counts:
    """Return counts: below the least, up to each cut (the first class holds the least itself), above the last."""
    places = 1 + np.searchsorted(cuts[1:], cells.low, "left")
    places[cells.high < cuts[0]] = 0
    return np.bincount(places, weights=cells.counts, minlength=len(cuts) + 1).astype(np.int64)


def _blurred(sides: tuple[Cells, Cells], cuts: _Cuts) -> Blurred:
    """Count the values that may be beyond a cut, at the class that has them and at the one that may."""
    lost, gained = (np.zeros((2, len(cuts.at) + 1), dtype=np.int64) for _ in range(2))
    for row, cells in enumerate(sides):
        ends = np.r_[0, np.cumsum(cells.counts)]
        begun = ends[np.searchsorted(cells.low, cuts.at, "right")]
        beyond = begun - ends[np.searchsorted(cells.high, cuts.earliest, "right")]
        lost[row, 1:-1] = beyond[1:]
        gained[row, 2:] = beyond[1:]
        under = ends[np.searchsorted(cells.low, cuts.at[0], "left")]
        gained[row, 0] = under - ends[np.searchsorted(cells.high, cuts.at[0], "left")]
        lost[row, 1] += gained[row, 0]
    return Blurred(lost=lost, gained=gained)


def _names(cuts: Floats) -> list[str]:
    said = [number(float(cut)) for cut in cuts]
    inner = [f"up to {cut}" for cut in said[1:]]
    return [f"below {said[0]}", *inner, f"above {said[-1]}"]


def of_categories(reference: Categories, current: Categories) -> Classes:
    """Return the counts of all categories of both sides."""
    names = sorted({*reference.names, *current.names})
    counts = [dict(zip(side.names, side.counts, strict=True)) for side in (reference, current)]
    both = [np.array([side.get(called, 0) for called in names], dtype=np.int64) for side in counts]
    return _some(names, both)


def _some(names: list[str], counts: list[Counts], blurred: Blurred | None = None) -> Classes:
    reference, current = counts
    kept = (reference + current) > 0
    return Classes(
        names=tuple(called for called, keep in zip(names, kept, strict=True) if keep),
        reference=reference[kept],
        current=current[kept],
        blurred=None if blurred is None or not blurred.any else blurred.some(kept),
    )
