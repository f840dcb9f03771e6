"""How far off are the answers, row by row?"""

import numpy as np

from gates.measure.estimate import Estimate, by_normal, by_resampling
from gates.measure.resampling import row_draws
from gates.measure.rows import Answers, Floats, Rows
from gates.measure.unusable import UnusableError

INFINITE = float("inf")
TINY = float(np.finfo(np.float64).eps)
"""scikit-learn clips probabilities to this, so that one sure mistake is not infinitely bad."""


def log_loss(rows: Rows, seed: int) -> Estimate:
    """Estimate the mean negative log likelihood of the true class."""
    del seed
    shares = _shares(rows)
    entropy = float(-(shares[shares > 0] * np.log(shares[shares > 0])).sum())
    return _mean(rows, [_log_losses(rows, answers) for answers in rows.both], baseline=entropy)


def brier_score(rows: Rows, seed: int) -> Estimate:
    """Estimate the mean squared distance of the positive class's probability from what came true."""
    del seed
    share = float(_shares(rows)[rows.positive])
    truth = (rows.labels == rows.positive).astype(np.float64)
    losses = [(_probabilities(answers) - truth) ** 2 for answers in rows.both]
    return _mean(rows, losses, baseline=share * (1 - share))


def mean_absolute_error(rows: Rows, seed: int) -> Estimate:
    """Estimate the mean distance of the answers from the truth."""
    del seed
    trivial = float(np.abs(rows.truth - rows.truth.mean()).mean())
    return _mean(rows, [np.abs(answers.values - rows.truth) for answers in rows.both], baseline=trivial)


def root_mean_squared_error(rows: Rows, seed: int) -> Estimate:
    """Estimate the root of the mean squared error, with a paired bootstrap of rows."""
    squares = [(answers.values - rows.truth) ** 2 for answers in rows.both]
    drawn = [[(w * some).sum() / rows.count for some in squares] for w in row_draws(rows.count, seed)]
    return by_resampling(
        tuple(float(np.sqrt(some.mean())) for some in squares),
        tuple(np.sqrt(np.array(values)) for values in zip(*drawn, strict=True)),
        baseline=float(rows.truth.std()),
        method="paired bootstrap",
    )


def r2(rows: Rows, seed: int) -> Estimate:
    """Estimate the share of the label's variance that the answers explain, with a paired bootstrap of rows."""
    centred = rows.truth - rows.truth.mean()
    if not centred.any():
        raise UnusableError("the label is the same in all rows, so there is nothing to explain.")
    squares = [(answers.values - rows.truth) ** 2 for answers in rows.both]
    drawn = [[_explained(w, some, centred) for some in squares] for w in row_draws(rows.count, seed)]
    once = np.ones(rows.count)
    return by_resampling(
        tuple(_explained(once, some, centred) for some in squares),
        tuple(np.array(values) for values in zip(*drawn, strict=True)),
        baseline=0.0,
        method="paired bootstrap",
    )


def _explained(weights: Floats, squares: Floats, centred: Floats) -> float:
    total = float((weights * centred**2).sum() - (weights * centred).sum() ** 2 / weights.sum())
    return 1 - float((weights * squares).sum()) / total if total > 0 else float("nan")


def _mean(rows: Rows, losses: list[Floats], *, baseline: float) -> Estimate:
    """Estimate a mean of losses; the difference is that of the same rows, so its error is that of their differences."""
    if rows.count < 2:  # noqa: PLR2004 - a variance needs two
        raise UnusableError("its interval needs at least two rows.")
    return by_normal(
        tuple(float(some.mean()) for some in losses),
        _error(losses[0]),
        _error(losses[0] - losses[1]) if losses[1:] else None,
        baseline=baseline,
        bounds=(0.0, INFINITE),
        method="paired differences of rows, normal",
    )


def _error(values: Floats) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))


def _shares(rows: Rows) -> Floats:
    return np.bincount(rows.labels, minlength=len(rows.classes)) / rows.count


def _probabilities(answers: Answers) -> Floats:
    if answers.scores is None or answers.score_problem:
        raise UnusableError(answers.score_problem)
    return answers.scores


def _log_losses(rows: Rows, answers: Answers) -> Floats:
    scores = _probabilities(answers)
    if scores.ndim > 1:
        of_truth = scores[np.arange(rows.count), rows.labels]
    else:
        of_truth = np.where(rows.labels == rows.positive, scores, 1 - scores)
    losses: Floats = -np.log(np.clip(of_truth, TINY, 1 - TINY))
    return losses
