"""Which metrics are measured, which of them decide, and with which margins, where a person did not say?"""

from collections.abc import Mapping, Sequence

from gates.evidence import MetricComparison
from gates.measure.groups.catalogue import CATALOGUE
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
FALLBACK: Mapping[str, str] = {FORECASTING: "mean_absolute_error"}
"""What decides instead where that could not be measured, such as without times."""
FAIR: Mapping[str, tuple[str, ...]] = {
    BINARY: ("selection_rate", "true_positive_rate", "false_positive_rate", "accuracy"),
    MULTICLASS: ("accuracy",),
    MULTILABEL: ("f1_micro",),
    ENTITIES: ("entity_f1",),
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


NO_SCORES = "no column of scores"
NAME_SCORES = " Name the columns that hold them: --challenger-score, --champion-score."


def measured_names(task: str, asked: Sequence[str], *, scored: bool) -> tuple[str, ...]:
    """Return what to measure: what was asked, or everything that the task and, if there are any, scores allow.

    Scores that cannot be used are not passed over: their metrics say why they could not be measured.
    """
    for name in asked:
        if problem := metric_problem(name, MEASURED_METRICS, task):
            raise UserError(f"--metric {name}: {problem}")
    if asked:
        return tuple(dict.fromkeys(asked))
    fitting = [one for one in MEASURED_METRICS.values() if task in one.tasks]
    return tuple(one.name for one in fitting if scored or not one.needs_scores)


def required_names(
    task: str, asked: Sequence[str], metrics: Sequence[MetricComparison], *, reported: bool = False
) -> tuple[str, ...]:
    """Return what decides: everything asked, or else the task's primary metrics.

    Raises `UserError` where none of them could be measured, unless that is to be `reported` with all else.
    """
    problems = {one.metric: one.problem for one in metrics}
    names = asked or [name for name in PRIMARY[task] if name in problems]
    deciding = tuple(name for name in dict.fromkeys(names) if name not in UNDIRECTED)
    if not deciding:
        why = "neither more nor less of it is better: name another --metric"
        raise UserError(f"{', '.join(names)} cannot decide, for {why}.")
    if task in FALLBACK and not asked and problems[deciding[0]]:
        deciding = (FALLBACK[task],)
    if not reported and all(problems[name] for name in deciding):
        hint = NAME_SCORES if NO_SCORES in problems[deciding[0]] else ""
        raise UserError(f"{deciding[0]} could not be measured: {problems[deciding[0]]}{hint}")
    return deciding


def judged_of_groups(task: str, required: Sequence[str]) -> tuple[str, ...]:
    """Return the metrics that decide in each group; what is not told of groups gives way to the task's usual one."""
    told = tuple(name for name in required if name in CATALOGUE and task in CATALOGUE[name].tasks)
    return told or FAIR.get(task, ())[-1:]


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
