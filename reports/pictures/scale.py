"""Where on an axis does a number stand, and which round numbers are written beside it?"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeGuard

from reports.pictures.picture import Tick

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
"""Distances of round numbers, but for powers of ten (Heckbert 1990, Graphics Gems, "Nice numbers for graph labels")."""
FURTHEST, NEAREST, SAME = 1e300, 1e-280, 1e-9
"""The largest number that is drawn, the smallest that differs from zero, and how alike two are drawn as one."""
WIDER = 0.04
"""Room beyond the outermost numbers, as a share of their range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Numbers from `low` to `high` on pixels from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return a number's pixel, to a tenth; numbers beyond the ends stand at the ends."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def across(self, low: float | None, high: float | None) -> tuple[float, float] | None:
        """Return the pixels of an interval's ends; None where it is not known."""
        return None if low is None or high is None else (self.at(low), self.at(high))

    def ticks(self, most: int = 6) -> tuple[Tick, ...]:
        """Return round numbers within the scale, at most so many."""
        step = _step((self.high - self.low) / max(most - 1, 1))
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        digits = max(0, -math.floor(math.log10(step)) + (0 if _whole(step) else 1))
        return tuple(
            Tick(at=self.at(place * step), text=_told(place * step, digits)) for place in range(first, last + 1)
        )


def over(values: Iterable[float | None], start: float, end: float, *, also: Iterable[float] = ()) -> Scale:
    """Return a scale with room for all values; one unit wide where they are all the same."""
    known = [min(max(value, -FURTHEST), FURTHEST) for value in (*values, *also) if _is_number(value)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    apart = high - low > max(abs(low), abs(high), NEAREST) * SAME
    room = (high - low) * WIDER if apart else max(abs(high), 1e-9) * 0.5
    return Scale(low=low - room, high=high + room, start=start, end=end)


def _is_number(value: float | None) -> TypeGuard[float]:
    return value is not None and math.isfinite(value)


def _step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in STEPS if step * power >= least * (1 - 1e-9))


def _whole(step: float) -> bool:
    """Tell whether a step has one digit only."""
    return not math.isclose(step / 10.0 ** math.floor(math.log10(step) + 1e-9), 2.5)


LARGE = 1e6
MANY_DIGITS = 6


def _told(value: float, digits: int) -> str:
    value = 0.0 if abs(value) < 10.0 ** -(digits + 1) else value
    return f"{value:.3g}" if abs(value) >= LARGE or digits > MANY_DIGITS else f"{value:,.{digits}f}"
