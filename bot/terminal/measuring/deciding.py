"""Which metrics are measured, which of them decide, and with which margins, where a person did not say?"""

from collections.abc import Mapping, Sequence

from gates.evidence import MetricComparison
from gates.measure.prepared import Prepared
from gates.metric import (
    BINARY,
    ENTITIES,
    FORECASTING,
    ITEMS,
    MEASURED_METRICS,
    MULTICLASS,
    MULTILABEL,
    QUANTILE,
    REGRESSION,
    UNDIRECTED,
    metric_problem,
)
from gates.refusal import UserError

PRIMARY: Mapping[str, tuple[str, ...]] = {
    BINARY: ("balanced_accuracy", "roc_auc"),
    MULTICLASS: ("balanced_accuracy",),
    MULTILABEL: ("f1_micro",),
    ENTITIES: ("entity_f1",),
    REGRESSION: ("mean_absolute_error",),
    QUANTILE: ("mean_pinball_loss",),
    FORECASTING: ("mean_absolute_scaled_error",),
    ITEMS: ("mean",),
}
"""What decides where no metric is named."""
FAIR: Mapping[str, tuple[str, ...]] = {
    BINARY: ("selection_rate", "true_positive_rate", "false_positive_rate", "accuracy"),
    MULTICLASS: ("accuracy",),
    REGRESSION: ("mean_absolute_error", "mean_error"),
    QUANTILE: ("coverage",),
    FORECASTING: ("mean_absolute_error",),
    ITEMS: ("mean",),
}
"""What is told of groups besides what decides."""
MARGIN = 0.01
"""Where none is given: a hundredth of a rate's range, or of the champion's own value in units of the data."""
OF_RANGE = frozenset({"r2", "log_loss", "coverage"})
"""Metrics without units that are not held between 0 and 1; a hundredth is a hundredth all the same."""
IN_UNITS = ("_error", "_loss", "mean")


def measured_names(task: str, asked: Sequence[str], prepared: Prepared) -> tuple[str, ...]:
    """Return what to measure: what was asked, or everything that the task and these columns allow."""
    for name in asked:
        if problem := metric_problem(name, MEASURED_METRICS, task):
            raise UserError(f"{problem[:-1]} (--metric).")
    if asked:
        return tuple(asked)
    scored = not any(prepared.score_problems.get(who) for who in prepared.who)
    fitting = [one for one in MEASURED_METRICS.values() if task in one.tasks]
    return tuple(one.name for one in fitting if scored or not one.needs_scores)


def required_names(task: str, asked: Sequence[str], metrics: Sequence[MetricComparison]) -> tuple[str, ...]:
    """Return what decides: everything asked, or else the task's primary metrics, so far as they could be measured."""
    if asked:
        return tuple(name for name in dict.fromkeys(asked) if name not in UNDIRECTED)
    had = [one.metric for one in metrics if not one.problem]
    return tuple(name for name in PRIMARY[task] if name in had) or PRIMARY[task][:1]


def margins_of(margin: float | None, metrics: Sequence[MetricComparison]) -> dict[str, float]:
    """Return how much worse each metric may be."""
    return {one.metric: _default(one) if margin is None else margin for one in metrics if one.metric not in UNDIRECTED}


def _default(one: MetricComparison) -> float:
    if one.metric in OF_RANGE or not one.metric.endswith(IN_UNITS) or one.metric in {"brier_score", "hamming_loss"}:
        return MARGIN
    if one.metric == "expected_calibration_error":
        return MARGIN
    known = one.champion if one.champion is not None else one.challenger
    return float(f"{abs(known or 0.0) * MARGIN:.3g}")
