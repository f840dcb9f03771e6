"""Which rows does a rate count, and which of them are hits?

In a binary classification 1 is the positive class and 0 the other; a rate of one class of several looks at that class
against all others.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gates.measure.groups.limits import Counts, Mask

Tells = Callable[[Counts, Counts], Mask]
"""From the labels and the answers of cells to those that are meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A rate: hits among the rows that count."""

    counts: Tells
    hits: Tells
    same_rows: bool = True
    """Do the rows that count depend on the label only, so that both models have the same?"""

    def told(self, label: Counts, said: Counts) -> Mask:
        """Return the hits among the rows that count."""
        return self.counts(label, said) & self.hits(label, said)


def _all(label: Counts, said: Counts) -> Mask:
    del said
    return np.ones(label.shape, dtype=np.bool_)


def _positive(label: Counts, said: Counts) -> Mask:
    del said
    return np.equal(label, 1)


def _negative(label: Counts, said: Counts) -> Mask:
    del said
    return np.not_equal(label, 1)


def _selected(label: Counts, said: Counts) -> Mask:
    del label
    return np.equal(said, 1)


def _passed_over(label: Counts, said: Counts) -> Mask:
    del label
    return np.not_equal(said, 1)


def _right(label: Counts, said: Counts) -> Mask:
    return np.equal(label, said)


def _either(label: Counts, said: Counts) -> Mask:
    return np.equal(label, 1) | np.equal(said, 1)


SENSITIVITY = Rate(counts=_positive, hits=_selected)
SPECIFICITY = Rate(counts=_negative, hits=_passed_over)
ACCURACY = Rate(counts=_all, hits=_right)
JACCARD = Rate(counts=_either, hits=_right, same_rows=False)
RATES = {
    "selection_rate": Rate(counts=_all, hits=_selected),
    "true_positive_rate": SENSITIVITY,
    "false_positive_rate": Rate(counts=_negative, hits=_selected),
    "true_negative_rate": SPECIFICITY,
    "false_negative_rate": Rate(counts=_positive, hits=_passed_over),
    "accuracy": ACCURACY,
    "recall": SENSITIVITY,
    "specificity": SPECIFICITY,
    "precision": Rate(counts=_selected, hits=_positive, same_rows=False),
    "jaccard": JACCARD,
}
"""By the name of the metric."""


def f1_of(
    jaccard: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return F1 of the Jaccard index: 2 J / (1 + J), for both are made of the same three counts."""
    return 2 * jaccard / (1 + jaccard)
