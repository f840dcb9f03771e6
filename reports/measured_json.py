"""What does a program read of a measurement? Every number by its name.

`difference` is challenger minus champion as it stands; `lower_is_better` says which way to read it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import cast

from pydantic import JsonValue

from gates.conclusion import Conclusion
from gates.confidence import ALPHA, Confidence
from gates.drift_facts import ColumnDrift, Drift
from gates.evidence import GroupMetric, MetricComparison
from gates.fairness_facts import Criterion, GroupSize
from gates.part_facts import Part
from gates.quality_facts import Quality
from reports.measured import ComparisonReport, FairnessReport, Looked
from reports.measured_drift import whole_drift

Json = dict[str, JsonValue]


def comparison_json(report: ComparisonReport) -> Json:
    """Return a comparison as one document."""
    found: Json = {
        "outcome": report.outcome.value,
        **_looked(report.looked),
        "required": [*report.weighed.required],
        "unusable_scores": [*report.weighed.unusable],
        "metrics": {one.metric: _metric(one, report) for one in report.metrics},
    }
    if report.sizes or report.groups:
        found["groups"] = _groups(report.groups, report.sizes, report.weighed.groups)
        found["criteria"] = _criteria(report.criteria)
    if report.answers is not None:
        found["answers"] = report.answers.model_dump(mode="json")
    if report.slices is not None:
        found["slices"] = report.slices.model_dump(mode="json")
    if report.worst:
        found["worst_items"] = [one.model_dump(mode="json") for one in report.worst]
    if report.parts:
        found[f"by_{report.parts[0].kind}"] = _parts(report.parts)
    if report.drift is not None:
        found |= drift_json(report.drift)
        found["outcome"] = report.outcome.value
    if report.quality is not None:
        found["quality"] = quality_json(report.quality)
    return found


def _parts(parts: Iterable[Part]) -> JsonValue:
    document = {
        one.name: {"rows": one.rows, **{metric.metric: _told(metric) for metric in one.metrics}} for one in parts
    }
    return cast("JsonValue", document)


def _told(one: MetricComparison) -> Json:
    """Return a metric that nobody judges."""
    sign = -1.0 if one.lower_is_better else 1.0
    return {
        "challenger": one.challenger,
        "champion": one.champion,
        "difference": _turned(one.difference, sign),
        "interval": _turned_interval(one.low, one.high, sign),
        "challenger_interval": _interval(one.challenger_low, one.challenger_high),
        "champion_interval": _interval(one.champion_low, one.champion_high),
        "lower_is_better": one.lower_is_better,
        "baseline": one.baseline,
        "sentence": one.problem or one.too_few,
    }


def fairness_json(report: FairnessReport) -> Json:
    """Return a measurement of groups as one document."""
    return {
        "outcome": report.outcome.value,
        **_looked(report.looked),
        "limit": report.limit,
        "groups": _groups(report.groups, report.sizes, report.conclusions),
        "criteria": _criteria(report.criteria),
    }


def drift_json(found: Drift) -> Json:
    """Return drift as one document, its columns by name."""
    return {
        "outcome": found.shift.value,
        "drifted": [*found.drifted],
        "columns": {one.name: _column(one) for one in found.columns},
        "drift": whole_drift(found),
    }


def quality_json(found: Quality) -> Json:
    """Return a table's quality as one document, its columns by name."""
    document = cast("Json", found.model_dump(mode="json", exclude={"columns"}))
    columns = {one.column: one.model_dump(mode="json", exclude={"column"}) for one in found.columns}
    return {"outcome": found.outcome.value, **document, "columns": cast("JsonValue", columns)}


def _looked(looked: Looked) -> Json:
    return {
        "data": looked.data,
        "task": looked.task,
        "rows": looked.rows,
        "rows_left_out": looked.rows_left_out,
        "left_out": {**dict(looked.left_out)},
        "clusters": looked.clusters,
        "notes": [*looked.notes],
        "seed": looked.seed,
    }


