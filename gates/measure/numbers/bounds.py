"""How sure is a number that is a mean, or nearly one, of rows or clusters?

Student's t on Hall's transformation for skewness (Hall 1992, JRSS B 54:221-228), with the degrees of freedom that the
kurtosis leaves to the variance, and never closer to the estimate than Student's t without the transformation.

A sample of a long tail has seldom seen the end of it, and so its own variance and skewness are too small (Johnson 1978,
JASA 73:536-544). They are therefore taken with one more unit in that tail, a little further out than the furthest one
seen. To tell no interval where the sample is skewed would not do: the samples that missed the tail would be told, and
they are the wrong ones. `tools/calibration/numbers.py` shows what it covers.
"""

import math
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from gates.confidence import LEVELS, Confidence
from gates.measure.certainty import kept
from gates.measure.estimated import Interval
from gates.wording import count

LEAST_EFFECTIVE = 6
"""Units as good as so many normal ones are the fewest that an interval is told for (calibrated)."""
LEAST_UNITS = {"row": 100, "cluster": 30}
"""The fewest units, however even they are (calibrated); a cluster's sum is nearer to normal than a row's loss."""
FURTHER = 1.2
"""How far out the unit is that a long tail has not shown yet, in distances of the furthest one seen (calibrated)."""
SLANTED = 0.2
"""Skewness over the root of units from which a tail is long for sure; below, that unit is as much nearer."""
SMALL = 1e-9
"""Skewness over the root of units below which the transformation is the identity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """What the parts of an estimate look like around it: numbers, or arrays of one entry for each sample.

    A part is what one unit (row or cluster) adds to the estimate, times the number of units; their mean is 0.
    """

    units: int
    second: Any
    """Mean square of the parts over `unit`, and so on."""
    third: Any
    fourth: Any
    unit: float = 1.0
    """A size near the parts', so that no power of them is too large or too small for a number."""
    largest: float = 0.0
    """Size of the largest part."""
    reach: float = 0.0
    """How large the part of a unit could be that was not seen; it matters where all parts that were seen are alike."""

    @property
    def standard_error(self) -> Any:  # noqa: ANN401 - a number or an array
        """The estimate's standard error; 0 where the parts are all alike."""
        return self.unit * np.sqrt(self.second / max(self.units - 1, 1))

    @property
    def kurtosis(self) -> Any:  # noqa: ANN401 - a number or an array
        """3 for normal parts; 3 too where there is no spread at all."""
        square = self.second * self.second
        return np.where(square > 0, np.maximum(self.fourth, square) / np.where(square > 0, square, 1.0), 3.0)

    @property
    def skewness(self) -> Any:  # noqa: ANN401 - a number or an array
        """0 for symmetric parts."""
        cube = self.second * np.sqrt(self.second)
        return np.where(cube > 0, self.third / np.where(cube > 0, cube, 1.0), 0.0)

    @property
    def effective(self) -> Any:  # noqa: ANN401 - a number or an array
        """How many normal units tell as much about the variance; at most all.

        The variance of a variance grows with the kurtosis, so a few large parts among many small ones count as few.
        """
        return np.minimum(3 * self.units / self.continued.kurtosis, self.units)

    @property
    def degrees(self) -> Any:  # noqa: ANN401 - a number or an array
        """Degrees of freedom of a chi-squared whose variance is that of the variance estimate."""
        spare = np.maximum(self.kurtosis - 1, 1e-9)
        return np.clip(2 * self.units / spare, 1.0, self.units - 1)

    @property
    def continued(self) -> Self:
        """The same with one more unit in the longer tail; without a longer one nothing changes.

        The furthest part is not beyond the fourth root of the sum of all fourth powers, and where a part is far out it
        is nearly that.
        """
        furthest = np.sqrt(np.sqrt(self.units * self.fourth))
        slant = np.abs(self.skewness) / math.sqrt(self.units)
        part = FURTHER * furthest * np.minimum(slant / SLANTED, 1.0)
        return replace(
            self,
            second=self.second + part**2 / self.units,
            third=self.third + np.sign(self.third) * part**3 / self.units,
            fourth=self.fourth + part**4 / self.units,
        )


def quantiles(value: Any, spread: Spread, levels: tuple[float, ...]) -> Any:  # noqa: ANN401 - a number or an array
    """Return the confidence distribution's values at some levels, which stand in the last dimension."""
    from scipy.special import stdtrit  # noqa: PLC0415 - heavy

    whole = spread.continued
    degrees = np.asarray(whole.degrees, dtype=np.float64)[..., None]
    plain = stdtrit(degrees, 1 - np.asarray(levels))
    slant = np.asarray(whole.skewness / np.sqrt(whole.units), dtype=np.float64)[..., None]
    bent = _untransformed(plain, slant)
    wide = np.where(plain > 0, np.maximum(plain, bent), np.where(plain < 0, np.minimum(plain, bent), 0.0))
    found = np.asarray(value)[..., None] - np.asarray(whole.standard_error)[..., None] * wide
    return found + np.where(np.asarray(spread.second)[..., None] == 0, _unseen(spread, np.asarray(levels)), 0.0)


def _unseen(spread: Spread, levels: Any) -> Any:  # noqa: ANN401 - arrays
    """Return what units that differ could add although none did: the rule of three (Hanley and Lippman-Hand 1983).

    Their share is not above 1 - alpha^(1/units), at a level of alpha; each is taken to differ by `reach`.
    """
    tail = np.minimum(levels, 1 - levels)
    share = np.where(tail < 0.5, 1 - tail ** (1 / spread.units), 0.0)  # noqa: PLR2004 - the middle
    return np.sign(levels - 0.5) * share * spread.reach


def _untransformed(scores: Any, slant: Any) -> Any:  # noqa: ANN401 - arrays
    """Return the studentised values whose transforms are the scores: Hall's cubic, solved."""
    safe = np.where(np.abs(slant) < SMALL, 1.0, slant)
    solved = 3 / safe * (np.cbrt(1 + safe * (scores - safe / 6)) - 1)
    return np.where(np.abs(slant) < SMALL, scores, solved)


def confidence(value: float, spread: Spread, power: int = 0) -> Confidence:
    """Return the confidence distribution of an estimate, times two to a power."""
    return kept([math.ldexp(float(at), power) for at in quantiles(value, spread, LEVELS)])


def interval(value: float, spread: Spread, within: Interval) -> Interval:
    """Return the two-sided 95 % interval, cut to what the metric can be."""
    low, high = (float(at) for at in quantiles(value, spread, (0.025, 0.975)))
    return max(within[0], low), min(within[1], high)


def enough(spread: Spread, unit: str) -> Any:  # noqa: ANN401 - a truth value or an array
    """Tell whether an interval can be trusted; where no two units differ there is nothing to be unsure of."""
    trusted = (spread.effective >= LEAST_EFFECTIVE) | (np.asarray(spread.second) == 0)
    return trusted & (spread.units >= LEAST_UNITS[unit])


def too_few(spread: Spread, unit: str, what: str) -> str:
    """Say in one line why there is no interval; empty when there is one."""
    if enough(spread, unit):
        return ""
    units = count(spread.units, unit)
    if spread.units < LEAST_UNITS[unit]:
        return f"{units}; intervals of {what} hold from {LEAST_UNITS[unit]} on."
    wanted = count(math.ceil(LEAST_EFFECTIVE * float(spread.kurtosis) / 3), unit)
    return (
        f"a few of the {units} decide {what}: they tell as much as {int(spread.effective)} even ones, and intervals "
        f"hold from {LEAST_EFFECTIVE} on; about {wanted} like these would be enough."
    )
