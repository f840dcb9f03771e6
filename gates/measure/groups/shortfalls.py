"""Could this sample have shown that a group falls short of the reference group?"""

import math

from gates.confidence import NORMAL
from gates.measure.groups.apart import TWO_SIDED, difference, limits_of, taken
from gates.measure.groups.limits import RateSpread, Spread
from gates.measure.groups.values import GroupValues

ONE_SIDED = NORMAL.inv_cdf(0.95)


def power_of(values: GroupValues, place: int, reference: int, shortfall: float | None, *, lower: bool) -> float | None:
    """Return the probability to show a true shortfall at one-sided 5 %; None where it cannot be said.

    `lower` says that lower is better, so that a group falls short by being higher.
    """
    if shortfall is None or place == reference:
        return None
    spread = values.spreads[0]
    if isinstance(spread, RateSpread):
        return _of_rates(spread, place, reference, shortfall if lower else -shortfall)
    return _of_spread(spread, place, reference, shortfall)


def _of_rates(spread: RateSpread, place: int, reference: int, shift: float) -> float | None:
    """Two proportions, unpooled normal approximation (Fleiss, Levin and Paik 2003, section 4.2).

    A rate cannot leave 0 to 1: a shortfall that would is as large as it can be; None when there is no room for one.
    """
    base, rows, other_rows = float(spread.value[reference]), float(spread.of[place]), float(spread.of[reference])
    if not (rows and other_rows):
        return None
    worst = min(max(base + shift, 0.0), 1.0)
    variance = base * (1 - base) / other_rows + worst * (1 - worst) / rows
    if variance == 0 and worst != base:
        return 1.0
    return _shown(abs(worst - base), math.sqrt(variance))


def _of_spread(spread: Spread, place: int, reference: int, shortfall: float) -> float | None:
    limits = limits_of(spread, TWO_SIDED)
    _, low, high = difference(limits, taken(limits, reference))
    return _shown(shortfall, float(high[place] - low[place]) / (2 * TWO_SIDED))


def _shown(difference: float, standard_error: float) -> float | None:
    if not (difference > 0 and standard_error > 0):
        return None
    return NORMAL.cdf(difference / standard_error - ONE_SIDED)
