"""What do score metrics come to when there are more than two classes, read from the rows themselves?"""

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from gates.measure.scores.arrays import Floats, Mask
from gates.measure.scores.exact import CALIBRATION, calibration, ladder, loss, scattered
from gates.measure.scores.ladder import roc_auc
from gates.measure.scores.losses import LOSSES
from gates.measure.scores.measured import Measured
from gates.measure.scores.sample import Sample

Units = tuple[float, Floats]


def measured(sample: Sample, names: Sequence[str]) -> dict[str, Measured]:
    """Measure a sample of at least one row, for areas under curves of at least one row of each class."""
    found = {name: loss(sample, name) for name in names if name in LOSSES}
    found |= {name: _area(sample, MEANS[name]) for name in names if name in MEANS}
    return found | ({CALIBRATION: _calibration(sample)} if CALIBRATION in names else {})


def _area(sample: Sample, area: Callable[[Sample, Floats], Units]) -> Measured:
    values, units = zip(*(area(sample, scores) for scores in sample.scores), strict=True)
    return scattered(sample, units, Measured(values=values, baseline=0.5))


def one_against_rest(sample: Sample, scores: Floats) -> Units:
    """Return the mean over classes of the area that tells a class from all others, and what each row adds to it."""
    value, units = 0.0, np.zeros(len(sample.labels))
    for place in range(sample.classes):
        area, added = _told_apart(sample.labels == place, scores[:, place])
        value += area / sample.classes
        units += added / sample.classes
    return value, units


def one_against_one(sample: Sample, scores: Floats) -> Units:
    """Return the mean over ordered pairs of classes of the area that tells the first from the second by its score.

    Hand and Till 2001, Machine Learning 45:171-186, as scikit-learn averages them.
    """
    pairs = [pair for both in combinations(range(sample.classes), 2) for pair in (both, both[::-1])]
    value, units = 0.0, np.zeros(len(sample.labels))
    rows = [np.flatnonzero(sample.labels == place) for place in range(sample.classes)]
    for first, second in pairs:
        both = np.concatenate([rows[first], rows[second]])
        area, added = _told_apart(np.arange(len(both)) < len(rows[first]), scores[both, first])
        value += area / len(pairs)
        units[both] += added / len(pairs)
    return value, units


def _told_apart(positive: Mask, scores: Floats) -> Units:
    steps = np.unique(scores, return_inverse=True)[1]
    ranked = roc_auc(ladder(positive, steps))
    return ranked.value, ranked.adds(positive.astype(np.int64), steps)


def _calibration(sample: Sample) -> Measured:
    """Measure how far the top class's probability is from how often it is the true one; of equals, the first class."""
    tops = [scores.max(axis=1) for scores in sample.scores]
    hits = [(scores.argmax(axis=1) == sample.labels).astype(np.float64) for scores in sample.scores]
    return calibration(sample, tops, hits)


MEANS: dict[str, Callable[[Sample, Floats], Units]] = {
    "roc_auc_ovr": one_against_rest,
    "roc_auc_ovo": one_against_one,
}
