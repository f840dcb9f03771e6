"""What are a binary model's metrics, if so many of each class of rows are positive, and how do they move with them?

The number of positives in a class of rows is counted from labels, or expected from calibrated scores. Each metric comes
with its derivative by these numbers, from which its variance follows (delta method).
"""

from dataclasses import dataclass

import numpy as np

from gates.measure.drift.cells import Floats
from gates.measure.drift.scored import Marks, Scored

METRICS = ("accuracy", "precision", "recall", "f1", "roc_auc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Positives:
    """Classes of rows: by class of score and prediction."""

    place: Marks
    said: Marks
    counts: Floats
    positive: Floats
    variance: Floats
    """Of `positive`, given the rows: of labels that are drawn with the scores as probabilities."""


def expected(found: Scored) -> Positives:
    """Return how many positives scores promise, whatever the labels are."""
    sums = _summed(found, found.counts * found.score)
    spread = _summed(found, found.counts * found.score * (1 - found.score))
    return Positives(place=sums[0], said=sums[1], counts=sums[2], positive=sums[3], variance=spread[3])


def counted(found: Scored) -> Positives:
    """Return how many positives labels tell, of the rows that have them."""
    labelled = found.labelled
    place, said, counts, positive = _summed(labelled, np.where(labelled.label == 1, labelled.counts, 0).astype(float))
    rate = positive / counts
    return Positives(place=place, said=said, counts=counts, positive=positive, variance=counts * rate * (1 - rate))


def _summed(found: Scored, values: Floats) -> tuple[Marks, Marks, Floats, Floats]:
    groups, places = np.unique(found.place * 2 + found.said, return_inverse=True)
    size = len(groups)
    counts: Floats = np.bincount(places, weights=found.counts, minlength=size).astype(np.float64)
    sums: Floats = np.bincount(places, weights=values, minlength=size).astype(np.float64)
    return (groups // 2).astype(np.int64), (groups % 2).astype(np.int64), counts, sums


def metric(name: str, rows: Positives) -> tuple[float, Floats] | None:
    """Return a metric and its derivative by the positives of each class of rows; None where it has no value."""
    return _area(rows) if name == "roc_auc" else _from_matrix(name, rows)


def _from_matrix(name: str, rows: Positives) -> tuple[float, Floats] | None:
    said, total = rows.said.astype(np.float64), float(rows.counts.sum())
    hits, positives = float(np.sum(rows.positive * said)), float(rows.positive.sum())
    called = float(np.sum(rows.counts * said))
    parts = {
        "accuracy": (total - called - positives + 2 * hits, total, 2 * said - 1, 0.0),
        "precision": (hits, called, said, 0.0),
        "recall": (hits, positives, said, 1.0),
        "f1": (2 * hits, called + positives, 2 * said, 1.0),
    }
    above, below, slope, slope_below = parts[name]
    if below <= 0:
        return None
    value = above / below
    return value, (slope - value * slope_below) / below


def _area(rows: Positives) -> tuple[float, Floats] | None:
    """Return the area under the curve: pairs of a positive and a negative row in order, ties by half."""
    places, of = np.unique(rows.place, return_inverse=True)
    positive = np.bincount(of, weights=rows.positive, minlength=len(places))
    negative = np.bincount(of, weights=rows.counts, minlength=len(places)) - positive
    ones, zeros = float(positive.sum()), float(negative.sum())
    if ones <= 0 or zeros <= 0:
        return None
    below = np.cumsum(negative) - negative / 2
    above = ones - np.cumsum(positive) + positive / 2
    value = float(np.sum(positive * below)) / (ones * zeros)
    slope = (below - above) / (ones * zeros) - value * (1 / ones - 1 / zeros)
    return value, slope[of]


def variance(slope: Floats, rows: Positives) -> float:
    """Return the variance of a metric, given the rows."""
    return float(np.sum(slope**2 * rows.variance))
