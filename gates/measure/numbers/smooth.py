"""How is a metric that is a smooth function of means estimated, with its spread? By the delta method.

A row's influence is the sum of its parts' distances from their means, each times the function's slope there (van der
Vaart 1998, Asymptotic Statistics, chapter 3; Efron 1982, chapter 6, as the infinitesimal jackknife). The influences of
two models on the same rows are subtracted row by row, so whatever the models share cancels.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ParamSpec, TypeVar

from gates.measure.estimated import Estimated, Interval
from gates.measure.numbers.bounds import Spread, confidence, interval, too_few
from gates.measure.numbers.exact import means
from gates.measure.numbers.units import Units, units_of, with_parts
from gates.measure.prepared import Prepared
from gates.measure.unusable import UnusableError

P = ParamSpec("P")
T = TypeVar("T")
ANY: Interval = (-math.inf, math.inf)
STEEPEST = 1e100
"""Largest slope whose influences a double can hold."""
POSITIVE: Interval = (0.0, math.inf)
SHARE: Interval = (0.0, 1.0)
METHOD = "paired differences of {unit}s, Student's t corrected for skewness"


@dataclass(frozen=True, slots=True, kw_only=True)
class Smooth:
    """A function of means over rows; `value` raises `UnusableError` where it is not defined."""

    parts: tuple[str, ...]
    """Whose means it reads, in SQL: doubles, none infinite."""
    value: Callable[[Sequence[float]], float]
    slopes: Callable[[Sequence[float]], Sequence[float]]
    """Derivative to each mean; 0 where there is none because nothing varies."""

    def at(self, found: Mapping[str, float]) -> float:
        """Return its value at means."""
        return self.value([found[part] for part in self.parts])

    def sloping(self, found: Mapping[str, float]) -> dict[str, float]:
        """Return its slope at each part's mean; raises `UnusableError` where it is too steep to be told."""
        slopes = self.slopes([found[part] for part in self.parts])
        if any(not abs(slope) < STEEPEST for slope in slopes):
            raise UnusableError("it is not to be told, for the numbers that it compares differ too much in size.")
        return dict(zip(self.parts, slopes, strict=True))


def mean_of(part: str) -> Smooth:
    """Return the plain mean of a part."""
    return Smooth(parts=(part,), value=lambda at: at[0], slopes=lambda _: (1.0,))


