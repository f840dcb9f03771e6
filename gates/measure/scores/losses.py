"""How bad is each row's answer?"""

from collections.abc import Callable

import numpy as np

from gates.measure.scores.arrays import Codes, Floats
from gates.measure.scores.sample import Sample

TINY = float(np.finfo(np.float64).eps)
"""scikit-learn keeps probabilities this far from 0 and 1, so that one sure mistake is not infinitely bad."""


def log_losses(sample: Sample, scores: Floats) -> Floats:
    """Return each row's negative log likelihood of its true class."""
    losses: Floats = -np.log(np.clip(of_truth(sample.labels, scores), TINY, 1 - TINY))
    return losses


def brier_losses(sample: Sample, scores: Floats) -> Floats:
    """Return each row's squared distance of the probabilities from what came true.

    As scikit-learn: of the positive class's probability where there are two classes, summed over all classes where
    there are more.
    """
    if scores.ndim == 1:
        return np.asarray((scores - sample.labels) ** 2)
    truth = np.zeros(scores.shape)
    truth[np.arange(len(scores)), sample.labels] = 1.0
    return np.asarray(((scores - truth) ** 2).sum(axis=1))


def of_truth(labels: Codes, scores: Floats) -> Floats:
    """Return the probability that was given to what came true."""
    if scores.ndim == 1:
        return np.where(labels == 1, scores, 1 - scores)
    return np.asarray(scores[np.arange(len(scores)), labels])


LOSSES: dict[str, Callable[[Sample, Floats], Floats]] = {"log_loss": log_losses, "brier_score": brier_losses}


def baseline(name: str, shares: Floats) -> float:
    """Return the loss of a model that answers with the classes' shares."""
    if name == "log_loss":
        return float(-(shares[shares > 0] * np.log(shares[shares > 0])).sum())
    return float(shares[0] * shares[1]) if len(shares) == 2 else float(1 - (shares**2).sum())  # noqa: PLR2004 - binary
