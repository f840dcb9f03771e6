"""How well does a ranking put positives above negatives, and what does each row do to that number?

A ladder is all that ranking metrics need to know of a model's scores: how many positives and negatives stand on each
step, from the lowest score to the highest. A step is one distinct score, or one bin of a histogram.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gates.measure.scores.arrays import Codes, Floats, Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Positives and negatives on each step, in ascending order of scores; there is at least one of each."""

    positives: Codes
    negatives: Codes
    mixed: Mask
    """Steps of more than one score, whose inner order is not known; all False on the exact path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A ranking metric of one ladder."""

    value: float
    bound: float
    """How far the value can be from the exact one, whatever the order within the mixed steps."""
    weights: Floats
    """What a row adds to the value's error, as [negative or positive, step]; sums to zero over the rows."""

    def adds(self, positive: Codes, steps: Codes) -> Floats:
        """Return what each row adds, from 1 for a positive and 0 for a negative one, and from its step."""
        found: Floats = self.weights.reshape(-1).take(positive * self.weights.shape[1] + steps)
        return found


def roc_auc(ladder: Ladder) -> Ranked:
    """Return the area under the ROC curve, ties counting half.

    The weights are DeLong's placements (DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44:837-845) by midranks (Sun
    and Xu 2014, IEEE Signal Processing Letters 21:1389-1393), less the area, divided by the rows of the class: their
    squares' sum is the area's variance.
    """
    positives, negatives = ladder.positives, ladder.negatives
    of, others = int(positives.sum()), int(negatives.sum())
    above = (np.cumsum(negatives) - negatives / 2) / others
    below = 1 - (np.cumsum(positives) - positives / 2) / of
    value = float((positives * above).sum() / of)
    mixed = np.flatnonzero(ladder.mixed)
    unknown = float((positives[mixed] * negatives[mixed].astype(np.float64)).sum())
    return Ranked(
        value=value,
        bound=unknown / (2 * of * others),
        weights=np.stack([(below - value) / others, (above - value) / of]),
    )


def average_precision(ladder: Ladder) -> Ranked:
    """Return the sum of precision times gain of recall over the thresholds, as scikit-learn defines it.

    With P(y, s) the rows' distribution, T(s) and Q(s) the shares of positives and of all rows at or above s, and p the
    share of positives, the value is AP = E[y T(s)/Q(s)] / p. Its influence function (the Gateaux derivative towards one
    row (y0, s0), Hampel 1974, JASA 69:383-393) has three parts:

    - through p:               -AP (y0 - p) / p
    - through the expectation: y0 T(s0) / (p Q(s0)) - AP
    - through T and Q, which the row raises at all s <= s0: E[y 1(s <= s0) (y0 / Q(s) - T(s) / Q(s)^2)] / p; what their
      old values lose, -T/Q + T Q/Q^2, is zero.

    Together (y0 (T(s0)/Q(s0) - AP + G(s0)) - H(s0)) / p, with G(s0) = E[y 1(s <= s0) / Q(s)] and H(s0) the same
    with T/Q^2: cumulative sums over the ladder. Divided by the number of rows it is the weight.
    """
    positives, shown = ladder.positives, ladder.positives + ladder.negatives
    of = int(positives.sum())
    found, seen = np.cumsum(positives[::-1])[::-1], np.cumsum(shown[::-1])[::-1]
    seen = np.maximum(seen, 1)
    precision = found / seen
    raised = np.cumsum(positives / seen)
    lowered = np.cumsum(positives * precision / seen)
    low, high = _extremes(ladder, found, seen) if ladder.mixed.any() else (precision * positives,) * 2
    value = float((low + high).sum() / (2 * of))
    return Ranked(
        value=value,
        bound=float((high - low).sum() / (2 * of)),
        weights=np.stack([-lowered, precision - value + raised - lowered]) / of,
    )


def _extremes(ladder: Ladder, found: Codes, seen: Codes) -> tuple[Floats, Floats]:
    """Return the least and the most that each step's positives can add.

    With F positives and W wrong ones before a step, p of its positives have at best one score above all of its wrong
    ones, and each the precision (F + p) / (F + W + p): more than in any order without ties. At worst they come one by
    one behind its wrong ones, which W then counts too: the i-th has precision (F + i) / (F + W + i), the sum is
    p - W (H(F + W + p) - H(F + W)), and harmonic numbers are within H(m + p) - H(m) <= ln((m + p) / m), m > 0.
    """
    inside, wrong = ladder.positives, ladder.negatives
    before = found - inside
    worst = seen - before - inside
    best = worst - wrong
    tied = inside * (found / seen)
    low = inside - worst * np.log1p(inside / np.maximum(before + worst, 1))
    high = inside * (found / np.maximum(found + best, 1))
    mixed = ladder.mixed & (inside > 0)
    low = np.where(worst > 0, np.maximum(low, 0), inside)
    return np.where(mixed, low, tied), np.where(mixed, high, tied)


RANKINGS: dict[str, Callable[[Ladder], Ranked]] = {"roc_auc": roc_auc, "average_precision": average_precision}