def ratio(above: str, below: str, problem: str) -> Smooth:
    """Return the mean of one part over that of another; `problem` says what it means that the latter is 0."""

    def value(at: Sequence[float]) -> float:
        if at[1] == 0:
            raise UnusableError(problem)
        return at[0] / at[1]

    return Smooth(parts=(above, below), value=value, slopes=lambda at: (1 / at[1], -at[0] / at[1] / at[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """One metric of one or two models."""

    name: str
    of: Mapping[str, Smooth]
    """By `challenger` and, with a champion, `champion`."""
    baseline: Smooth | float | None = None
    power: int = 0
    """The metric is that of the scaled columns times two to this."""
    within: Interval = POSITIVE
    warning: str = ""
    """Why no interval of it can be trusted, in one line; empty when nothing speaks against it."""

    @property
    def parts(self) -> tuple[str, ...]:
        """Everything whose mean it needs."""
        return (*self.varying, *(self.baseline.parts if isinstance(self.baseline, Smooth) else ()))

    @property
    def varying(self) -> tuple[str, ...]:
        """Everything whose spread it needs: a baseline has no interval."""
        return tuple(part for some in self.of.values() for part in some.parts)


def estimated(prepared: Prepared, formulas: Sequence[Formula]) -> dict[str, Estimated | str]:
    """Return what is known of each formula, by name; a text says why nothing is. Takes four scans for all."""
    rows, names = with_parts(prepared, (part for some in formulas for part in some.parts))
    columns = means(rows.engine, rows.view, names.values(), rows.count)
    units = units_of(rows, (names[part] for some in formulas for part in some.varying))
    looked = _Looked(names=names, means={part: columns[column] for part, column in names.items()}, units=units)
    valued = {some.name: _caught(looked.valued, some) for some in formulas}
    around = units.spreads(sql for some in valued.values() if isinstance(some, _Valued) for sql in some.influences)
    return {
        name: some if isinstance(some, str) else _caught(_estimate, some, [around[sql] for sql in some.influences])
        for name, some in valued.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Valued:
    """A formula with its values, and the influences of units in SQL."""

    formula: Formula
    unit: str
    values: tuple[float, ...]
    baseline: float | None
    influences: tuple[str, ...]
    """Of each model, then of the difference."""
    reach: float
    """How far one row could move the metric, times the rows, though none did: known of shares only.

    Parts of shares count what a row has, and the steeper the metric, the fewer rows there are that have anything.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """Parts with their means, and the units that they are sums of."""

    names: Mapping[str, str]
    """Part, and the column that holds it."""
    means: Mapping[str, float]
    units: Units

    def valued(self, formula: Formula) -> _Valued:
        """Return a formula's values; raises `UnusableError` where it is not defined."""
        values = tuple(some.at(self.means) for some in formula.of.values())
        slopes = [some.sloping(self.means) for some in formula.of.values()]
        baseline = formula.baseline
        return _Valued(
            formula=formula,
            unit=self.units.unit,
            values=values,
            baseline=baseline.at(self.means) if isinstance(baseline, Smooth) else baseline,
            influences=tuple(self._influence(some) for some in (*slopes, *_differing(slopes))),
            reach=max(abs(slope) for some in slopes for slope in some.values()) if formula.within == SHARE else 0.0,
        )

    def _influence(self, slopes: Mapping[str, float]) -> str:
        found = {self.names[part]: mean for part, mean in self.means.items()}
        return self.units.influence({self.names[part]: slope for part, slope in slopes.items()}, found)


def _differing(slopes: list[dict[str, float]]) -> list[dict[str, float]]:
    """Return the slopes of the challenger minus the champion; nothing without a champion."""
    if not slopes[1:]:
        return []
    first, second = slopes
    return [{part: first.get(part, 0.0) - second.get(part, 0.0) for part in dict.fromkeys((*first, *second))}]


def _caught(act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | str:
    try:
        return act(*args, **kwargs)
    except UnusableError as error:
        return str(error)
    except OverflowError:
        return "the numbers are too large for it: it cannot be written down; divide the columns by a power of ten."


def _estimate(valued: _Valued, around: list[Spread]) -> Estimated:
    """Build an estimate; `around` belongs to the models and then to the difference."""
    formula, unit, paired = valued.formula, valued.unit, len(around) > 1
    decisive = replace(around[-1], reach=max(valued.reach, *(spread.largest for spread in around)))
    few = formula.warning or too_few(decisive, unit, f"the difference of {formula.name}" if paired else formula.name)
    told = paired and not few
    return Estimated(
        challenger=_unscaled(valued, 0),
        challenger_interval=_own(valued, around, 0),
        champion=_unscaled(valued, 1) if paired else None,
        champion_interval=_own(valued, around, 1) if paired else None,
        difference=confidence(valued.values[0] - valued.values[1], decisive, formula.power) if told else None,
        standard_error=math.ldexp(float(decisive.standard_error), formula.power) if told else None,
        baseline=None if valued.baseline is None else math.ldexp(valued.baseline, formula.power),
        method=METHOD.format(unit=unit),
        effective=int(decisive.effective),
        too_few=few,
    )


def _unscaled(valued: _Valued, who: int) -> float:
    return math.ldexp(valued.values[who], valued.formula.power)


def _own(valued: _Valued, around: list[Spread], who: int) -> Interval | None:
    formula, spread = valued.formula, replace(around[who], reach=valued.reach)
    if formula.warning or too_few(spread, valued.unit, formula.name):
        return None
    low, high = interval(valued.values[who], spread, formula.within)
    return math.ldexp(low, formula.power), math.ldexp(high, formula.power)
