"""How often was each class true, said, and said rightly; and what is each metric of that?

Every metric is a function of these three counts per class, and none changes when all of them double.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gates.measure.certainty import Floats
from gates.measure.classes import Codes
from gates.measure.labels.cells import Cells

POSITIVE = 1
"""Place of the positive class of a binary task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Rows per class (last axis), and per draw where there are many (first axis)."""

    labelled: Floats
    said: Floats
    right: Floats

    @property
    def total(self) -> Floats:
        """All rows."""
        return np.asarray(self.labelled.sum(axis=-1))

    @property
    def hits(self) -> Floats:
        """Rows that were said rightly."""
        return np.asarray(self.right.sum(axis=-1))


def tally(cells: Cells, model: int, counts: Floats) -> Tally:
    """Sum counts (draw x cell) by class."""
    said = cells.said[model]
    right = cells.label == said
    return Tally(
        labelled=_summed(counts, cells.label, cells.classes),
        said=_summed(counts, said, cells.classes),
        right=_summed(counts[:, right], cells.label[right], cells.classes),
    )


def _summed(counts: Floats, codes: Codes, classes: int) -> Floats:
    sums = np.zeros((len(counts), classes))
    if len(codes):
        order = np.argsort(codes, kind="stable")
        present, starts = np.unique(codes[order], return_index=True)
        sums[:, present] = np.add.reduceat(counts[:, order], starts, axis=1)
    return sums


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros(np.broadcast_shapes(np.shape(part), np.shape(whole))), where=whole > 0)


def _mean_where(values: Floats, counted: NDArray[np.bool_]) -> Floats:
    result: Floats = (values * counted).sum(axis=-1) / counted.sum(axis=-1)
    return result


def _some(of: Tally) -> NDArray[np.bool_]:
    return np.asarray(of.labelled + of.said > 0)


def _accuracy(of: Tally) -> Floats:
    return _ratio(of.hits, of.total)


def _balanced_accuracy(of: Tally) -> Floats:
    return _mean_where(_ratio(of.right, of.labelled), of.labelled > 0)


def _precision(of: Tally) -> Floats:
    said = of.said[..., POSITIVE]
    return np.where(said > 0, _ratio(of.right[..., POSITIVE], said), np.nan)


def _recall(of: Tally) -> Floats:
    return _ratio(of.right[..., POSITIVE], of.labelled[..., POSITIVE])


def _specificity(of: Tally) -> Floats:
    return _ratio(of.right[..., 1 - POSITIVE], of.labelled[..., 1 - POSITIVE])


def _f1s(of: Tally) -> Floats:
    return _ratio(2 * of.right, of.labelled + of.said)


def _f1(of: Tally) -> Floats:
    return np.asarray(_f1s(of)[..., POSITIVE])


def _jaccard(of: Tally) -> Floats:
    right = of.right[..., POSITIVE]
    return _ratio(right, of.labelled[..., POSITIVE] + of.said[..., POSITIVE] - right)


def _f1_macro(of: Tally) -> Floats:
    return _mean_where(_f1s(of), _some(of))


def _f1_weighted(of: Tally) -> Floats:
    return _ratio((of.labelled * _f1s(of)).sum(axis=-1), of.total)


def _precision_macro(of: Tally) -> Floats:
    return _mean_where(_ratio(of.right, of.said), _some(of))


def _recall_macro(of: Tally) -> Floats:
    return _mean_where(_ratio(of.right, of.labelled), _some(of))


def _matthews(of: Tally) -> Floats:
    """Return the correlation of several classes (Gorodkin 2004, Computational Biology and Chemistry 28:367-374)."""
    total = of.total
    both = of.hits * total - (of.labelled * of.said).sum(axis=-1)
    sides = (total**2 - (of.said**2).sum(axis=-1)) * (total**2 - (of.labelled**2).sum(axis=-1))
    return _ratio(both, np.sqrt(np.maximum(sides, 0.0)))  # rounding takes a side that is zero below it


def _kappa(of: Tally) -> Floats:
    """Return Cohen's kappa (Cohen 1960, Educational and Psychological Measurement 20:37-46)."""
    chance = (of.labelled * of.said).sum(axis=-1) / of.total**2
    return np.where(chance < 1, _ratio(of.hits / of.total - chance, 1 - chance), np.nan)


METRICS: dict[str, Callable[[Tally], Floats]] = {
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced_accuracy,
    "precision": _precision,
    "recall": _recall,
    "specificity": _specificity,
    "f1": _f1,
    "jaccard": _jaccard,
    "f1_macro": _f1_macro,
    "f1_micro": _accuracy,
    "f1_weighted": _f1_weighted,
    "precision_macro": _precision_macro,
    "recall_macro": _recall_macro,
    "matthews_corrcoef": _matthews,
    "cohen_kappa": _kappa,
}
"""As scikit-learn defines them, the macro averages over the classes that occur; NaN where there is nothing to divide
by. With one label a row, f1_micro is the accuracy."""