def _metric(one: MetricComparison, report: ComparisonReport) -> Json:
    weighed, sign = report.weighed.metrics.get(one.metric), -1.0 if one.lower_is_better else 1.0
    return {
        "challenger": one.challenger,
        "champion": one.champion,
        "difference": _turned(one.difference, sign),
        "interval": _turned_interval(one.low, one.high, sign),
        "verdict": _verdict(weighed, one.problem),
        "margin": None if one.problem else report.margins.get(one.metric),
        "required": one.metric in report.weighed.required,
        "lower_is_better": one.lower_is_better,
        "challenger_interval": _interval(one.challenger_low, one.challenger_high),
        "champion_interval": _interval(one.champion_low, one.champion_high),
        "standard_error": one.standard_error,
        "lower_bound": None if one.confidence is None else one.confidence.lower(ALPHA),
        "power": _power(one.confidence, report.margins.get(one.metric)),
        "minimum_detectable": one.minimum_detectable,
        "p_value": one.p_value,
        "baseline": one.baseline,
        "rows": one.rows,
        "effective": one.effective,
        "error_bound": one.error_bound,
        "method": one.method,
        "sentence": one.problem or one.too_few if weighed is None else weighed.sentence,
    }


def _power(confidence: Confidence | None, margin: float | None) -> float | None:
    return None if confidence is None or not margin else confidence.power(margin)


def _verdict(weighed: Conclusion | None, problem: str) -> str:
    if weighed is not None:
        return weighed.outcome.value
    return "error" if problem else "not judged"


def _turned(value: float | None, sign: float) -> float | None:
    return None if value is None else value * sign + 0.0


def _interval(low: float | None, high: float | None) -> JsonValue:
    return None if low is None or high is None else [low, high]


def _turned_interval(low: float | None, high: float | None, sign: float) -> JsonValue:
    ends = (_turned(low, sign), _turned(high, sign))
    return _interval(*(ends if sign > 0 else reversed(ends)))


def _groups(
    groups: Iterable[GroupMetric], sizes: Iterable[GroupSize], found: Mapping[tuple[str, str, str], Conclusion]
) -> JsonValue:
    """Return `feature -> group -> metric -> numbers`, and the group's size beside its metrics."""
    document: dict[str, dict[str, Json]] = defaultdict(lambda: defaultdict(dict))
    for size in sizes:
        document[size.feature][size.group] |= {
            "rows": size.rows,
            "share": size.share,
            "positives": size.positives,
            "reference": size.reference,
        }
    for one in groups:
        conclusion = found.get((one.feature, one.group, one.metric))
        document[one.feature][one.group][one.metric] = _group(one, conclusion)
    return cast("JsonValue", {feature: dict(values) for feature, values in document.items()})


def _group(one: GroupMetric, conclusion: Conclusion | None) -> Json:
    change = one.change_confidence
    return {
        "challenger": one.challenger,
        "champion": one.champion,
        "interval": _interval(one.low, one.high),
        "champion_interval": _interval(one.champion_low, one.champion_high),
        "rows": one.rows,
        "difference": one.difference,
        "difference_interval": _interval(one.difference_low, one.difference_high),
        "ratio": one.ratio,
        "ratio_interval": _interval(one.ratio_low, one.ratio_high),
        "change": one.change,
        "change_interval": None if change is None else [*change.interval()],
        "power": one.power,
        "power_against": one.power_against,
        "verdict": "not judged" if conclusion is None else conclusion.outcome.value,
        "sentence": one.problem or one.too_few if conclusion is None else conclusion.sentence,
    }


def _criteria(criteria: Iterable[Criterion]) -> JsonValue:
    document: dict[str, Json] = defaultdict(dict)
    for one in criteria:
        numbers = cast("Json", one.model_dump(mode="json", exclude={"feature", "criterion", "low", "high"}))
        document[one.feature][one.criterion] = {**numbers, "interval": _interval(one.low, one.high)}
    return cast("JsonValue", dict(document))


def _column(one: ColumnDrift) -> Json:
    return cast("Json", one.model_dump(mode="json", exclude={"name"}))
