"""How well does a classifier tell two samples apart on rows that it has not seen?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gates.measure.drift.cells import Floats

FOLDS = 5
CATEGORIES = 200
"""Most frequent categories of a text told apart; the rest are one."""
LARGEST = 1e300
"""Stands for infinity, which trees do not read."""

Marks = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of both samples, as a classifier reads them."""

    names: tuple[str, ...]
    values: Floats
    """One column a name; codes for texts, NaN where missing."""
    texts: tuple[bool, ...]
    side: Marks
    """1 for the current side."""
    places: Marks
    """Rows of one content have one place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Area under the curve by cross-validation, its standard error, and what is lost without each column."""

    auc: float
    standard_error: float
    losses: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fold:
    """A model, and the rows that it has not seen."""

    model: Any
    values: Floats
    side: Marks
    auc: float
    standard_error: float


def tell(table: Table, seed: int, *, clearly: float) -> Told:
    """Train on four fifths and score the fifth, five times; copies of one row are never on both sides of that.

    By which columns is only asked where the area is above `clearly`: near a coin's they would be those of chance.
    """
    import sklearn.ensemble  # noqa: F401, PLC0415 - heavy; loaded first, for only what is loaded is held to one thread
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # noqa: PLC0415 - heavy

    random = np.random.default_rng([seed, 2017])
    _, contents = np.unique(table.places, return_inverse=True)
    numbers = random.permutation(contents.max() + 1)[contents] % FOLDS
    with threadpool_limits(1):
        folds = [_fold(table, numbers == fold) for fold in range(FOLDS)]
        auc = float(np.mean([fold.auc for fold in folds]))
        losses = [_losses(fold, random) for fold in folds] if auc > clearly else []
    mean = np.mean(losses, axis=0) if losses else np.zeros(0)
    return Told(
        auc=auc,
        standard_error=float(np.sqrt(np.sum([fold.standard_error**2 for fold in folds])) / FOLDS),
        losses=dict(zip(table.names, mean.tolist(), strict=False)),
    )


def _fold(table: Table, held: NDArray[np.bool_]) -> _Fold:
    model = _model(table)
    model.fit(_known(table.values[~held]), table.side[~held])
    values, side = table.values[held], table.side[held]
    auc, error = area(model.predict_proba(values)[:, 1], side)
    return _Fold(model=model, values=values, side=side, auc=auc, standard_error=error)


def _known(values: Floats) -> Floats:
    """Return rows to learn from; a column without any value, from which nothing can be learnt, is one of zeros."""
    return np.where(np.isnan(values).all(axis=0), 0.0, values)


def _model(table: Table) -> Any:  # noqa: ANN401 - scikit-learn has no types
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - heavy

    return HistGradientBoostingClassifier(
        max_iter=40,
        max_leaf_nodes=15,
        categorical_features=list(table.texts),
        early_stopping=False,
        random_state=0,
    )


def _losses(fold: _Fold, random: np.random.Generator) -> list[float]:
    """Return by how much the area shrinks when one column is shuffled (Breiman 2001, section 10), for each column."""
    found = []
    for place in range(fold.values.shape[1]):
        shuffled = fold.values.copy()
        shuffled[:, place] = random.permutation(shuffled[:, place])
        found.append(fold.auc - area(fold.model.predict_proba(shuffled)[:, 1], fold.side)[0])
    return found


def area(scores: Floats, side: Marks) -> tuple[float, float]:
    """Return the area under the curve and its standard error (DeLong 1988, by midranks as Sun and Xu 2014)."""
    ones, zeros = scores[side == 1], scores[side == 0]
    ranks = midranks(scores)
    of_ones = (ranks[side == 1] - midranks(ones)) / len(zeros)
    of_zeros = 1 - (ranks[side == 0] - midranks(zeros)) / len(ones)
    variance = sum(float(np.var(part, ddof=1)) / len(part) for part in (of_ones, of_zeros) if len(part) > 1)
    return float(np.mean(of_ones)), float(np.sqrt(variance))


def midranks(values: Floats) -> Floats:
    """Return ranks from 1, ties by their mean."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    middles: Floats = ends - (counts - 1) / 2
    return middles[places]
