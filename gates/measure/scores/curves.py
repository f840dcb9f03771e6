"""Which share of the positives is found, and at which price, as ever more rows are taken for positive?

From the same ladders that ranking metrics are computed from. A curve keeps a few points, the same whatever the order of
the rows: where it first reaches each of many equal steps, on either axis.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from gates.answer_facts import Curve, Reliability, ReliabilityPoint, Who
from gates.measure.prepared import Prepared
from gates.measure.rounding import rounded
from gates.measure.scores.arrays import Codes, Floats
from gates.measure.scores.estimating import EXACT_NUMBERS
from gates.measure.scores.exact import ladder
from gates.measure.scores.histogram import BINS
from gates.measure.scores.ladder import Ladder
from gates.measure.scores.reading import samples
from gates.measure.scores.reliability import ReliabilityBin
from gates.measure.scores.reliable import reliability
from gates.measure.scores.tables import tables

STEPS = 48
"""Steps on each axis; a curve has at most twice as many points, and its two ends."""
SHARES = (0.01, 0.05, 0.1, 0.2)
"""Of negatives that are taken for positive, for which it is told how many positives are found."""
RECALLS = (0.25, 0.5, 0.75, 0.9)
"""For which the precision is told."""
WHO: tuple[Who, ...] = ("challenger", "champion")


def curves(prepared: Prepared, *, exact_numbers: int = EXACT_NUMBERS) -> tuple[Curve, ...]:
    """Return the ROC and the precision-recall curve of each model of a binary task; none where a class is missing."""
    found: list[Curve] = []
    for who, one in zip(WHO, _ladders(prepared, exact_numbers), strict=False):
        if one.positives.any() and one.negatives.any():
            found += [_roc(one, who), _precision_recall(one, who)]
    return tuple(found)


def reliability_point(one: ReliabilityBin) -> ReliabilityPoint:
    """Return a bin of a diagram as it is told."""
    return ReliabilityPoint(
        low=one.low,
        high=one.high,
        rows=one.count,
        mean_score=_kept(one.mean_score),
        share=_kept(one.share_positive),
        share_low=_kept(one.interval[0]),
        share_high=_kept(one.interval[1]),
    )


def reliabilities(prepared: Prepared) -> tuple[Reliability, ...]:
    """Return the reliability diagram of each model whose scores are probabilities."""
    found = reliability(prepared, ()).get((), {})
    return tuple(
        Reliability(
            who=who,
            points=tuple(map(reliability_point, found[who])),
        )
        for who in WHO
        if who in found
    )


def _ladders(prepared: Prepared, exact_numbers: int) -> Iterator[Ladder]:
    """Yield each model's ladder: of distinct scores, or of bins where there are too many rows to fetch."""
    if prepared.count * len(prepared.who) <= exact_numbers:
        sample = samples(prepared, ())[()]
        yield from (ladder(sample.labels == 1, steps) for steps in sample.steps)
        return
    for (ranked,) in tables(prepared, (), ("roc_auc",), BINS).ranked:
        counts = ranked.counts[0]
        yield Ladder(positives=counts[1], negatives=counts[0], mixed=np.zeros(counts.shape[1], dtype=np.bool_))


def _taken(counts: Codes) -> Floats:
    """Return how many are on each step or above, from the highest step down."""
    return np.asarray(np.cumsum(counts[::-1]), dtype=np.float64)


def _roc(one: Ladder, who: Who) -> Curve:
    wrong, right = (np.r_[0.0, _taken(counts) / counts.sum()] for counts in (one.negatives, one.positives))
    told = [right[np.searchsorted(wrong, share, side="right") - 1] for share in SHARES]
    return Curve(kind="roc", who=who, points=_points(wrong, right), told=_pairs(SHARES, told))


def _precision_recall(one: Ladder, who: Who) -> Curve:
    right, wrong = _taken(one.positives), _taken(one.negatives)
    shown = right + wrong > 0
    right, wrong = right[shown], wrong[shown]
    recall, precision = right / right[-1], right / (right + wrong)
    told = [precision[np.searchsorted(recall, share)] for share in RECALLS]
    points = _points(np.r_[0.0, recall], np.r_[precision[0], precision])
    return Curve(kind="precision_recall", who=who, points=points, told=_pairs(RECALLS, told))


def _pairs(x: Iterable[float], y: Iterable[float]) -> tuple[tuple[float, float], ...]:
    return tuple((_kept(float(one)), _kept(float(other))) for one, other in zip(x, y, strict=True))


def _points(x: Floats, y: Floats) -> tuple[tuple[float, float], ...]:
    """Keep a few points: where either axis first reaches each step, counted from where it begins, and both ends."""
    steps = np.linspace(0.0, 1.0, STEPS + 1)
    kept = {0, len(x) - 1}
    for axis in (x, np.abs(y - y[0])):
        reached = np.searchsorted(np.maximum.accumulate(axis), steps)
        kept |= set(reached[reached < len(axis)].tolist())
    places = sorted(kept)
    return _pairs(x[places], y[places])


def _kept(value: float) -> float:
    return rounded(value) or 0.0
