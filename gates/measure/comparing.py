"""How good is the challenger, how good the champion, and how sure is the difference?"""

from gates.confidence import Confidence
from gates.evidence import MetricComparison
from gates.measure.certainty import turned
from gates.measure.estimated import Estimated
from gates.measure.power import minimum_detectable
from gates.measure.prepared import Prepared
from gates.measure.rounding import rounded
from gates.metric import CLASSES, ENTITIES, MEASURED_METRICS, METRICS, MULTILABEL, metric_problem


def compare(prepared: Prepared, names: tuple[str, ...]) -> tuple[MetricComparison, ...]:
    """Measure each metric once, in the order asked for; one that cannot be had carries its problem."""
    asked = tuple(dict.fromkeys(names))
    problems = {name: metric_problem(name, MEASURED_METRICS, prepared.task) for name in asked}
    found = estimated(prepared, tuple(name for name in asked if not problems[name]))
    missing = f"is not measured of {prepared.task}."
    return tuple(fact(name, found.get(name, problems[name] or f"{name} {missing}"), prepared.count) for name in asked)


def estimated(prepared: Prepared, names: tuple[str, ...]) -> dict[str, Estimated | str]:
    """Estimate metrics of the prepared rows' task; a text says why one cannot be had."""
    if prepared.task in (MULTILABEL, ENTITIES):
        from gates.measure.tagged.estimates import estimates as of_sets  # noqa: PLC0415 - only what a task needs

        return of_sets(prepared, names)
    if prepared.task not in CLASSES:
        from gates.measure.numbers.estimates import estimates as of_numbers  # noqa: PLC0415 - only what a task needs

        return of_numbers(prepared, names)
    from gates.measure.labels.estimates import estimates as of_labels  # noqa: PLC0415 - as above

    found = of_labels(prepared, names)
    if any(METRICS[name].needs_scores for name in names):
        from gates.measure.scores.estimating import estimates as of_scores  # noqa: PLC0415 - as above

        found |= of_scores(prepared, names)
    return found


def fact(name: str, found: Estimated | str, rows: int) -> MetricComparison:
    """Return what is known of a metric as a fact, signed so that positive is better."""
    lower = name in MEASURED_METRICS and MEASURED_METRICS[name].lower_is_better
    if isinstance(found, str):
        return MetricComparison(metric=name, lower_is_better=lower, challenger=None, rows=rows, problem=found)
    plain = MetricComparison(
        metric=name,
        lower_is_better=lower,
        challenger=rounded(found.challenger),
        champion=rounded(found.champion),
        difference=_difference(found, lower_is_better=lower),
        baseline=rounded(found.baseline),
        rows=rows,
        method=found.method,
        effective=found.effective,
        too_few=found.too_few,
        p_value=rounded(found.p_value),
        error_bound=rounded(found.error_bound),
    )
    return _with_certainty(plain, found)


def _difference(found: Estimated, *, lower_is_better: bool) -> float | None:
    """Return challenger minus champion, turned so that positive is better."""
    if found.champion is None:
        return None
    gap = found.challenger - found.champion
    return rounded(-gap if lower_is_better else gap)


def _with_certainty(plain: MetricComparison, found: Estimated) -> MetricComparison:
    """Add intervals, and the distribution of the difference, which is turned like the difference."""
    own, other = found.challenger_interval or (None, None), found.champion_interval or (None, None)
    confidence: Confidence | None = found.difference
    if confidence is not None and plain.lower_is_better:
        confidence = turned(confidence)
    low, high = (None, None) if confidence is None else confidence.interval()
    return plain.model_copy(
        update={
            "challenger_low": rounded(own[0]),
            "challenger_high": rounded(own[1]),
            "champion_low": rounded(other[0]),
            "champion_high": rounded(other[1]),
            "low": low,
            "high": high,
            "confidence": confidence,
            "standard_error": rounded(found.standard_error),
            "minimum_detectable": rounded(minimum_detectable(found.standard_error)),
        }
    )
