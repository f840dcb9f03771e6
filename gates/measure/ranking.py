"""How well do scores put positives above negatives?"""

import numpy as np
from numpy.typing import NDArray

from gates.measure.estimate import Estimate, by_normal, by_resampling
from gates.measure.resampling import row_draws
from gates.measure.rows import Answers, Floats, Rows
from gates.measure.unusable import UnusableError

Mask = NDArray[np.bool_]


def roc_auc(rows: Rows, seed: int) -> Estimate:
    """Estimate the area under the ROC curve with paired DeLong intervals.

    DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44:837-845, by midranks (Sun and Xu 2014, IEEE SPL 21:1389-1393).
    """
    del seed
    positives = rows.labels == rows.positive
    sizes = int(positives.sum()), int((~positives).sum())
    if min(sizes) < 2:  # noqa: PLR2004 - a variance needs two
        raise UnusableError("its interval needs at least two rows of each class.")
    parts = [_placements(_scores(answers), positives) for answers in rows.both]
    values = tuple(float(above.mean()) for above, _ in parts)
    return by_normal(
        values,
        _error(*parts[0]),
        _error(parts[0][0] - parts[1][0], parts[0][1] - parts[1][1]) if parts[1:] else None,
        baseline=0.5,
        bounds=(0.0, 1.0),
        method="paired DeLong",
    )


def _scores(answers: Answers) -> Floats:
    if answers.scores is None:
        raise UnusableError(answers.score_problem)
    return answers.scores


def _placements(scores: Floats, positives: Mask) -> tuple[Floats, Floats]:
    """Return for each positive the share of negatives below it, and for each negative that of positives above it."""
    ranks = _midranks(scores)
    above = (ranks[positives] - _midranks(scores[positives])) / (~positives).sum()
    below = 1 - (ranks[~positives] - _midranks(scores[~positives])) / positives.sum()
    return above, below


def _midranks(values: Floats) -> Floats:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Floats = (last - (counts - 1) / 2)[inverse]
    return ranks


def _error(above: Floats, below: Floats) -> float:
    return float(np.sqrt(above.var(ddof=1) / len(above) + below.var(ddof=1) / len(below)))


def average_precision(rows: Rows, seed: int) -> Estimate:
    """Estimate the average precision, as scikit-learn defines it, with a paired bootstrap of rows."""
    positives = rows.labels == rows.positive
    curves = [_Curve(_scores(answers), positives) for answers in rows.both]
    once = np.ones(rows.count)
    drawn = [[curve.area(weights) for curve in curves] for weights in row_draws(rows.count, seed)]
    return by_resampling(
        tuple(curve.area(once) for curve in curves),
        tuple(np.array(values) for values in zip(*drawn, strict=True)),
        baseline=float(positives.mean()),
        method="paired bootstrap",
    )


class _Curve:
    """One model's precision and recall, sorted once and weighed often."""

    def __init__(self, scores: Floats, positives: Mask) -> None:
        self._order = np.argsort(-scores, kind="stable")
        ranked = scores[self._order]
        self._ends = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))
        self._positive = positives[self._order]

    def area(self, weights: Floats) -> float:
        """Return the sum of precision times gain of recall over the thresholds; NaN without a positive."""
        ranked = weights[self._order]
        found = np.cumsum(ranked * self._positive)[self._ends]
        shown = np.cumsum(ranked)[self._ends]
        if found[-1] == 0:
            return float("nan")
        precision = np.divide(found, shown, out=np.zeros_like(found), where=shown > 0)
        return float((np.diff(found, prepend=0.0) * precision).sum() / found[-1])
