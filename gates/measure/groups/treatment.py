"""How does every group fare in the numbers that people ask about, whatever the policy asks?"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations, product
from math import prod

from gates.answer_facts import ReliabilityPoint, Who
from gates.evidence import GroupMetric
from gates.fairness_facts import GroupSize
from gates.measure.groups.fairness import fairness
from gates.measure.groups.features import Feature, features_of
from gates.measure.groups.naming import joined
from gates.measure.intervals import wilson
from gates.measure.prepared import Prepared
from gates.measure.preparing.grouping import MISSING_GROUP
from gates.measure.rounding import rounded
from gates.metric import (
    BINARY,
    CLASSES,
    ENTITIES,
    FORECASTING,
    ITEMS,
    MULTICLASS,
    MULTILABEL,
    QUANTILE,
    REGRESSION,
)
from gates.treatment_facts import GroupCalibration, GroupNumber, Representation, Treatment

TOLD: Mapping[str, tuple[str, ...]] = {
    BINARY: (
        "selection_rate",
        "true_positive_rate",
        "false_positive_rate",
        "false_negative_rate",
        "precision",
        "accuracy",
        "expected_calibration_error",
    ),
    MULTICLASS: ("accuracy", "balanced_accuracy", "expected_calibration_error"),
    MULTILABEL: ("f1_micro",),
    ENTITIES: ("entity_f1",),
    REGRESSION: ("mean_absolute_error", "mean_error", "root_mean_squared_error"),
    QUANTILE: ("mean_pinball_loss", "coverage"),
    FORECASTING: ("mean_absolute_error", "mean_error"),
    ITEMS: ("mean",),
}
"""What is told of every group, by task."""
MOST_DIAGRAMS = 12
"""Groups of a feature whose reliability diagrams are kept."""
MOST_CROSSED = 4
"""Sensitive features that are crossed with each other where the rulebook names no intersection."""
MOST_ABSENT = 20
MOST_COMBINATIONS = 10_000
WHO: tuple[Who, ...] = ("challenger", "champion")


def treatment(prepared: Prepared, single: Sequence[str], crossed: Sequence[str]) -> Treatment:
    """Measure all groups of each feature and intersection (`race,sex`); what cannot be had is named.

    Where no intersection is named, every two features are looked at together. fairlearn's second opinion is asked of
    what is judged only, for it takes seconds: this comes from the same counts, by the same formulae.
    """
    added = () if crossed else tuple(",".join(pair) for pair in combinations(single[:MOST_CROSSED], 2))
    features = (*single, *crossed, *added)
    if not features:
        return Treatment()
    found = fairness(prepared, features, TOLD[prepared.task])
    sized = {size.feature for size in found.sizes}
    calibrated, problem = _calibration(prepared, [feature for feature in features if feature in sized])
    problems = dict.fromkeys(_problem(one, sized) for one in found.groups if one.problem)
    return Treatment(
        sizes=found.sizes,
        representation=tuple(_representation(features_of(prepared, features), found.sizes)),
        numbers=tuple(_number(one) for one in found.groups if not one.problem),
        criteria=found.criteria,
        calibration=calibrated,
        added=added,
        left_out=(*problems, *problem),
    )


def _problem(one: GroupMetric, sized: Collection[str]) -> str:
    """Say why a metric is missing, or once for all metrics that the feature has no groups."""
    return f"{one.metric} of {one.feature}: {one.problem}" if one.feature in sized else f"{one.feature}: {one.problem}"


def _number(one: GroupMetric) -> GroupNumber:
    """Keep what a person reads: neither whole distributions nor power."""
    kept = one.model_dump(include=set(GroupNumber.model_fields))
    low, high = one.change_confidence.interval() if one.change_confidence else (None, None)
    return GroupNumber(**kept, change_low=rounded(low), change_high=rounded(high))


def _representation(features: Sequence[Feature], sizes: Sequence[GroupSize]) -> Iterator[Representation]:
    present: dict[str, dict[str, int]] = {}
    for size in sizes:
        present.setdefault(size.feature, {})[size.group] = size.rows
    for feature in features:
        if feature.name not in present:
            continue
        absent = _absent(feature, present)
        yield Representation(
            feature=feature.name,
            groups=len(present[feature.name]),
            missing=present[feature.name].get(MISSING_GROUP, 0) if len(feature.parts) == 1 else 0,
            absent=absent[:MOST_ABSENT],
            absent_count=len(absent),
        )


def _absent(feature: Feature, present: Mapping[str, Mapping[str, int]]) -> tuple[str, ...]:
    """Return combinations of known values without a row; none where there are too many to go through."""
    known = [[value for value in present.get(part, {}) if value != MISSING_GROUP] for part in feature.parts]
    if not known[1:] or prod(map(len, known)) > MOST_COMBINATIONS:
        return ()
    return tuple(name for values in product(*known) if (name := joined(values)) not in present[feature.name])


def _calibration(prepared: Prepared, features: Sequence[str]) -> tuple[tuple[GroupCalibration, ...], tuple[str, ...]]:
    """Return what was said and what came true in each group, and why that is not known."""
    if prepared.task not in CLASSES:
        return (), ()
    if not set(prepared.scored) & set(WHO):
        return (), ("Calibration takes probabilities, and there are none.",)
    return tuple(one for feature in features_of(prepared, features) for one in _calibrated(prepared, feature)), ()


def _calibrated(prepared: Prepared, feature: Feature) -> Iterator[GroupCalibration]:
    from gates.measure.scores.curves import reliability_point  # noqa: PLC0415 - as below
    from gates.measure.scores.reliable import reliability  # noqa: PLC0415 - not every measurement looks at scores

    found = reliability(prepared, tuple(prepared.groups[part] for part in feature.parts))
    drawn = len(feature.parts) == 1 and len(found) <= MOST_DIAGRAMS
    for values, diagrams in sorted(found.items()):
        for who in WHO:
            if points := tuple(map(reliability_point, diagrams.get(who, ()))):
                kept = points if drawn and who == "challenger" else ()
                named = {"feature": feature.name, "group": joined(values), "who": who, "points": kept}
                yield _whole(prepared, points).model_copy(update=named)


def _whole(prepared: Prepared, points: Sequence[ReliabilityPoint]) -> GroupCalibration:
    """Put a diagram's bins together, in their order."""
    rows = sum(one.rows for one in points)
    hits = sum(round(one.share * one.rows) for one in points)
    low, high = wilson(hits, rows) if prepared.clusters is None else (None, None)
    return GroupCalibration(
        feature="",
        group="",
        who="challenger",
        rows=rows,
        mean_score=_kept(sum(one.mean_score * one.rows for one in points) / rows),
        share=_kept(hits / rows),
        share_low=rounded(low),
        share_high=rounded(high),
    )


def _kept(value: float) -> float:
    return rounded(value) or 0.0
