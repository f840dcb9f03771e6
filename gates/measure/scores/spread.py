"""How far does an estimate scatter, when it is a sum over independent units?

The error of each metric here is, to first order, a sum of what each row adds to it. Units are rows, or clusters of rows
that are not independent (Obuchowski 1997, Biometrics 53:567-578); with strata each class scatters by itself, as in
DeLong's variance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from gates.measure.scores.arrays import Codes, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Sums over the units of one stratum, centred at their mean."""

    count: int
    squares: float
    cubes: float
    fourths: float

    @classmethod
    def of(cls, units: Floats, counts: Codes | None = None) -> Self:
        """Sum units in the order given, each as often as `counts` says."""
        total = len(units) if counts is None else int(counts.sum())
        centred = units - float((units if counts is None else counts * units).sum()) / max(total, 1)
        squares = centred * centred
        counted = squares if counts is None else counts * squares
        return cls(
            count=total,
            squares=float(counted.sum()),
            cubes=float((counted * centred).sum()),
            fourths=float((counted * squares).sum()),
        )

    @property
    def resting(self) -> float:
        """On how many units the variance rests: all of them if they are equally large, one if one outweighs all."""
        return self.squares**2 / self.fourths if self.fourths > 0 else float(self.count)

    @property
    def degrees(self) -> float:
        """Degrees of freedom of the variance: the units it rests on, less one.

        So many equally large units would tell as much (the effective size of Kish 1965, Survey Sampling).
        The chi-squared variable that scatters as the sum of squares does has about twice as many (O'Neill 2014, The
        American Statistician 68:282-296, section 3); a sample that lacks its largest units by luck sees too few large
        ones in both, and half as many hold what they say (docs/calibration.md).
        """
        return max(1.0, min(self.resting, self.count) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How an estimate scatters around the true value."""

    error: float
    """Standard error."""
    skewness: float
    """Of the estimate: of a mean, the units' own divided by the root of their number."""
    degrees: float
    """Degrees of freedom of the standard error."""


def spread(strata: Sequence[Sums]) -> Spread | None:
    """Return the scatter of the sum over all strata; None where one of them has a single unit.

    Degrees of freedom: Satterthwaite 1946, Biometrics Bulletin 2:110-114.
    """
    if any(sums.count < 2 for sums in strata):  # noqa: PLR2004 - a variance needs two
        return None
    parts = [sums.squares * sums.count / (sums.count - 1) for sums in strata]
    variance = math.fsum(parts)
    if variance <= 0:
        degrees = float(sum(sums.count - 1 for sums in strata))
        return Spread(error=0.0, skewness=0.0, degrees=degrees)
    error = math.sqrt(variance)
    degrees = variance**2 / math.fsum(part**2 / sums.degrees for part, sums in zip(parts, strata, strict=True))
    skewness = math.fsum(sums.cubes for sums in strata) / error**3
    return Spread(error=error, skewness=skewness, degrees=max(degrees, FEWEST_DEGREES))


FEWEST_DEGREES = 2.0
"""Where units are so unequal that there would be fewer, so heavy tails are enough."""
