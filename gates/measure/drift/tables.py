"""How far apart are two rows of counts over the same classes?

PSI, Jensen-Shannon, chi-squared and Cramer's V; all of them sums over classes in an order that depends on content only.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gates.measure.drift.cells import Counts, Floats

EMPTY = 0.5
"""What an empty class is taken to hold for PSI, which is infinite otherwise."""
LOG2 = float(np.log(2))


def psi(reference: Counts, current: Counts) -> float:
    """Return the population stability index (Siddiqi 2006, Credit Risk Scorecards, chapter 9), natural logarithm.

    Symmetric Kullback-Leibler (Jeffreys) divergence of the two rows of shares; an empty class holds `EMPTY` values.
    """
    shares, shares_too = _filled(reference), _filled(current)
    return float(np.sum((shares_too - shares) * np.log(shares_too / shares)))


def _filled(counts: Counts) -> Floats:
    shares: Floats = np.where(counts == 0, EMPTY, counts) / counts.sum()
    return shares


def divergence(reference: Counts | Floats, current: Counts | Floats) -> float:
    """Return the Jensen-Shannon divergence, base 2 (Lin 1991, IEEE Transactions on Information Theory 37:145)."""
    return max(0.0, float(np.sum(terms(reference / reference.sum(), current / current.sum()))))


def terms(shares: Floats, shares_too: Floats) -> Floats:
    """Return each class's part of the Jensen-Shannon divergence, base 2."""
    middle = (shares + shares_too) / 2
    return (_entropy(shares, middle) + _entropy(shares_too, middle)) / (2 * LOG2)


def _entropy(shares: Floats, middle: Floats) -> Floats:
    some = shares > 0
    return np.where(some, shares * np.log(np.where(some, shares, 1.0) / np.where(some, middle, 1.0)), 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blurred:
    """How many values a class may hold less (`lost`) or more (`gained`) than it is counted with; one row for a side."""

    lost: Counts
    gained: Counts

    def some(self, kept: NDArray[np.bool_]) -> "Blurred":
        """Return some of the classes."""
        return Blurred(lost=self.lost[:, kept], gained=self.gained[:, kept])

    @property
    def any(self) -> bool:
        """Is there a value of which it is not known in which class it is?"""
        return bool(self.lost.any() or self.gained.any())


def psi_reach(reference: Counts, current: Counts, blurred: Blurred) -> tuple[float, float]:
    """Return the least and the largest that the population stability index can be."""
    return _reach(lambda one, two: (two - one) * np.log(two / one), (reference, current), blurred, EMPTY)


def divergence_reach(reference: Counts, current: Counts, blurred: Blurred) -> tuple[float, float]:
    """Return the least and the largest that the Jensen-Shannon divergence can be."""
    least, most = _reach(terms, (reference, current), blurred, 0.0)
    return least, min(1.0, most)


def _reach(
    term: Callable[[Floats, Floats], Floats], counts: tuple[Counts, Counts], blurred: Blurred, empty: float
) -> tuple[float, float]:
    """Bound a sum over classes.

    Each term is convex in both shares and 0 where they are equal, so that its extremes are at corners or there.
    """
    (low, high), (low_too, high_too) = (
        (np.maximum(side - lost, empty) / side.sum(), np.maximum(side + gained, empty) / side.sum())
        for side, lost, gained in zip(counts, blurred.lost, blurred.gained, strict=True)
    )
    corners = np.stack([term(one, two) for one in (low, high) for two in (low_too, high_too)])
    apart = (low > high_too) | (low_too > high)
    return float(np.sum(np.where(apart, corners.min(axis=0), 0.0))), float(np.sum(corners.max(axis=0)))


def chi2(reference: Counts, current: Counts) -> tuple[float, int]:
    """Return Pearson's chi-squared and its degrees of freedom, as `scipy.stats.chi2_contingency` without correction."""
    totals, both = reference + current, reference.sum() + current.sum()
    parts = []
    for row in (reference, current):
        expected = totals * (row.sum() / both)
        parts.append(np.sum((row - expected) ** 2 / expected))
    return float(parts[0] + parts[1]), len(totals) - 1


def cramers_v(statistic: float, rows: int) -> float:
    """Return Cramer's V of a table with two rows: the square root of chi-squared over the number of rows."""
    return float(np.sqrt(statistic / rows))
