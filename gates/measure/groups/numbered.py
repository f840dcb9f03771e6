"""What does each metric of numbers come to in every group?"""

from collections.abc import Mapping
from math import ldexp

import numpy as np

from gates.measure.groups.errors import MeanSpread, Sums, mean_of
from gates.measure.groups.grouping import Grouping
from gates.measure.groups.limits import Floats, RisingSpread, Spread
from gates.measure.groups.values import GroupValues
from gates.measure.numbers import bounds

ROOT = "root_mean_squared_error"
SIGNED = "mean_error"
SQUARES = ("mean_squared_error", ROOT)
NAMES = ("mean_absolute_error", SIGNED, *SQUARES)
METHOD = "Student's t of rows, corrected for skewness; differences and ratios by MOVER"


def numbered(metric: str, expressions: Mapping[str, str], sums: Sums, grouping: Grouping, power: int) -> GroupValues:
    """Return a metric of every group; `power` says in units of which power of two the errors are."""
    times = 2 * power if metric in SQUARES else power
    floor = -np.inf if metric == SIGNED else 0.0
    models = [who for who in ("challenger", "champion") if who in expressions]
    means = [mean_of(sums, grouping, expressions[who], times, floor) for who in models]
    change = mean_of(sums, grouping, expressions["change"], times) if models[1:] else None
    spreads: list[Spread] = [_rooted(one) for one in means] if metric == ROOT else [*means]
    return GroupValues(
        metric=metric,
        rows=grouping.sizes,
        spreads=tuple(spreads),
        lacking=tuple(tuple(_reason(one, metric) for one in mean.spreads) for mean in means),
        change=change if change is None or metric != ROOT else _difference_of_roots(means, change),
        method=METHOD,
        ratios=metric != SIGNED,
    )


def _reason(spread: bounds.Spread | None, metric: str) -> str:
    if spread is None:
        return f"1 row; intervals of {metric} hold from {bounds.LEAST_UNITS['row']} on."
    return bounds.too_few(spread, "row", metric)


def _root(squares: Floats) -> Floats:
    return np.asarray(np.sqrt(np.maximum(squares, 0.0)))


def _rooted(mean: MeanSpread) -> RisingSpread:
    return RisingSpread(of=mean, function=_root)


def _difference_of_roots(means: list[MeanSpread], change: MeanSpread) -> MeanSpread:
    """Return the difference of two roots of means of the same rows, by the delta method; squares' skewness is left out.

    The variance of a weighted difference of two squares follows from those of both and of their plain difference.
    """
    scale = max(one.scale for one in means)
    scale += scale % 2
    seconds = [_seconds(one, scale) for one in (*means, change)]
    ours, theirs = (_root(np.ldexp(one.means, one.scale - scale)) for one in means)
    slopes = [np.divide(0.5, root, out=np.zeros_like(root), where=root > 0) for root in (ours, theirs)]
    shared = (seconds[0] + seconds[1] - seconds[2]) / 2
    variance = slopes[0] ** 2 * seconds[0] + slopes[1] ** 2 * seconds[1] - 2 * slopes[0] * slopes[1] * shared
    spreads = [
        None if one is None else _normal(one.units, max(float(square), 0.0))
        for one, square in zip(change.spreads, variance, strict=True)
    ]
    return MeanSpread(means=ours - theirs, spreads=tuple(spreads), scale=scale // 2)


def _seconds(mean: MeanSpread, scale: int) -> Floats:
    """Return the variances of rows in units of two to `scale`, squared."""
    return np.array(
        [0.0 if one is None else ldexp(float(one.second), 2 * (mean.scale - scale)) for one in mean.spreads]
    )


def _normal(rows: int, square: float) -> bounds.Spread:
    return bounds.Spread(units=rows, second=square, third=0.0, fourth=3 * square**2)
