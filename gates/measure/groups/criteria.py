"""Do all groups of a feature fare alike, told as one number?

Values are fairlearn's. A largest difference among groups that fare alike is above zero by chance alone, the more the
more groups there are, so its interval is not that of the two groups that happen to be outermost. In truth one pair of
groups is the outermost, and its own upper limit holds: the largest of all pairs' upper limits is an upper limit. The
lower limit is the largest of the lower limits that hold for all pairs at once (Bonferroni). For ratios, the other way.
"""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from gates.confidence import NORMAL
from gates.fairness_facts import Criterion, Extremes
from gates.measure.groups.apart import TWO_SIDED, Limits, difference, limits_of, ratio
from gates.measure.groups.grouping import Grouping
from gates.measure.groups.limits import Floats, Mask
from gates.measure.groups.values import GroupValues
from gates.measure.rounding import rounded
from gates.wording import listed
from gates.wording import number as said

NAMED = {
    "demographic_parity": ("selection_rate",),
    "equalized_odds": ("true_positive_rate", "false_positive_rate"),
    "equal_opportunity": ("true_positive_rate",),
    "predictive_parity": ("precision",),
    "calibration": ("expected_calibration_error",),
}
"""Criteria that have names, and the metrics that they compare; of several, the worst counts."""
COUNTED = {
    "true_positive_rate": "positives",
    "false_negative_rate": "positives",
    "recall": "positives",
    "false_positive_rate": "negatives",
    "true_negative_rate": "negatives",
    "specificity": "negatives",
    "precision": "rows that are taken for positive",
}
"""What a rate counts in each group."""
METHOD = "upper limit of the outermost pair: the largest of all pairs'; lower limit: simultaneous for {pairs:,} pairs"
Numbers = dict[str, float | None]


def criteria(grouping: Grouping, values: Sequence[GroupValues]) -> Iterator[Criterion]:
    """Return difference and ratio of every criterion whose metrics were measured, then of every other metric."""
    known = {one.metric: one for one in values}
    named = {name: metrics for name, metrics in NAMED.items() if all(metric in known for metric in metrics)}
    told = {metrics[0] for metrics in named.values() if not metrics[1:]}
    for name, metrics in (named | {metric: (metric,) for metric in known if metric not in told}).items():
        used = [known[metric] for metric in metrics]
        yield _criterion(f"{name}_difference", grouping, used, ratios=False)
        if all(one.ratios for one in used):
            yield _criterion(f"{name}_ratio", grouping, used, ratios=True)


def _criterion(name: str, grouping: Grouping, values: Sequence[GroupValues], *, ratios: bool) -> Criterion:
    there = np.logical_and.reduce([_known(one) for one in values])
    told = Criterion(
        feature=grouping.feature,
        criterion=name,
        groups=int(there.sum()),
        left_out=tuple(group for group, known in zip(grouping.names, there, strict=True) if not known),
        challenger=None,
    )
    if lacking := [one for one in values if not _comparable(one)]:
        problem = _too_few_groups(grouping, lacking) + _comparable_rest(values, ratios=ratios)
        return told.model_copy(update={"problem": problem})
    sides = [_side(values, model, ratios=ratios) for model in range(len(values[0].spreads))]
    return told.model_copy(
        update={
            **sides[0],
            **{_CHAMPION[key]: value for side in sides[1:] for key, value in side.items()},
            "extremes": tuple(one for one in map(partial(_extremes, grouping), values) if one.highest != one.lowest),
            "method": METHOD.format(pairs=_pairs(values)),
            "too_few": _too_few(grouping, values),
        }
    )


def _comparable(values: GroupValues) -> bool:
    return int(_known(values).sum()) > 1


def _too_few_groups(grouping: Grouping, lacking: Sequence[GroupValues]) -> str:
    """Say why there are no two groups to compare: there are none, or a metric has no rows to count in the others."""
    if grouping.count == 1:
        return f"{grouping.feature} has fewer than two groups to compare."
    return " ".join(_without(grouping, one) for one in lacking)


def _without(grouping: Grouping, values: GroupValues) -> str:
    groups = tuple(group for group, known in zip(grouping.names, _known(values), strict=True) if not known)
    what = COUNTED.get(values.metric, "rows that it counts")
    return f"{listed(groups)} {'have' if groups[1:] else 'has'} no {what}, so {values.metric} cannot be compared."


