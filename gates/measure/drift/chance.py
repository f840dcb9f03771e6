"""How far apart are two samples of the same by chance alone?

The Jensen-Shannon divergence of two samples is never negative, and it grows with the number of classes and falls with
the number of rows. What chance gives is known: if the sides were exchangeable, then each class's values on one side
would be drawn without replacement from the values of both (hypergeometric), and the divergence is a sum over classes.
"""

import math

import numpy as np

from gates.measure.drift.cells import Counts, Floats
from gates.measure.drift.tables import LOG2, divergence, terms
from gates.measure.drift.tails import log_gamma

MOSTLY = 0.5
FEW = 30.0
"""Expected values below which a class's mean is summed over the distribution, and not read from its variance."""


def distance(reference: Counts, current: Counts) -> float:
    """Return the Jensen-Shannon distance without what chance gives: 0 is chance, 1 is nothing in common."""
    return adjusted(divergence(reference, current), between(reference, current))


def adjusted(found: float, by_chance: float) -> float:
    """Return the distance of a divergence, without the one that chance gives.

    (divergence - expected) / (1 - expected), as mutual information is adjusted (Vinh, Epps and Bailey 2010, Journal of
    Machine Learning Research 11:2837), of which the divergence is a case; the distance is its square root.
    """
    if by_chance >= 1.0 - 1e-9:
        return 0.0
    return math.sqrt(max(0.0, (found - by_chance) / (1.0 - by_chance)))


def blind(by_chance: float) -> bool:
    """Would chance alone explain most of the divergence that there can be, as of ids that occur once?"""
    return by_chance > MOSTLY


def between(reference: Counts, current: Counts) -> float:
    """Return the divergence that chance gives to counts of both sides."""
    return expected(reference + current, int(reference.sum()), int(current.sum()))


def expected(totals: Counts, reference: int, current: int) -> float:
    """Return the mean divergence over all ways to deal the values of both sides to sides of these sizes."""
    sizes, times = np.unique(totals, return_counts=True)
    small = sizes * (min(reference, current) / (reference + current)) < FEW
    parts = np.zeros(len(sizes))
    parts[~small] = _by_variance(sizes[~small], reference, current)
    parts[small] = _summed(sizes[small], reference, current)
    return float(np.sum(parts * times))


def _by_variance(totals: Counts, reference: int, current: int) -> Floats:
    """Return the mean part of classes of many values: (difference of shares)^2 / (8 share ln 2), its leading term."""
    both = reference + current
    variance = totals * (reference / both) * (current / both) * ((both - totals) / max(both - 1, 1))
    of_difference = variance * (both / reference / current) ** 2
    return of_difference / (8 * (totals / both) * LOG2)


def _summed(totals: Counts, reference: int, current: int) -> Floats:
    """Return the mean part of classes of few values on the smaller side, over its hypergeometric distribution."""
    less, more = sorted((reference, current))
    longest = int(4 * FEW)
    found = np.zeros(len(totals))
    drawn = np.arange(longest + 1, dtype=np.float64)
    for start in range(0, len(totals), 4096):
        part = totals[start : start + 4096, None].astype(np.float64)
        possible = (drawn <= part) & (drawn <= less) & (part - drawn <= more)
        logs = np.where(possible, _log_chance(part, drawn, less, more), -np.inf)
        chances = np.exp(logs - np.max(logs, axis=1, keepdims=True))
        chances /= np.sum(chances, axis=1, keepdims=True)
        rest = np.maximum(part - drawn, 0.0)
        found[start : start + 4096] = np.sum(chances * terms(drawn / less, rest / more), axis=1)
    return found


def _log_chance(totals: Floats, drawn: Floats, less: int, more: int) -> Floats:
    """Return the logarithm of the hypergeometric probability; of no matter where it is impossible."""
    return (
        _log_choose(np.full_like(drawn, float(less)), drawn)
        + _log_choose(np.full_like(totals, float(more)), totals - drawn)
        - _log_choose(np.full_like(totals, float(less + more)), totals)
    )


def _log_choose(of: Floats, taken: Floats) -> Floats:
    some = np.clip(taken, 0.0, of)
    return log_gamma(of + 1) - log_gamma(some + 1) - log_gamma(of - some + 1)
