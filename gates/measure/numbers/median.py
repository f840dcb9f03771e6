"""What is the middle of the distances, and how sure is it?

The interval of one median lies between order statistics (Woodruff 1952, JASA 47:635-646); its width tells the density
at the median, and with it a row's influence on a median, so that two models' medians are compared row by row.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from gates.confidence import Confidence
from gates.measure.estimated import Estimated, Interval
from gates.measure.numbers.bounds import Spread, confidence, too_few
from gates.measure.numbers.columns import Columns
from gates.measure.numbers.exact import means
from gates.measure.numbers.ranks import at_ranks
from gates.measure.numbers.units import units_of, with_parts
from gates.measure.prepared import Prepared
from gates.measure.scan.dialect import double

SURE = 1.959963984540054
NAME = "median_absolute_error"
SIGNS = {"challenger": 1.0, "champion": -1.0}
METHOD = "order statistics; differences of {unit}s weighed by the density at the medians"


def median_of(prepared: Prepared, expression: str) -> float:
    """Return the median: the mean of both middle numbers where their count is even."""
    return _middle(at_ranks(prepared.engine, prepared.view, expression, _middle_ranks(prepared.count)), prepared.count)


def quantile_of(prepared: Prepared, expression: str, share: float) -> float:
    """Return the smallest number that at least a share of the rows do not exceed."""
    rank = min(max(math.ceil(share * prepared.count) - 1, 0), prepared.count - 1)
    return at_ranks(prepared.engine, prepared.view, expression, [rank])[rank]


def median_absolute_error(columns: Columns, median: float) -> Estimated:
    """Estimate the median distance of each model's answers from the label; `median` is the label's, as baseline."""
    values = {who: median_of(columns.rows, columns.absolute(who)) for who in columns.who}
    above = {
        who: f"(CASE WHEN {columns.absolute(who)} > {double(at)} THEN 1e0 ELSE 0e0 END)" for who, at in values.items()
    }
    rows, names = with_parts(columns.rows, above.values())
    shares = means(rows.engine, rows.view, names.values(), rows.count)
    units = units_of(rows, names.values())
    own = {who: units.influence({names[part]: 1.0}, shares) for who, part in above.items()}
    around = units.spreads(own.values())
    medians = {who: _median(columns, who, values[who], around[own[who]]) for who in values}
    slopes = {names[above[who]]: SIGNS[who] * some.slope for who, some in medians.items()}
    gap = units.influence(slopes, shares)
    spread = replace(units.spreads([gap])[gap], reach=max(some.slope for some in medians.values()))
    found = _Medians(of=medians, unit=units.unit, spread=spread, power=columns.power)
    return _estimate(found, median_of(rows, columns.distance(median)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Median:
    """One median, in the columns' unit."""

    value: float
    sides: Interval
    """Two-sided 95 % interval."""
    slope: float
    """Of the median to the share of rows above it."""
    spread: Spread
    """Of that share."""


def _median(columns: Columns, who: str, value: float, spread: Spread) -> _Median:
    """Find the order statistics around a median, and how fast it moves with the share of rows above it."""
    count = columns.rows.count
    low, high = ranks_around(count, spread)
    found = at_ranks(columns.rows.engine, columns.rows.view, columns.absolute(who), (low, high))
    sides = (found[low], found[high])
    return _Median(value=value, sides=sides, slope=slope_between(sides, (low, high), count), spread=spread)


def ranks_around(count: int, spread: Spread) -> tuple[int, int]:
    """Return the ranks between which the true median lies with 95 %, given the spread of the share above it."""
    reach = max(SURE * float(spread.standard_error), 1 / count)
    return max(math.floor(count * (0.5 - reach)), 0), min(math.ceil(count * (0.5 + reach)), count - 1)


def slope_between(sides: Interval, ranks: tuple[int, int], count: int) -> float:
    """Return how fast the median moves with the share of rows above it: one over the density there."""
    low, high = ranks
    return (sides[1] - sides[0]) / ((high - low) / count) if high > low else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Medians:
    """Medians of both models, or of one, and the spread of their difference, or of the one."""

    of: Mapping[str, _Median]
    unit: str
    spread: Spread
    power: int

    def interval(self, who: str) -> Interval | None:
        """Return the interval of one median."""
        some = self.of.get(who)
        if some is None or too_few(some.spread, self.unit, NAME):
            return None
        return math.ldexp(some.sides[0], self.power), math.ldexp(some.sides[1], self.power)

    @property
    def few(self) -> str:
        """Why there is no interval of the difference, or of the one."""
        return too_few(self.spread, self.unit, NAME if len(self.of) == 1 else f"the difference of {NAME}")

    @property
    def difference(self) -> Confidence | None:
        """The distribution of the difference."""
        if len(self.of) == 1 or self.few:
            return None
        return confidence(self.of["challenger"].value - self.of["champion"].value, self.spread, self.power)


def _estimate(medians: _Medians, baseline: float) -> Estimated:
    champion = medians.of.get("champion")
    difference = medians.difference
    return Estimated(
        challenger=math.ldexp(medians.of["challenger"].value, medians.power),
        challenger_interval=medians.interval("challenger"),
        champion=None if champion is None else math.ldexp(champion.value, medians.power),
        champion_interval=medians.interval("champion"),
        difference=difference,
        standard_error=None if difference is None else math.ldexp(float(medians.spread.standard_error), medians.power),
        baseline=math.ldexp(baseline, medians.power),
        method=METHOD.format(unit=medians.unit),
        effective=int(medians.spread.effective),
        too_few=medians.few,
    )


def _middle_ranks(count: int) -> tuple[int, int]:
    return (count - 1) // 2, count // 2


def _middle(found: Mapping[int, float], count: int) -> float:
    low, high = (found[rank] for rank in _middle_ranks(count))
    return low if low == high else (low + high) / 2