def _comparable_rest(values: Sequence[GroupValues], *, ratios: bool) -> str:
    """Tell what is known of those of several metrics that can be compared."""
    apart, told = (_largest_ratio_apart, "ratio") if ratios else (_largest_difference, "difference")
    numbers = {one.metric: apart([one], 0) for one in values if _comparable(one)}
    return "".join(f" The {told} of {metric} is {said(one)}." for metric, one in numbers.items() if one is not None)


_CHAMPION = {"challenger": "champion", "low": "champion_low", "high": "champion_high"}


def _known(values: GroupValues, model: int = 0) -> Mask:
    known: Mask = ~np.isnan(values.spreads[model].value)
    return known


def _side(values: Sequence[GroupValues], model: int, *, ratios: bool) -> Numbers:
    """Return one model's number; limits only if every group has enough rows for its own."""
    number = _largest_ratio_apart(values, model) if ratios else _largest_difference(values, model)
    if number is None or not all(one.enough(model)[_known(one, model)].all() for one in values):
        return {"challenger": rounded(number)}
    low, high = _limits(values, model, ratios=ratios)
    return {"challenger": rounded(number), "low": rounded(low), "high": rounded(high)}


def _largest_difference(values: Sequence[GroupValues], model: int) -> float | None:
    numbers = [one.spreads[model].value[_known(one, model)] for one in values]
    return max((float(some.max() - some.min()) for some in numbers if len(some)), default=None)


def _largest_ratio_apart(values: Sequence[GroupValues], model: int) -> float | None:
    """Return the smallest ratio of the lowest to the highest number; None where both are 0, as fairlearn's NaN."""
    numbers = [one.spreads[model].value[_known(one, model)] for one in values]
    if any(len(some) == 0 or some.max() <= 0 for some in numbers):
        return None
    return min(float(some.min() / some.max()) for some in numbers)


def _limits(values: Sequence[GroupValues], model: int, *, ratios: bool) -> tuple[float, float]:
    strict = _score_of_all(_pairs(values))
    plain, simultaneous = (
        [_between(one, model, score, ratios=ratios) for one in values] for score in (TWO_SIDED, strict)
    )
    if ratios:
        low, high = np.concatenate([part[1] for part in plain]), np.concatenate([part[2] for part in simultaneous])
        return max(float(low.min()), 0.0), min(float(high.min()), 1.0)
    low, high = np.concatenate([part[1] for part in simultaneous]), np.concatenate([part[2] for part in plain])
    return max(float(low.max()), 0.0), float(high.max())


def _pairs(values: Sequence[GroupValues]) -> int:
    sizes = [int(_known(one).sum()) for one in values]
    return sum(size * (size - 1) // 2 for size in sizes)


def _score_of_all(pairs: int) -> float:
    """Return the score of two-sided 95 % limits that hold for all pairs at once."""
    return -NORMAL.inv_cdf(0.025 / pairs)


def _between(values: GroupValues, model: int, score: float, *, ratios: bool) -> Limits:
    """Return the differences or ratios of all ordered pairs of different groups, with limits."""
    there = _known(values, model)
    number, low, high = (part[there] for part in limits_of(values.spreads[model], score))
    count = len(number)
    first, second = np.nonzero(~np.eye(count, dtype=np.bool_))
    one, other = ((number[at], low[at], high[at]) for at in (first, second))
    return ratio(one, other) if ratios else difference(one, other)


def _extremes(grouping: Grouping, values: GroupValues) -> Extremes:
    numbers: Floats = values.spreads[0].value
    return Extremes(
        metric=values.metric,
        highest=grouping.names[int(np.nanargmax(numbers))],
        lowest=grouping.names[int(np.nanargmin(numbers))],
    )


def _too_few(grouping: Grouping, values: Sequence[GroupValues]) -> str:
    for one in values:
        known = _known(one)
        small = [place for place, reason in enumerate(one.lacking[0]) if reason and known[place]]
        if small:
            more = f" (and {len(small) - 1} more)" if small[1:] else ""
            return f"{grouping.names[small[0]]}{more}: {one.lacking[0][small[0]]}"
    return ""
