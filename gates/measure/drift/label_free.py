"""How good is the model now, if its scores can be believed as before? Estimated without labels.

Confidence-based performance estimation (CBPE, as nannyml has it; Bialek et al. 2024, Estimating Model Performance Under
Covariate Shift Without Labels): a calibrated score is the probability that its row is
positive, so expected counts of hits and misses follow from scores alone.
"""

import numpy as np

from gates.drift_facts import EstimatedMetric, LabelFree
from gates.measure.drift.asked import Limits
from gates.measure.drift.binary import METRICS, Positives, counted, expected, metric, variance
from gates.measure.drift.cells import Floats
from gates.measure.drift.scored import Scored
from gates.measure.rounding import rounded
from gates.wording import number

CLASSES = 10
FEWEST = 300
"""Labelled rows of the reference for its calibration to be known."""
RARER = 30
"""Expected rows of the rarer class, below which there is no interval."""
NINETY_FIVE = 1.959963984540054
ASSUMPTIONS = (
    "The scores are calibrated: of rows scored 0.7, seven in ten are positive. Checked on the reference's labels.",
    "The relation of inputs and labels has not changed (no concept drift). Cannot be checked without labels.",
    "Inputs are like those that the reference has: scores of rows unlike all of them may be off.",
)


def label_free(reference: Scored, current: Scored, limits: Limits) -> LabelFree:
    """Estimate metrics of the current rows; refused where the reference does not show calibrated scores."""
    labelled = reference.labelled
    if labelled.rows < FEWEST:
        few = f"{labelled.rows:,} labels in the reference do not tell whether scores are calibrated"
        return _refused(limits, f"{few}; {FEWEST} are needed.")
    error = calibration_error(labelled)
    if error > limits.calibration:
        numbers = f"error {number(error)}, limit {number(limits.calibration)}"
        return _refused(limits, f"The scores are not calibrated on the reference: {numbers}.", error)
    rows = counted(labelled), expected(labelled), expected(current)
    return LabelFree(
        metrics=tuple(_estimated(name, *rows) for name in METRICS),
        calibration_error=rounded(error),
        calibration_limit=limits.calibration,
        assumptions=ASSUMPTIONS,
    )


def _refused(limits: Limits, problem: str, error: float | None = None) -> LabelFree:
    return LabelFree(
        calibration_error=rounded(error), calibration_limit=limits.calibration, assumptions=ASSUMPTIONS, problem=problem
    )


def calibration_error(labelled: Scored) -> float:
    """Return the root mean squared difference of scores and rates, over ten classes of about equal size.

    Without what chance adds to it (Kumar, Liang and Ma 2019, Verified Uncertainty Calibration, NeurIPS, section 5).
    """
    order = np.argsort(labelled.score, kind="stable")
    counts: Floats = labelled.counts[order].astype(np.float64)
    places = np.minimum((np.cumsum(counts) - counts / 2) * CLASSES // counts.sum(), CLASSES - 1).astype(np.int64)
    sums = [
        np.bincount(places, weights=weights)
        for weights in (counts, counts * labelled.score[order], counts * (labelled.label[order] == 1))
    ]
    some = sums[0] > 1
    sizes = sums[0][some]
    scores, ones = sums[1][some] / sizes, sums[2][some] / sizes
    squares = (ones - scores) ** 2 - ones * (1 - ones) / (sizes - 1)
    return float(np.sqrt(max(0.0, np.sum(squares * sizes) / np.sum(sizes))))


def _estimated(name: str, told: Positives, promised: Positives, now: Positives) -> EstimatedMetric:
    """Return one metric; its interval holds the labels' chance, and how well the reference knows the calibration."""
    values = [metric(name, rows) for rows in (told, promised, now)]
    said = [None if value is None else rounded(value[0]) for value in values]
    low = high = None
    last, before = values[2], values[1]
    rarer = min(now.positive.sum(), (now.counts - now.positive).sum())
    if last is not None and before is not None and rarer >= RARER:
        away = NINETY_FIVE * float(np.sqrt(variance(last[1], now) + variance(before[1], promised)))
        low, high = rounded(max(0.0, last[0] - away)), rounded(min(1.0, last[0] + away))
    return EstimatedMetric(
        metric=name, reference=said[0], reference_estimated=said[1], current=said[2], low=low, high=high
    )
