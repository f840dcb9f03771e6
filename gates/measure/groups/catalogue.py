"""Which metrics do groups have, for which tasks, and what is asked for by which name?"""

from collections.abc import Sequence
from dataclasses import dataclass

from gates.measure.classes import key
from gates.measure.groups.classified import CLASSWISE
from gates.measure.prepared import Prepared
from gates.metric import (
    BINARY,
    CLASSES,
    ENTITIES,
    FORECASTING,
    ITEMS,
    MEASURED_METRICS,
    MULTICLASS,
    MULTILABEL,
    QUANTILE,
    REGRESSION,
    Metric,
    metric_problem,
)

OF_SCORES = (
    "roc_auc",
    "average_precision",
    "log_loss",
    "brier_score",
    "expected_calibration_error",
    "roc_auc_ovr",
    "roc_auc_ovo",
)
OF_RATES = ("selection_rate", "true_positive_rate", "false_positive_rate", "true_negative_rate", "false_negative_rate")
"""Names that groups have for themselves; all others are those of metrics of all rows."""
SIGNED = frozenset({"mean_error", "mean", "r2", "matthews_corrcoef", "cohen_kappa"})
"""Numbers that may be negative, so that ratios of them mean nothing."""
UNKNOWN = frozenset({"mean_absolute_scaled_error", "weighted_absolute_percentage_error"})
"""Metrics that groups do not have: they are told per series."""
TASKS = (BINARY, MULTICLASS, MULTILABEL, ENTITIES, REGRESSION, QUANTILE, FORECASTING, ITEMS)
LOWER = frozenset(
    {
        "false_positive_rate",
        "false_negative_rate",
        *(name for name, metric in MEASURED_METRICS.items() if metric.lower_is_better),
    }
)

CATALOGUE = {
    **{name: Metric(name=name, tasks=(BINARY,), lower_is_better=name in LOWER) for name in OF_RATES},
    **{
        name: metric
        for name, metric in MEASURED_METRICS.items()
        if name not in UNKNOWN and any(task in TASKS for task in metric.tasks)
    },
}
"""Every metric of groups, by name; those of one class are told of each class of a multiclass task, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One metric that was asked for."""

    name: str
    base: str
    """Without the class."""
    place: int | None = None
    """Place of the class that is looked at against all others; None where no class was named."""
    lower_is_better: bool = False
    problem: str = ""


def wanted(prepared: Prepared, names: Sequence[str]) -> tuple[Wanted, ...]:
    """Read each name once; in a multiclass task `recall:cat` is the recall of the class `cat`."""
    return tuple(_read(name, prepared) for name in dict.fromkeys(names))


def _read(name: str, prepared: Prepared) -> Wanted:
    base, colon, of = name.partition(":")
    if colon and base in CLASSWISE:
        return _of_class(name, base, of, prepared)
    if prepared.task == MULTICLASS and base in CLASSWISE and MULTICLASS not in CATALOGUE[base].tasks:
        example = prepared.classes[0] if prepared.classes else "CLASS"
        problem = f"{base} is told of one class: write {base}:{example} for the class {example}."
        return Wanted(name=name, base=base, problem=problem)
    problem = metric_problem(name, CATALOGUE, prepared.task)
    return Wanted(name=name, base=name, lower_is_better=name in LOWER, problem=problem)


def _of_class(name: str, base: str, of: str, prepared: Prepared) -> Wanted:
    if prepared.task not in CLASSES:
        return Wanted(name=name, base=base, problem=f"{base} is no metric of {prepared.task}.")
    found = key(of)
    if found not in prepared.classes:
        listed = ", ".join(prepared.classes[:20]) + (", ..." if prepared.classes[20:] else "")
        return Wanted(name=name, base=base, problem=f"{of!r} is no class of the label; there are {listed}.")
    place = prepared.classes.index(found)
    return Wanted(name=name, base=base, place=place, lower_is_better=base in LOWER)
