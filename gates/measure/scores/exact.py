"""What do score metrics come to, read from the rows themselves?"""

from collections.abc import Sequence

import numpy as np

from gates.measure.scores.arrays import Codes, Floats, Mask, counted, summed
from gates.measure.scores.ladder import RANKINGS, Ladder
from gates.measure.scores.losses import LOSSES, baseline
from gates.measure.scores.measured import Measured
from gates.measure.scores.reliability import BINS, bias, bin_of, bins
from gates.measure.scores.sample import Sample
from gates.measure.scores.spread import Spread, Sums, spread

BY_CLASS = ("roc_auc",)
"""Metrics in which each class scatters by itself."""
CALIBRATION = "expected_calibration_error"


def measured(sample: Sample, names: Sequence[str]) -> dict[str, Measured]:
    """Measure a binary sample of at least one row, for ranking metrics of at least one row of each class."""
    found = {name: loss(sample, name) for name in names if name in LOSSES}
    found |= _ranked(sample, [name for name in names if name in RANKINGS])
    return found | ({CALIBRATION: _calibration(sample)} if CALIBRATION in names else {})


def loss(sample: Sample, name: str) -> Measured:
    """Measure a mean of losses by row."""
    losses = [LOSSES[name](sample, scores) for scores in sample.scores]
    values = tuple(float(rows.mean()) for rows in losses)
    units = [(rows - value) / len(rows) for rows, value in zip(losses, values, strict=True)]
    shares = sample.counts / len(sample.labels)
    return scattered(sample, units, Measured(values=values, baseline=baseline(name, shares)))


def scattered(sample: Sample, units: Sequence[Floats], found: Measured, *, by_class: bool = False) -> Measured:
    """Add how the values and their difference scatter, from what each row adds to each model's error."""
    apart = by_class and sample.clusters is None
    strata = [np.flatnonzero(sample.labels == place) for place in range(sample.classes)] if apart else []
    spreads = [_spread(sample, rows, strata) for rows in units]
    gap = _spread(sample, units[0] - units[1], strata) if len(units) > 1 else None
    return found.with_spreads(spreads, gap)


def _spread(sample: Sample, units: Floats, strata: Sequence[Codes]) -> Spread | None:
    if sample.clusters is not None:
        return spread([Sums.of(summed(sample.clusters, units))])
    return spread([Sums.of(units[rows]) for rows in strata] or [Sums.of(units)])


def _ranked(sample: Sample, names: Sequence[str]) -> dict[str, Measured]:
    if not names:
        return {}
    steps = sample.steps or [np.unique(scores, return_inverse=True)[1] for scores in sample.scores]
    ladders = [ladder(sample.labels == 1, places) for places in steps]
    return {name: _ranking(sample, name, steps, ladders) for name in names}


def ladder(positive: Mask, steps: Codes) -> Ladder:
    """Count positives and negatives on each step."""
    size = int(steps.max()) + 1
    above = counted(steps[positive], size)
    return Ladder(positives=above, negatives=counted(steps, size) - above, mixed=np.zeros(size, dtype=np.bool_))


def _ranking(sample: Sample, name: str, steps: Sequence[Codes], ladders: Sequence[Ladder]) -> Measured:
    ranked = [RANKINGS[name](one) for one in ladders]
    units = [one.adds(sample.labels, places) for one, places in zip(ranked, steps, strict=True)]
    trivial = 0.5 if name == "roc_auc" else float(sample.counts[1] / len(sample.labels))
    found = Measured(values=tuple(one.value for one in ranked), baseline=trivial)
    return scattered(sample, units, found, by_class=name in BY_CLASS)


def _calibration(sample: Sample) -> Measured:
    return calibration(sample, list(sample.scores), [sample.labels.astype(np.float64)] * len(sample.scores))


def calibration(sample: Sample, scores: Sequence[Floats], truths: Sequence[Floats]) -> Measured:
    """Measure the expected calibration error of scores of an event, by each model, and whether it came true."""
    values, units, biases = [], [], []
    for said, came_true in zip(scores, truths, strict=True):
        places = bin_of(said)
        found = bins(places, said, came_true)
        gaps = said - came_true - (found.gaps / np.maximum(found.counts, 1))[places]
        adds = found.signs[places] * (said - came_true) / len(said)
        values.append(found.error)
        units.append(adds - adds.mean())
        biases.append(bias(found, _variances(sample, places, gaps)))
    return scattered(sample, units, Measured(values=tuple(values), biases=tuple(biases)))


def _variances(sample: Sample, places: Codes, gaps: Floats) -> Floats:
    """Return how each bin's sum of gaps scatters: squares of what rows, or clusters, add to it."""
    if sample.clusters is None:
        return summed(places, gaps**2, BINS)
    cells, at = np.unique(sample.clusters * BINS + places, return_inverse=True)
    return summed(cells % BINS, summed(at, gaps) ** 2, BINS)
