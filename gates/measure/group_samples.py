"""How sure can one be of a group's rate, or of its mean error, and of its distance from another group's?"""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from gates.measure.classes import Codes
from gates.measure.intervals import Interval, Z, newcombe, welch, wilson
from gates.measure.power import power, power_of_rates
from gates.measure.rows import Floats


class Sample(Protocol):
    """One metric of one model in every group; groups are named by their place."""

    def rows(self, group: int) -> int:
        """Return how many rows the metric counts."""

    def own(self, group: int) -> Interval | None:
        """Return the interval of the group's value."""

    def apart(self, group: int, reference: int) -> Interval | None:
        """Return the interval of the group's value minus the reference group's."""

    def power(self, group: int, reference: int, shortfall: float, *, lower_is_better: bool) -> float | None:
        """Return the probability to show a true shortfall."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSample:
    """A rate in every group: hits among the rows that count."""

    hits: Codes
    of: Codes

    def rows(self, group: int) -> int:
        """Return how many rows the rate counts."""
        return int(self.of[group])

    def own(self, group: int) -> Interval | None:
        """Return Wilson's interval."""
        return wilson(int(self.hits[group]), int(self.of[group])) if self.of[group] else None

    def apart(self, group: int, reference: int) -> Interval | None:
        """Return Newcombe's interval."""
        if not (self.of[group] and self.of[reference]):
            return None
        return newcombe(int(self.hits[group]), int(self.of[group]), int(self.hits[reference]), int(self.of[reference]))

    def power(self, group: int, reference: int, shortfall: float, *, lower_is_better: bool) -> float | None:
        """Return the power of the test of two proportions."""
        if not (self.of[group] and self.of[reference]):
            return None
        rate = float(self.hits[reference] / self.of[reference])
        rows = int(self.of[reference]), int(self.of[group])
        return power_of_rates(rate, rows, shortfall, lower_is_better=lower_is_better)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorSample:
    """A mean error in every group, with its standard deviation (NaN with fewer than two rows)."""

    means: Floats
    deviations: Floats
    of: Codes

    def rows(self, group: int) -> int:
        """Return how many rows the group has."""
        return int(self.of[group])

    def own(self, group: int) -> Interval | None:
        """Return the normal interval of the mean; an error is not negative."""
        if math.isnan(self.deviations[group]):
            return None
        mean, spread = float(self.means[group]), Z * float(self.deviations[group]) / math.sqrt(self.of[group])
        return max(0.0, mean - spread), mean + spread

    def apart(self, group: int, reference: int) -> Interval | None:
        """Return Welch's interval."""
        if np.isnan(self.deviations[[group, reference]]).any():
            return None
        first, second = (float(self.deviations[place]) for place in (group, reference))
        gap = float(self.means[group] - self.means[reference])
        return welch(gap, first, self.rows(group), second, self.rows(reference))

    def power(self, group: int, reference: int, shortfall: float, *, lower_is_better: bool) -> float | None:
        """Return the power of the normal test of two means."""
        del lower_is_better
        apart = self.apart(group, reference)
        return None if apart is None else power(shortfall, (apart[1] - apart[0]) / (2 * Z))
