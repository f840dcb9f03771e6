"""How sure can one be of a score metric, and are there rows enough to say so?"""

import math

from gates.confidence import LEVELS, Confidence
from gates.measure.certainty import kept
from gates.measure.estimated import Estimated, Interval
from gates.measure.rounding import rounded
from gates.measure.scores.bounds import Share, between, mean, shares_apart, within
from gates.measure.scores.losses import LOSSES
from gates.measure.scores.measured import AREAS, Measured
from gates.measure.scores.sample import Tally
from gates.wording import count

FEWEST = {
    "roc_auc": 50,
    "average_precision": 50,
    "log_loss": 20,
    "brier_score": 20,
    "expected_calibration_error": 100,
    "roc_auc_ovr": 50,
    "roc_auc_ovo": 50,
}
"""Rows of the rarest class (of several classes: outside the commonest one, for all but areas) below which intervals do
not hold what they say (docs/calibration.md)."""
FEWEST_CLUSTERS = 50
"""The same of clusters. How few of them the largest losses are in is no reason to leave an interval out: those samples
would stay that lack the largest losses by luck, and err most. It widens the interval instead (`Sums.degrees`)."""
FEWEST_EVEN = 10
"""The same of clusters of rows, and for areas of rows of the rarest class, if they were equally large."""
METHODS = {
    "roc_auc": "DeLong, paired, on the logit scale",
    "average_precision": "influence of each row, paired, on the logit scale",
    "log_loss": "paired differences of rows, t for skewed and heavy-tailed losses",
    "brier_score": "paired differences of rows, t for skewed and heavy-tailed losses",
    "expected_calibration_error": "15 bins of equal width, intervals debiased, holding at least what they say",
    "roc_auc_ovr": "placements, paired, on the logit scale",
    "roc_auc_ovo": "placements, paired, on the logit scale",
}
HIGHEST = {"log_loss": math.inf, "brier_score": 2.0}
"""What a loss cannot exceed."""


def estimated(name: str, found: Measured, on: Tally) -> Estimated:
    """Return what was found with intervals and the difference's distribution, where rows are enough for them."""
    lacking = too_few(name, on)
    spreads = [] if lacking else [one for one in found.spreads if one is not None]
    own = [interval(name, found, place, on) for place in range(len(spreads))] or [None, None]
    return Estimated(
        challenger=found.values[0],
        challenger_interval=own[0],
        champion=found.values[1] if found.values[1:] else None,
        champion_interval=own[1] if found.values[1:] else None,
        difference=difference(name, found, on) if spreads and found.gap is not None else None,
        standard_error=found.gap.error if spreads and found.gap is not None else None,
        baseline=rounded(found.baseline),
        method=METHODS[name] + ("" if on.clusters is None else ", by clusters"),
        effective=rows_told(name, on) if on.clusters is None else on.clusters,
        too_few=lacking,
        error_bound=rounded(found.bound),
    )


def too_few(name: str, on: Tally) -> str:
    """Say what an interval would need; empty where there is enough."""
    if rows_told(name, on) < FEWEST[name]:
        what = "of the rarest class" if name in AREAS else "outside the commonest class"
        return f"{count(rows_told(name, on), 'row')} {what}; intervals of {name} hold from {FEWEST[name]} on."
    if on.clusters is not None and on.clusters < FEWEST_CLUSTERS:
        return f"{count(on.clusters, 'cluster')}; intervals of {name} hold from {FEWEST_CLUSTERS} on."
    even = on.even if name in AREAS else on.even[:1]
    if even and min(even) < FEWEST_EVEN:
        of_all = even[0] < FEWEST_EVEN
        what, few = ("rows", even[0]) if of_all else ("the rows of a class", min(even))
        return (
            f"{what} are spread over {on.clusters} clusters as over {few:.1f} equally large ones; "
            f"intervals of {name} hold from {FEWEST_EVEN} on."
        )
    return ""


def rows_told(name: str, on: Tally) -> int:
    """Return the rows that limit a metric: of two classes, those of the rarer one."""
    return on.rarest if name in AREAS else on.rows - max(on.counts)


def interval(name: str, found: Measured, place: int, on: Tally) -> Interval | None:
    """Return one model's own two-sided 95 % interval."""
    spread, value = found.spreads[place], found.values[place]
    if spread is None:
        return None
    if name in LOSSES:
        ends = within(value, spread, 0.0, HIGHEST[name])
    elif name in AREAS:
        ends = _share(found, place, on).interval
    else:
        least, most = found.biases[place]
        debiased = between(value - most, value - least, spread).interval()
        ends = max(0.0, debiased[0]), max(0.0, debiased[1])
    low, high = rounded(ends[0]), rounded(ends[1])
    return None if low is None or high is None else (low, high)


def difference(name: str, found: Measured, on: Tally) -> Confidence | None:
    """Return the distribution of the challenger's value minus the champion's; exactly zero for the same scores."""
    gap, spread = found.values[0] - found.values[1], found.gap
    if spread is None or None in found.spreads:
        return None
    if on.unequal == 0:
        return kept([0.0 for _ in LEVELS])
    if name in LOSSES:
        return mean(gap, spread)
    if name in AREAS:
        return shares_apart(_share(found, 0, on), _share(found, 1, on), spread)
    (least, most), (other_least, other_most) = found.biases
    return between(gap - most + other_least, gap - least + other_most, spread)


def _share(found: Measured, place: int, on: Tally) -> Share:
    spread = found.spreads[place]
    if spread is None:
        raise ValueError("a share of one row has no spread")
    units = on.rarest if on.clusters is None else min(on.rarest, on.clusters)
    return Share(value=found.values[place], spread=spread, units=units, clustered=on.clusters is not None)
