"""Which values does a sample leave possible, when its estimate is a sum over units and may be skewed?"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gates.confidence import LEVELS, NORMAL, Confidence
from gates.measure.certainty import kept
from gates.measure.estimated import Interval
from gates.measure.scores.spread import Spread

LOW, HIGH = 0.025, 0.975
"""Levels of a two-sided 95 % interval's ends."""
CERTAIN = 1e-12


@lru_cache(maxsize=512)
def student(level: float, degrees: float) -> float:
    """Return a quantile of Student's distribution.

    G. W. Hill 1970, Communications of the ACM 13:619-620 (algorithm 396): within 1e-5 relative from 3 degrees of
    freedom on, and 0.2 % at 2.
    """
    if level == 0.5:  # noqa: PLR2004 - the median
        return 0.0
    tails = 2 * min(level, 1 - level)
    sign = -1.0 if level < 0.5 else 1.0  # noqa: PLR2004 - the median
    a = 1 / (degrees - 0.5)
    b = 48 / a**2
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * math.sqrt(a * math.pi / 2) * degrees
    y = (d * tails) ** (2 / degrees)
    if y > 0.05 + a:
        x = NORMAL.inv_cdf(tails / 2)
        y = x * x
        if degrees < 5:  # noqa: PLR2004 - the algorithm's
            c += 0.3 * (degrees - 4.5) * (x + 0.6)
        c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
        y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
        y = math.expm1(a * y * y)
    else:
        y = ((1 / (((degrees + 6) / (degrees * y) - 0.089 * d - 0.822) * (degrees + 2) * 3) + 0.5 / (degrees + 4)) * y
             - 1) * (degrees + 1) / (degrees + 2) + 1 / y  # fmt: skip
    return sign * math.sqrt(degrees * y)


def mean(value: float, spread: Spread) -> Confidence:
    """Return the distribution of a mean of units that may be skewed, and may have heavy tails.

    Hall's transformation of the t statistic repairs true skewness and is misled by the accidental one of few large
    units; Student's interval is the other way round. At each level the one that claims less is taken.
    """
    ends = [
        (value + spread.error * student(level, spread.degrees), value - spread.error * _hall(1 - level, spread))
        for level in LEVELS
    ]
    return kept([min(end) if level < 0.5 else max(end) for level, end in zip(LEVELS, ends, strict=True)])  # noqa: PLR2004 - the median


def _hall(level: float, spread: Spread) -> float:
    """Return a quantile of the t statistic of skewed units.

    Hall 1992, Journal of the Royal Statistical Society B 54:221-228, equation 2.5, a cubic that never falls, with
    Student's quantile in place of the normal one.
    """
    quantile, skewness = student(level, spread.degrees), spread.skewness
    if abs(skewness) < CERTAIN:
        return quantile
    return 3 / skewness * (float(np.cbrt(1 + skewness * (quantile - skewness / 6))) - 1)


def between(low: float, high: float, spread: Spread) -> Confidence:
    """Return the distribution of a nearly normal estimate whose centre is known to lie between two values."""
    centres = [low if level < 0.5 else high if level > 0.5 else (low + high) / 2 for level in LEVELS]  # noqa: PLR2004 - the median
    return kept(
        [centre + spread.error * student(level, spread.degrees) for level, centre in zip(LEVELS, centres, strict=True)]
    )


def within(value: float, spread: Spread, low: float, high: float) -> Interval:
    """Return the two-sided 95 % interval of a mean that cannot leave `low` to `high`."""
    ends = mean(value, spread).interval()
    return max(low, ends[0]), min(high, ends[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """An area or an average of numbers within 0 to 1, and how it scatters."""

    value: float
    spread: Spread
    units: int
    """Rows, or clusters, of the rarer class."""
    clustered: bool = False

    def bound(self, level: float) -> float:
        """Return the one-sided bound at a level, on the logit scale, which keeps it within 0 to 1.

        At 0 and 1, where the sample scatters no more, it is that of a rate that is 0 or 1 in so many units (Clopper and
        Pearson 1934, Biometrika 26:404-413): an average of numbers within 0 and 1 cannot be less certain.
        """
        if self.value >= 1 - CERTAIN:
            return math.exp(math.log(level) / self.units)
        if self.value <= CERTAIN:
            return 1 - math.exp(math.log(1 - level) / self.units)
        step = student(level, self.spread.degrees) * self.spread.error / (self.value * (1 - self.value))
        odds = math.log(self.value / (1 - self.value)) + step
        return 1 / (1 + math.exp(-max(-700.0, min(700.0, odds))))

    def reach(self, level: float) -> float:
        """Return how far a bound is from the value, at the longer side of the logit scale.

        For rows that is midway to Student's: half as much further is what simulations ask for, and all of it for
        clusters (docs/calibration.md).
        """
        longer = max(abs(self.bound(level) - self.value), abs(self.bound(1 - level) - self.value))
        if self.clustered:
            return longer
        plain = abs(student(level, self.spread.degrees)) * self.spread.error
        return (longer + plain) / 2 if plain > 0 else longer

    @property
    def interval(self) -> Interval:
        """Return the two-sided 95 % interval."""
        low, high = self.bound(LOW), self.bound(HIGH)
        return (low, 1.0 if self.value >= 1 - CERTAIN else high) if self.value > CERTAIN else (0.0, high)


def shares_apart(one: Share, other: Share, gap: Spread) -> Confidence:
    """Return the distribution of one share minus another of the same rows.

    Student's interval of the paired difference, as DeLong's variance gives it, stretched as the shares' own intervals
    reach further on the logit scale: near 1 a sample that happens to look good also looks too certain. Without any
    scatter it is that of two independent bounds (Newcombe 1998, Statistics in Medicine 17:873-890, method 10).
    """
    both = one.spread.error**2 + other.spread.error**2

    def wide(level: float) -> float:
        reach = one.reach(level) ** 2 + other.reach(level) ** 2
        return math.sqrt(reach * (gap.error**2 / both if both > 0 else 1.0))

    value = one.value - other.value
    return kept([value + math.copysign(wide(level), level - 0.5) if level != 0.5 else value for level in LEVELS])  # noqa: PLR2004 - the median
