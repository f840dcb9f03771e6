"""Does chance alone explain that two samples differ?

Tests whose error is bounded at any number of rows; how far both sides are apart is another matter.
"""

from collections.abc import Sequence

import numpy as np

from gates.measure.drift.cells import Counts
from gates.measure.drift.tables import LOG2, chi2
from gates.measure.drift.tails import chi2_tail, kolmogorov_tail, noncentrality

FILLED = 5
"""Expected values a class needs on both sides for chi-squared (Cochran 1954, Biometrics 10:417); others are pooled."""
POWER = 0.8


def of_table(reference: Counts, current: Counts) -> float:
    """Return the p-value that both rows of counts are samples of the same.

    The smaller of two, doubled (Bonferroni): chi-squared over classes that are filled, the others pooled, sees many
    small differences; Chernoff's bound of the most surprising single class, times their number, sees a new category
    that is too small for chi-squared, and holds at any counts.
    """
    return min(1.0, 2 * min(pearson(*pooled(reference, current)), surprise(reference, current)))


def pearson(reference: Counts, current: Counts) -> float:
    """Return chi-squared's p-value; 1 when there is one class or none."""
    return chi2_tail(*chi2(reference, current))


def pooled(reference: Counts, current: Counts) -> tuple[Counts, Counts]:
    """Return the counts with all classes too empty for chi-squared as one, or beside the emptiest of the others.

    What is pooled depends on the sum of both sides only, and so does not tell them apart.
    """
    totals = reference + current
    share = min(reference.sum(), current.sum()) / totals.sum()
    rare = totals * share < FILLED
    if 0 < totals[rare].sum() * share < FILLED and not rare.all():
        rare |= (np.cumsum(~rare & (totals == totals[~rare].min())) == 1) & ~rare
    if not rare.any():
        return reference, current
    return _with_one(reference, rare), _with_one(current, rare)


def _with_one(counts: Counts, rare: np.ndarray) -> Counts:
    return np.append(counts[~rare], counts[rare].sum())


def surprise(reference: Counts, current: Counts) -> float:
    """Return a bound of the p-value of the most surprising class among all.

    Given a class's number of values on both sides, those of one side are hypergeometric, and Chernoff's bound holds
    (Hoeffding 1963, Journal of the American Statistical Association 58:13, theorems 1 and 4).
    """
    totals = reference + current
    both, of_current = totals.sum(), current.sum()
    if both in (of_current, reference.sum()):
        return 1.0
    found, usual = current / totals, float(of_current / both)
    logs = totals * (_relative(found, usual) + _relative(1 - found, 1 - usual))
    return float(min(1.0, 2 * len(totals) * np.exp(-np.max(logs))))


def _relative(found: np.ndarray, usual: float) -> np.ndarray:
    some = found > 0
    return np.where(some, found * np.log(np.where(some, found, 1.0) / usual), 0.0)


def kolmogorov_smirnov(statistic: float, reference: int, current: int) -> float:
    """Return the two-sided p-value by Kolmogorov's limit distribution, which is conservative for few rows and ties."""
    return kolmogorov_tail(statistic * float(np.sqrt(reference * (current / (reference + current)))))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values corrected for their number (Holm 1979, Scandinavian Journal of Statistics 6:65)."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    found, largest = [1.0] * len(p_values), 0.0
    for rank, place in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[place]))
        found[place] = largest
    return found


def detectable(degrees: int, sizes: tuple[int, int], alpha: float) -> float:
    """Return the Jensen-Shannon distance that chi-squared shows at level `alpha` with a power of 80 %.

    The noncentrality that gives this power, and divergence = noncentrality (1/n + 1/m) / (8 ln 2), the leading term.
    """
    if min(sizes) == 0:
        return 1.0
    away = noncentrality(max(degrees, 1), alpha, POWER)
    return float(min(1.0, np.sqrt(away * (1 / sizes[0] + 1 / sizes[1]) / (8 * LOG2))))
