"""How good is the challenger, how good the champion, and how sure is the difference?"""

from collections.abc import Callable

from gates.evidence import MetricComparison
from gates.measure.confusion import LABEL_METRICS, label_estimates
from gates.measure.estimate import Estimate
from gates.measure.losses import brier_score, log_loss, mean_absolute_error, r2, root_mean_squared_error
from gates.measure.power import minimum_detectable
from gates.measure.ranking import average_precision, roc_auc
from gates.measure.rounding import rounded
from gates.measure.rows import Rows
from gates.measure.unusable import UnusableError
from gates.metric import METRICS, metric_problem

OTHERS: dict[str, Callable[[Rows, int], Estimate]] = {
    "roc_auc": roc_auc,
    "average_precision": average_precision,
    "log_loss": log_loss,
    "brier_score": brier_score,
    "mean_absolute_error": mean_absolute_error,
    "root_mean_squared_error": root_mean_squared_error,
    "r2": r2,
}


def compare(rows: Rows, names: tuple[str, ...], seed: int) -> tuple[MetricComparison, ...]:
    """Measure each metric once, in the order asked for; one that cannot be had carries its problem."""
    asked = tuple(dict.fromkeys(names))
    problems = {name: metric_problem(name, METRICS, rows.task) for name in asked}
    fitting = tuple(name for name in asked if not problems[name])
    by_label = tuple(name for name in fitting if name in LABEL_METRICS)
    found: dict[str, Estimate | str] = dict(label_estimates(rows, by_label, seed)) if by_label else {}
    found |= {name: _estimate(name, rows, seed) for name in fitting if name in OTHERS}
    return tuple(_fact(name, found.get(name, problems[name]), rows.count) for name in asked)


def _estimate(name: str, rows: Rows, seed: int) -> Estimate | str:
    try:
        return OTHERS[name](rows, seed)
    except UnusableError as error:
        return str(error)


def _fact(name: str, found: Estimate | str, rows: int) -> MetricComparison:
    lower = name in METRICS and METRICS[name].lower_is_better
    if isinstance(found, str):
        return MetricComparison(metric=name, lower_is_better=lower, challenger=None, rows=rows, problem=found)
    difference, low, high = _signed(found, lower_is_better=lower)
    return MetricComparison(
        metric=name,
        lower_is_better=lower,
        challenger=rounded(found.challenger),
        challenger_low=rounded(found.own[0]),
        challenger_high=rounded(found.own[1]),
        champion=rounded(found.champion),
        difference=rounded(difference),
        low=rounded(low),
        high=rounded(high),
        baseline=rounded(found.baseline),
        rows=rows,
        method=found.method,
        minimum_detectable=rounded(minimum_detectable(found.standard_error)),
    )


def _signed(found: Estimate, *, lower_is_better: bool) -> tuple[float | None, float | None, float | None]:
    """Turn the difference so that positive is better."""
    if found.champion is None or found.difference is None:
        return None, None, None
    gap, (low, high) = found.challenger - found.champion, found.difference
    return (-gap, -high, -low) if lower_is_better else (gap, low, high)
