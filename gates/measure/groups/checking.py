"""Does fairlearn say the same of every group?

What promotions and reports of fairness rest on is computed a second time, from the rows on, by fairlearn's MetricFrame
on counted cells. fairlearn takes seconds to load, which a plain comparison is spared.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gates.evidence import GroupMetric
from gates.fairness_facts import Criterion
from gates.measure.groups.catalogue import OF_RATES, Wanted, wanted
from gates.measure.groups.cells import Cells, cells_of
from gates.measure.groups.features import features_of
from gates.measure.groups.grouping import Grouping, grouping
from gates.measure.groups.limits import Counts, Mask
from gates.measure.groups.rates import RATES
from gates.measure.prepared import Prepared
from gates.metric import BINARY, CLASSES

NEAR = 1e-9
CRITERIA = {
    "demographic_parity": ("selection_rate",),
    "equalized_odds": ("true_positive_rate", "false_positive_rate"),
    "equal_opportunity": ("true_positive_rate",),
}
"""Criteria of fairlearn's, by the metrics that it takes the worst of."""
WORST: dict[str, Callable[[Sequence[float]], float]] = {
    "difference": lambda found: float(np.max(found)),
    "ratio": lambda found: float(np.min(found)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What became of the second opinion."""

    values: int
    """How many values were computed a second time."""
    differing: tuple[str, ...]
    """Values that are not the same, one line each; any of them means that neither can be trusted."""


def checked(prepared: Prepared, facts: Sequence[GroupMetric], criteria: Sequence[Criterion] = ()) -> Checked:
    """Compute every rate of every group, and criteria, with fairlearn; other metrics are not its business."""
    if prepared.task not in CLASSES:
        return Checked(values=0, differing=())
    measured = [fact for fact in facts if not fact.problem]
    again = _computed(prepared, measured)
    lines = [*_values(prepared, measured, again), *_criteria(prepared, criteria, again)]
    return Checked(values=len(lines), differing=tuple(line for line in lines if line))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """What one model said of one feature's groups, in counted cells."""

    feature: str
    who: str
    label: Counts
    said: Counts
    counts: Counts
    grouping: Grouping


@dataclass(frozen=True, slots=True, kw_only=True)
class _Again:
    """One metric as fairlearn has it, by feature and model."""

    groups: Mapping[tuple[str, str, str], float]
    apart: Mapping[tuple[str, str, str], float]
    """`difference` and `ratio` of the outermost groups."""


def _computed(prepared: Prepared, facts: Sequence[GroupMetric]) -> Mapping[str, _Again]:
    """Compute each metric once, for all features and models together: a MetricFrame takes long to make."""
    features = features_of(prepared, [fact.feature for fact in facts])
    cells = cells_of(prepared, features)
    sides = [
        side
        for feature in features
        for side in _sides(
            prepared,
            cells[feature.name],
            grouping(feature, cells[feature.name].groups, cells[feature.name].counts),
        )
    ]
    functions = {one: _function(one, prepared.task) for one in wanted(prepared, [fact.metric for fact in facts])}
    return {one.name: _again(one, function, sides) for one, function in functions.items() if function is not None}


def _sides(prepared: Prepared, cells: Cells, groups: Grouping) -> Iterator[_Side]:
    for who, said in zip(prepared.who, cells.said, strict=True):
        yield _Side(feature=groups.feature, who=who, label=cells.label, said=said, counts=cells.counts, grouping=groups)


def _again(one: Wanted, function: Callable[..., float], sides: Sequence[_Side]) -> _Again:
    from fairlearn.metrics import MetricFrame  # noqa: PLC0415 - takes seconds

    parts = [_counted_cells(one, side) for side in sides]
    columns = [np.concatenate(column).tolist() for column in zip(*parts, strict=True)]
    if not columns or not columns[0]:
        return _Again(groups={}, apart={})
    label, said, counts, codes = columns
    frame = MetricFrame(
        metrics=function,
        y_true=label,
        y_pred=said,
        control_features=[place for place, part in enumerate(parts) for _ in part[0]],
        sensitive_features=codes,
        sample_params={"sample_weight": counts},
    )
    return _Again(groups=_by_group(frame, sides), apart=_apart(frame, sides))


def _counted_cells(one: Wanted, side: _Side) -> tuple[Counts, Counts, Counts, Counts]:
    """Return label, answer, rows and group of the cells of groups that have a value."""
    label, said = side.label, side.said
    if one.place is not None:
        label, said = ((codes == one.place).astype(np.int64) for codes in (label, said))
    kept = _counted(one.base, label, said, side.grouping)
    return label[kept], said[kept], side.counts[kept], side.grouping.codes[kept]


def _by_group(frame: Any, sides: Sequence[_Side]) -> dict[tuple[str, str, str], float]:  # noqa: ANN401 - fairlearn has no types
    found = {}
    for (place, code), value in frame.by_group.items():
        side = sides[int(place)]
        if int(code) < side.grouping.count:
            found[side.feature, side.who, side.grouping.names[int(code)]] = float(value)
    return found


def _apart(frame: Any, sides: Sequence[_Side]) -> dict[tuple[str, str, str], float]:  # noqa: ANN401 - as above
    series = {"difference": frame.difference(), "ratio": frame.ratio()}
    return {
        (sides[int(place)].feature, sides[int(place)].who, kind): float(value)
        for kind, values in series.items()
        for place, value in values.items()
    }


def _values(prepared: Prepared, facts: Sequence[GroupMetric], again: Mapping[str, _Again]) -> Iterator[str]:
    """Compare values; an empty line for each that is the same."""
    for fact in facts:
        if fact.metric in again:
            for who in prepared.who:
                theirs = again[fact.metric].groups.get((fact.feature, who, fact.group))
                yield _line(f"{who}'s {fact.metric} of {fact.feature}={fact.group}", getattr(fact, who), theirs)


def _criteria(prepared: Prepared, criteria: Sequence[Criterion], again: Mapping[str, _Again]) -> Iterator[str]:
    """Compare criteria that fairlearn has, where every group has a value."""
    for one in criteria:
        name, _, kind = one.criterion.rpartition("_")
        metrics = CRITERIA.get(name, ())
        if prepared.task != BINARY or one.left_out or one.problem or not metrics:
            continue
        for who in prepared.who:
            found = [again[metric].apart.get((one.feature, who, kind), np.nan) for metric in metrics]
            yield _line(f"{who}'s {one.criterion} of {one.feature}", getattr(one, who), WORST[kind](found))


def _line(what: str, ours: float | None, theirs: float | None) -> str:
    if ours is None and (theirs is None or np.isnan(theirs)):
        return ""
    if ours is not None and theirs is not None and abs(ours - theirs) <= NEAR * max(1.0, abs(theirs)):
        return ""
    return f"{what} is {ours}, and by fairlearn {theirs}."


def _counted(base: str, label: Counts, said: Counts, grouping: Grouping) -> Mask:
    """Return the cells of groups in which any row counts; of no row, fairlearn takes a rate for 0."""
    needed = [RATES[name] for name in _NEEDED.get(base, (base,))]
    here = [grouping.summed(rate.counts(label, said).astype(np.int64)) > 0 for rate in needed]
    known: Mask = np.logical_and.reduce(here)[grouping.codes]
    return known


_NEEDED = {"balanced_accuracy": ("true_positive_rate", "true_negative_rate"), "f1": ("jaccard",)}


def _function(one: Wanted, task: str) -> Callable[..., float] | None:
    """Return fairlearn's or scikit-learn's function; None for a metric that neither has for labels."""
    from fairlearn import metrics as fair  # noqa: PLC0415 - takes seconds
    from sklearn import metrics  # noqa: PLC0415 - as above

    known: dict[str, Callable[..., float]] = {
        **{name: getattr(fair, name) for name in OF_RATES},
        "recall": metrics.recall_score,
        "specificity": fair.true_negative_rate,
        "precision": metrics.precision_score,
        "jaccard": metrics.jaccard_score,
        "f1": metrics.f1_score,
        "balanced_accuracy": metrics.balanced_accuracy_score,
    }
    if one.base == "accuracy":
        function: Callable[..., float] = metrics.accuracy_score
        return function
    return known.get(one.base) if task == BINARY or one.place is not None else None
