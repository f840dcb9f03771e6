"""Within which limits does a number of each group lie, at any level?

Everything here holds one entry a group. A *score* is a level on the normal scale: 1.96 for two-sided 95 %; a column of
scores gives a row of limits for each. Limits that hold one by one are combined by MOVER, the method of variance
estimates recovery (Zou and Donner 2008, Statistics in Medicine 27:1693-1702), which needs no symmetry.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
Scores = float | Floats
"""One score, or a column of them."""
Pair = tuple[Floats, Floats]
Shrink = Callable[[Scores], Floats]
"""What rows are worth at a score, as a share: less than 1 where their variance is known from few clusters."""


class Spread(Protocol):
    """A number of each group, and how far the truth may be from it."""

    @property
    def value(self) -> Floats:
        """The estimate; NaN for a group without any row that counts."""

    def at(self, score: Scores) -> Pair:
        """Return the one-sided lower and upper limits at a score of 0 or more."""


def whole(score: Scores) -> Floats:
    """Take rows for what they are."""
    return np.ones_like(score)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSpread:
    """A rate: hits among the rows that count; where rows come in clusters, as many as they are worth.

    Agresti and Coull's interval (1998, The American Statistician 52:119-126): its centre is Wilson's and it contains
    his. Brown, Cai and DasGupta (2001, Statistical Science 16:101-133) find it the one of the simple intervals that
    does not fall below its level near 0 and 1, where rates of small groups lie; one-sided tails hold better, too.
    """

    hits: Floats
    of: Floats
    shrink: Shrink = whole

    @property
    def value(self) -> Floats:
        """The rate."""
        return divided(self.hits, self.of)

    def at(self, score: Scores) -> Pair:
        """Return Agresti and Coull's limits."""
        worth, square = self.of * self.shrink(score), np.square(score)
        trials = worth + square
        centre = divided(self.value * worth + square / 2, trials)
        spread = score * np.sqrt(divided(centre * (1 - centre), trials))
        return np.maximum(centre - spread, 0.0), np.minimum(centre + spread, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSpread:
    """A number whose limits are known at one score; at others they are as much nearer or farther as the score is."""

    value: Floats
    low: Floats
    high: Floats
    score: float

    def at(self, score: Scores) -> Pair:
        """Return limits that go out straight on the normal scale."""
        share = score / self.score
        return self.value - (self.value - self.low) * share, self.value + (self.high - self.value) * share


@dataclass(frozen=True, slots=True, kw_only=True)
class RisingSpread:
    """A rising function of another number: its limits are those of the other one."""

    of: Spread
    function: Callable[[Floats], Floats]

    @property
    def value(self) -> Floats:
        """The function of the other estimate."""
        return self.function(self.of.value)

    def at(self, score: Scores) -> Pair:
        """Return the function of the other limits."""
        low, high = self.of.at(score)
        return self.function(low), self.function(high)


@dataclass(frozen=True, slots=True)
class HalfwaySpread:
    """The middle between two numbers of different rows."""

    first: Spread
    second: Spread

    @property
    def value(self) -> Floats:
        """The middle."""
        return (self.first.value + self.second.value) / 2

    def at(self, score: Scores) -> Pair:
        """Return MOVER's limits of a sum, halved."""
        (low, high), (other_low, other_high) = self.first.at(score), self.second.at(score)
        first, second, middle = self.first.value, self.second.value, self.value
        below = np.hypot(first - low, second - other_low) / 2
        return middle - below, middle + np.hypot(high - first, other_high - second) / 2


def divided(above: Floats, below: Floats) -> Floats:
    """Divide; NaN where there is nothing to divide by."""
    there = below > 0
    return np.where(there, above / np.where(there, below, 1.0), np.nan)
