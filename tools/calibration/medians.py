"""Does the interval of a difference of two median absolute errors hold?

Rows are drawn one by one. Ranks, slopes and bounds are production's; medians and shares are numpy's, not a query's.
"""

from collections.abc import Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray

from gates.measure.numbers.bounds import Spread, enough, quantiles
from gates.measure.numbers.median import NAME, ranks_around, slope_between
from tools.calibration.study import Study

Floats = NDArray[np.float64]
SIZES = (200, 1_000, 5_000)
TRIALS, QUICK_TRIALS = 2_000, 50
WORSE = 1.1
LEVELS = (0.025, 0.05, 0.95, 0.975)


def medians(*, quick: bool) -> Iterator[Study]:
    """Simulate a worse model with normal errors, and an equal one with lognormal ones."""
    for rows, (tails, worse) in product(SIZES[:1] if quick else SIZES, (("normal", True), ("lognormal", False))):
        yield _simulated(rows, tails, QUICK_TRIALS if quick else TRIALS, worse=worse)


def _simulated(rows: int, tails: str, trials: int, *, worse: bool) -> Study:
    random = np.random.default_rng([8, rows, len(tails)])
    truth = _truth(tails) * (WORSE - 1) if worse else 0.0
    found = sum(_outcome(_errors(random, rows, tails, worse=worse), truth) for _ in range(trials))
    inconclusive, covered, passed, alarmed = (int(count) for count in np.asarray(found))
    return Study(
        name=NAME,
        setting=f"{tails} errors; {'worse by the margin' if worse else 'equal'}",
        n=rows,
        trials=trials,
        inconclusive=inconclusive,
        covered=covered,
        false_pass=passed if worse else None,
        false_alarm=None if worse else alarmed,
    )


def _errors(random: np.random.Generator, rows: int, tails: str, *, worse: bool) -> Floats:
    """Draw the absolute errors of both models (first axis), which share half of their variance."""
    shared, *own = random.normal(size=(3, rows))
    errors = np.abs(np.sqrt(0.5) * (shared + np.stack(own)))
    errors = np.exp(errors) if tails == "lognormal" else errors
    return np.asarray(errors * np.array([[WORSE if worse else 1.0], [1.0]]))


def _truth(tails: str) -> float:
    """Return the true median of the champion's absolute errors."""
    normal = 0.6744897501960817
    return float(np.exp(normal)) if tails == "lognormal" else normal


def _outcome(errors: Floats, truth: float) -> NDArray[np.int64]:
    """Return, as ones and zeros: inconclusive, covered, the upper bound is too low, the lower one is too high."""
    value, spread = difference(errors)
    if not enough(spread, "row"):
        return np.array([1, 0, 0, 0])
    low, lower, upper, high = quantiles(value, spread, LEVELS)
    return np.array([0, low <= truth <= high, upper < truth, lower > truth], dtype=np.int64)


def difference(errors: Floats) -> tuple[float, Spread]:
    """Return the difference of two models' medians, and the spread of the rows' influences on it."""
    each = [_influence(some) for some in errors]
    (first, ours, slope), (second, theirs, other) = each
    spread = _spread(slope * ours - other * theirs)
    return first - second, Spread(
        units=spread.units, second=spread.second, third=spread.third, fourth=spread.fourth, reach=max(slope, other)
    )


def _influence(errors: Floats) -> tuple[float, Floats, float]:
    """Return the median, how far each row's share above it is from the mean, and the median's slope to that share."""
    rows, median = len(errors), float(np.median(errors))
    above = (errors > median) - (errors > median).mean()
    ranks = ranks_around(rows, _spread(above))
    sides = np.partition(errors, ranks)[list(ranks)]
    return median, above, slope_between((float(sides[0]), float(sides[1])), ranks, rows)


def _spread(parts: Floats) -> Spread:
    second, third, fourth = (float((parts**power).mean()) for power in (2, 3, 4))
    return Spread(units=len(parts), second=second, third=third, fourth=fourth)
