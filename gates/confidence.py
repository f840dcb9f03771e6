"""Which values of a difference does a sample rule out, and at which level?

A confidence distribution (Xie and Singh 2013, International Statistical Review 81:3-39): for every level the one-sided
lower confidence bound at that level, so that any interval and any one-sided p-value can be read from it later, without
the sample. Between the levels it is straight on the normal scale, and so it is exact where an estimate is normal.
"""

from bisect import bisect_left
from itertools import pairwise
from statistics import NormalDist
from typing import Self

from pydantic import model_validator

from gates.values import Value

_TAIL = (0.00001, 0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25)
LEVELS: tuple[float, ...] = (*_TAIL, 0.5, *(1 - level for level in reversed(_TAIL)))
"""Levels at which the distribution is kept."""
_CLOSE = 1e-12
"""What one minus a level may lose to rounding."""
NORMAL = NormalDist()
SCORES: tuple[float, ...] = tuple(NORMAL.inv_cdf(level) for level in LEVELS)
"""The levels on the normal scale."""
ALPHA = 0.05
"""One-sided level of every proof that no policy spends otherwise."""


class Confidence(Value):
    """A confidence distribution, by its values at `LEVELS`."""

    quantiles: tuple[float, ...]

    @model_validator(mode="after")
    def _one_for_each_level(self) -> Self:
        if len(self.quantiles) != len(LEVELS):
            raise ValueError(f"{len(self.quantiles)} quantiles were given for {len(LEVELS)} levels")
        if any(low > high for low, high in pairwise(self.quantiles)):
            raise ValueError("quantiles may not fall")
        return self

    @classmethod
    def of_interval(cls, value: float, low: float, high: float) -> Self:
        """Return the distribution of an estimate of which only a two-sided 95 % interval was kept.

        Each side is taken for normal with the spread that the interval has there.
        """
        side = NORMAL.inv_cdf(0.975)
        below, above = max(value - low, 0.0) / side, max(high - value, 0.0) / side
        return cls(quantiles=tuple(value + score * (below if score < 0 else above) for score in SCORES))

    def turned(self) -> Self:
        """Return the distribution of the same estimate with the other sign."""
        return type(self)(quantiles=tuple(0.0 - value for value in reversed(self.quantiles)))

    def lower(self, alpha: float) -> float:
        """Return the one-sided lower bound: the true value is below it with a probability of at most `alpha`."""
        return self._at(alpha)

    def upper(self, alpha: float) -> float:
        """Return the one-sided upper bound: the true value is above it with a probability of at most `alpha`."""
        return self._at(1 - alpha)

    def interval(self, alpha: float = 0.05) -> tuple[float, float]:
        """Return the two-sided interval."""
        return self._at(alpha / 2), self._at(1 - alpha / 2)

    def p_not_above(self, value: float) -> float:
        """Return the one-sided p-value against "the true value is `value` or less": small when it is clearly above.

        Outside the levels kept it is the outermost one, which is never too small.
        """
        return self._level(value)

    def p_not_below(self, value: float) -> float:
        """Return the one-sided p-value against "the true value is `value` or more": small when it is clearly below."""
        return 1 - self._level(value, upper=True)

    @property
    def spread(self) -> float:
        """The standard error of a normal estimate whose two-sided 90 % interval is as wide."""
        low, high = self.interval(2 * ALPHA)
        return (high - low) / (2 * NORMAL.inv_cdf(1 - ALPHA))

    def power(self, shortfall: float, alpha: float = ALPHA) -> float:
        """Return the probability that a sample like this one shows a true shortfall of this size, at one-sided alpha.

        To the first order: the estimate is taken for normal with a standard error of `spread`, whatever its mean.
        """
        if self.spread == 0:
            return 1.0 if shortfall > 0 else alpha
        return NORMAL.cdf(shortfall / self.spread - NORMAL.inv_cdf(1 - alpha))

    def detectable(self, power: float = 0.8, alpha: float = ALPHA) -> float:
        """Return the smallest true shortfall that a sample like this one shows with this power."""
        return self.spread * (NORMAL.inv_cdf(1 - alpha) + NORMAL.inv_cdf(power))

    def _at(self, level: float) -> float:
        if level < LEVELS[0] - _CLOSE or level > LEVELS[-1] + _CLOSE:
            raise ValueError(f"level {level} is outside {LEVELS[0]} to {LEVELS[-1]}")
        level = min(max(level, LEVELS[0]), LEVELS[-1])
        place = bisect_left(LEVELS, level)
        if LEVELS[place] == level:
            return self.quantiles[place]
        score, left, right = NORMAL.inv_cdf(level), SCORES[place - 1], SCORES[place]
        low, high = self.quantiles[place - 1], self.quantiles[place]
        return low + (high - low) * (score - left) / (right - left)

    def _level(self, value: float, *, upper: bool = False) -> float:
        """Return the level of a value; of several (a flat piece), the one that makes the smaller claim.

        That is the highest one for "not above", and the lowest one for "not below".
        """
        quantiles = self.quantiles
        if value < quantiles[0] or (value == quantiles[0] and upper):
            return LEVELS[0]
        if value > quantiles[-1] or (value == quantiles[-1] and not upper):
            return LEVELS[-1]
        inside = [at for at, (low, high) in enumerate(pairwise(quantiles)) if low <= value <= high]
        at = inside[0] if upper else inside[-1]
        low, high = quantiles[at], quantiles[at + 1]
        share = (0.0 if upper else 1.0) if high == low else (value - low) / (high - low)
        return NORMAL.cdf(SCORES[at] + share * (SCORES[at + 1] - SCORES[at]))
