"""Which metrics does Gatehouse know, and for which task is each of them?"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

BINARY = "binary-classification"
MULTICLASS = "multiclass-classification"
REGRESSION = "regression"
TASKS = (BINARY, MULTICLASS, REGRESSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One number that says how good a model's answers are, as scikit-learn defines it."""

    name: str
    tasks: tuple[str, ...]
    lower_is_better: bool = False
    needs_scores: bool = False
    """Computed from probabilities; a model that answers with classes only does not have it."""


METRICS = {
    metric.name: metric
    for metric in (
        Metric(name="accuracy", tasks=(BINARY, MULTICLASS)),
        Metric(name="balanced_accuracy", tasks=(BINARY, MULTICLASS)),
        Metric(name="precision", tasks=(BINARY,)),
        Metric(name="recall", tasks=(BINARY,)),
        Metric(name="f1", tasks=(BINARY,)),
        Metric(name="f1_macro", tasks=(MULTICLASS,)),
        Metric(name="roc_auc", tasks=(BINARY,), needs_scores=True),
        Metric(name="average_precision", tasks=(BINARY,), needs_scores=True),
        Metric(name="log_loss", tasks=(BINARY, MULTICLASS), lower_is_better=True, needs_scores=True),
        Metric(name="brier_score", tasks=(BINARY,), lower_is_better=True, needs_scores=True),
        Metric(name="mean_absolute_error", tasks=(REGRESSION,), lower_is_better=True),
        Metric(name="root_mean_squared_error", tasks=(REGRESSION,), lower_is_better=True),
        Metric(name="r2", tasks=(REGRESSION,)),
    )
}

GroupMetricName = Literal[
    "selection_rate",
    "true_positive_rate",
    "false_positive_rate",
    "false_negative_rate",
    "accuracy",
    "mean_absolute_error",
]

GROUP_METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(name="selection_rate", tasks=(BINARY,)),
        Metric(name="true_positive_rate", tasks=(BINARY,)),
        Metric(name="false_positive_rate", tasks=(BINARY,), lower_is_better=True),
        Metric(name="false_negative_rate", tasks=(BINARY,), lower_is_better=True),
        Metric(name="accuracy", tasks=(BINARY, MULTICLASS)),
        Metric(name="mean_absolute_error", tasks=(REGRESSION,), lower_is_better=True),
    )
}


def metrics_of(task: str) -> tuple[str, ...]:
    """Return the names of the metrics that a task has, in the order of the guide."""
    return tuple(metric.name for metric in METRICS.values() if task in metric.tasks)


def metric_problem(name: str, known: dict[str, Metric], task: str | None = None) -> str:
    """Say in one line why a metric cannot be asked for (of a task, when one is given); empty when it can."""
    fitting = [metric.name for metric in known.values() if task is None or task in metric.tasks]
    if name in fitting:
        return ""
    if name in known:
        return f"{name} is no metric of {task}; there are {', '.join(fitting)}."
    return f"There is no metric {name!r}; {_nearest(name, fitting)}"


def _nearest(name: str, fitting: Iterable[str]) -> str:
    names = list(fitting)
    near = get_close_matches(name, names, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(names)}."
