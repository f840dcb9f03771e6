"""How good are numbers for labels? The few metrics that importance is told in, on arrays, as scikit-learn defines them.

They are computed thousands of times on a few thousand rows, so they are plain numpy.
"""

from collections.abc import Callable

import numpy as np

from gates.measure.rows import Floats
from gates.measure.unusable import UnusableError
from gates.metric import BINARY, METRICS, MULTICLASS, REGRESSION

Rule = Callable[[Floats, Floats], float]
"""Labels and answers in, a number out; labels of a binary task are 1 and 0. NaN where it is not defined."""

TINY = float(np.finfo(np.float64).eps)
HALF = 0.5


def accuracy(labels: Floats, scores: Floats) -> float:
    """Return the share of right classes; a probability of half or more is the positive class."""
    return float(((scores >= HALF) == (labels == 1)).mean())


def balanced_accuracy(labels: Floats, scores: Floats) -> float:
    """Return the mean of both classes' shares of right answers."""
    right, positive = (scores >= HALF) == (labels == 1), labels == 1
    if positive.all() or not positive.any():
        return float("nan")
    return float((right[positive].mean() + right[~positive].mean()) / 2)


def same_class(labels: Floats, answers: Floats) -> float:
    """Return the share of right classes among several."""
    return float((labels == answers).mean())


def roc_auc(labels: Floats, scores: Floats) -> float:
    """Return the area under the ROC curve, ties counted half (Mann and Whitney 1947)."""
    positives = int((labels == 1).sum())
    negatives = len(labels) - positives
    if not positives or not negatives:
        return float("nan")
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    after = np.cumsum(counts)
    ranks = after - (counts - 1) / 2
    return float((ranks[places][labels == 1].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def log_loss(labels: Floats, scores: Floats) -> float:
    """Return the mean negative logarithm of the true class's probability."""
    certain = np.clip(np.where(labels == 1, scores, 1 - scores), TINY, 1 - TINY)
    return float(-np.log(certain).mean())


def squared(labels: Floats, answers: Floats) -> float:
    """Return the mean squared error; of probabilities it is Brier's score."""
    return float(((labels - answers) ** 2).mean())


def root(labels: Floats, answers: Floats) -> float:
    """Return the root of the mean squared error."""
    return float(np.sqrt(squared(labels, answers)))


def absolute(labels: Floats, answers: Floats) -> float:
    """Return the mean absolute error."""
    return float(np.abs(labels - answers).mean())


def explained(labels: Floats, answers: Floats) -> float:
    """Return the share of the variance that is explained."""
    spread = float(((labels - labels.mean()) ** 2).sum())
    return 1 - float(((labels - answers) ** 2).sum()) / spread if spread else float("nan")


RULES: dict[str, dict[str, Rule]] = {
    BINARY: {
        "roc_auc": roc_auc,
        "accuracy": accuracy,
        "balanced_accuracy": balanced_accuracy,
        "log_loss": log_loss,
        "brier_score": squared,
    },
    MULTICLASS: {"accuracy": same_class},
    REGRESSION: {
        "mean_absolute_error": absolute,
        "root_mean_squared_error": root,
        "mean_squared_error": squared,
        "r2": explained,
    },
}


def worsening(task: str, metric: str) -> tuple[Rule, int]:
    """Return a metric's rule, and the sign that makes a drop of it positive. Raises `UnusableError` for others."""
    known = RULES.get(task, {})
    if metric not in known:
        there = ", ".join(known) or "none"
        raise UnusableError(f"importance is not told in {metric} for {task}; there are {there}.")
    return known[metric], -1 if METRICS[metric].lower_is_better else 1
