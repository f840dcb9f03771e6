"""Which metrics does Gatehouse know, and for which task is each of them?"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

BINARY = "binary-classification"
MULTICLASS = "multiclass-classification"
MULTILABEL = "multilabel-classification"
REGRESSION = "regression"
QUANTILE = "quantile-regression"
FORECASTING = "forecasting"
ITEMS = "item-scores"
"""One number for each item, computed elsewhere (the overlap of a segmentation, of a text); more is better."""
ENTITIES = "entity-recognition"
TEXT = "text-classification"
"""Binary or multiclass, as many classes as its label has."""

TASKS = (BINARY, MULTICLASS, REGRESSION)
"""Tasks of models that a promotion scores."""
MEASURED_TASKS = (*TASKS, MULTILABEL, QUANTILE, FORECASTING, ITEMS, ENTITIES, TEXT)
"""Tasks whose answers can be measured, from the terminal too."""
CLASSES = (BINARY, MULTICLASS)


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
        Metric(name="accuracy", tasks=CLASSES),
        Metric(name="balanced_accuracy", tasks=CLASSES),
        Metric(name="precision", tasks=(BINARY,)),
        Metric(name="recall", tasks=(BINARY,)),
        Metric(name="f1", tasks=(BINARY,)),
        Metric(name="specificity", tasks=(BINARY,)),
        Metric(name="jaccard", tasks=(BINARY,)),
        Metric(name="f1_macro", tasks=(MULTICLASS, MULTILABEL)),
        Metric(name="f1_micro", tasks=(MULTICLASS, MULTILABEL)),
        Metric(name="f1_weighted", tasks=(MULTICLASS,)),
        Metric(name="precision_macro", tasks=(MULTICLASS,)),
        Metric(name="recall_macro", tasks=(MULTICLASS,)),
        Metric(name="matthews_corrcoef", tasks=CLASSES),
        Metric(name="cohen_kappa", tasks=CLASSES),
        Metric(name="roc_auc", tasks=(BINARY,), needs_scores=True),
        Metric(name="roc_auc_ovr", tasks=(MULTICLASS,), needs_scores=True),
        Metric(name="roc_auc_ovo", tasks=(MULTICLASS,), needs_scores=True),
        Metric(name="average_precision", tasks=(BINARY,), needs_scores=True),
        Metric(name="log_loss", tasks=CLASSES, lower_is_better=True, needs_scores=True),
        Metric(name="brier_score", tasks=CLASSES, lower_is_better=True, needs_scores=True),
        Metric(name="expected_calibration_error", tasks=CLASSES, lower_is_better=True, needs_scores=True),
        Metric(name="f1_samples", tasks=(MULTILABEL,)),
        Metric(name="jaccard_samples", tasks=(MULTILABEL,)),
        Metric(name="subset_accuracy", tasks=(MULTILABEL,)),
        Metric(name="hamming_loss", tasks=(MULTILABEL,), lower_is_better=True),
        Metric(name="mean_absolute_error", tasks=(REGRESSION, FORECASTING), lower_is_better=True),
        Metric(name="root_mean_squared_error", tasks=(REGRESSION, FORECASTING), lower_is_better=True),
        Metric(name="r2", tasks=(REGRESSION,)),
        Metric(name="mean_squared_error", tasks=(REGRESSION,), lower_is_better=True),
        Metric(name="mean_absolute_percentage_error", tasks=(REGRESSION,), lower_is_better=True),
        Metric(name="median_absolute_error", tasks=(REGRESSION,), lower_is_better=True),
        Metric(name="mean_absolute_scaled_error", tasks=(FORECASTING,), lower_is_better=True),
        Metric(name="weighted_absolute_percentage_error", tasks=(FORECASTING,), lower_is_better=True),
        Metric(name="mean_pinball_loss", tasks=(QUANTILE,), lower_is_better=True),
        Metric(name="mean", tasks=(ITEMS,)),
        Metric(name="entity_f1", tasks=(ENTITIES,)),
        Metric(name="entity_precision", tasks=(ENTITIES,)),
        Metric(name="entity_recall", tasks=(ENTITIES,)),
    )
}
"""Metrics of which more, or less, is better: what a policy may ask for."""
UNDIRECTED = {
    metric.name: metric
    for metric in (
        Metric(name="mean_error", tasks=(REGRESSION, FORECASTING)),
        Metric(name="coverage", tasks=(QUANTILE,)),
    )
}
"""Metrics with a best value in the middle: told, with the plain difference, and never judged."""
MEASURED_METRICS = METRICS | UNDIRECTED

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
