"""How far off are the answers of a regression, and how much do they explain?"""

import math
from collections.abc import Sequence

from gates.measure.numbers.columns import Columns
from gates.measure.numbers.smooth import ANY, Formula, Smooth, mean_of
from gates.measure.scan.dialect import double
from gates.measure.unusable import UnusableError

EPSILON = 2.0**-52
"""scikit-learn's smallest divisor of a percentage."""
MOST: tuple[float, float] = (-math.inf, 1.0)


def mean_absolute_error(columns: Columns, median: float) -> Formula:
    """Return the mean distance; a model that knows nothing answers with the label's median, which is best at it."""
    return Formula(
        name="mean_absolute_error",
        of={who: mean_of(columns.absolute(who)) for who in columns.who},
        baseline=mean_of(columns.distance(median)),
        power=columns.power,
    )


def mean_squared_error(columns: Columns, mean: float) -> Formula:
    """Return the mean squared distance; a model that knows nothing answers with the label's mean."""
    return Formula(
        name="mean_squared_error",
        of={who: mean_of(columns.square(who)) for who in columns.who},
        baseline=_variance(columns, mean, root=False),
        power=2 * columns.power,
    )


def root_mean_squared_error(columns: Columns, mean: float) -> Formula:
    """Return the root of the mean squared distance; a model that knows nothing answers with the label's mean."""
    return Formula(
        name="root_mean_squared_error",
        of={who: root_mean(columns.square(who)) for who in columns.who},
        baseline=_variance(columns, mean, root=True),
        power=columns.power,
    )


def mean_error(columns: Columns) -> Formula:
    """Return the mean of answer minus label: above 0, the answers are too high."""
    return Formula(
        name="mean_error",
        of={who: mean_of(columns.error(who)) for who in columns.who},
        baseline=0.0,
        power=columns.power,
        within=ANY,
    )


def mean_absolute_percentage_error(columns: Columns, mean: float, zeros: int) -> Formula:
    """Return the mean distance over the label's size, as a fraction; where the label is 0, over 2^-52 as scikit-learn.

    Such rows decide everything, so with them there is a value and no interval.
    """
    divisor = f"greatest(abs({columns.label}), {double(math.ldexp(EPSILON, -columns.power))})"
    return Formula(
        name="mean_absolute_percentage_error",
        of={who: mean_of(f"{columns.absolute(who)} / {divisor}") for who in columns.who},
        baseline=mean_of(f"{columns.distance(mean)} / {divisor}"),
        warning=f"the label is 0 in {zeros:,} rows, which have no percentage." if zeros else "",
    )


def r2(columns: Columns, mean: float) -> Formula:
    """Return the share of the label's variance that the answers explain."""
    shift = f"({columns.label} - {double(mean)})"
    parts = (f"{shift} * {shift}", shift)
    return Formula(
        name="r2",
        of={who: explained((columns.square(who), *parts)) for who in columns.who},
        baseline=0.0,
        within=MOST,
    )


def explained(parts: tuple[str, str, str]) -> Smooth:
    """Return r2 of the squared error, and of the label's squared and plain distance from a number near its mean."""
    return Smooth(parts=parts, value=_explained, slopes=_explained_slopes)


def root_mean(part: str) -> Smooth:
    """Return the root of the mean of a part."""
    return Smooth(
        parts=(part,),
        value=lambda at: math.sqrt(at[0]),
        slopes=lambda at: (0.5 / math.sqrt(at[0]) if at[0] > 0 else 0.0,),
    )


def _variance(columns: Columns, mean: float, *, root: bool) -> Smooth:
    """Return the label's variance around its mean, told to a double only and so put right, or the root of it."""
    shift = f"({columns.label} - {double(mean)})"

    def value(at: Sequence[float]) -> float:
        return math.sqrt(_left(at)) if root else _left(at)

    return Smooth(parts=(f"{shift} * {shift}", shift), value=value, slopes=lambda _: (0.0, 0.0))


def _left(at: Sequence[float]) -> float:
    return max(0.0, at[0] - at[1] * at[1])


def _explained(at: Sequence[float]) -> float:
    variance = _left(at[1:])
    if variance == 0:
        raise UnusableError("the label is the same in all rows, so there is nothing to explain.")
    return 1 - at[0] / variance


def _explained_slopes(at: Sequence[float]) -> Sequence[float]:
    """Return the derivatives to the mean squared error, the mean square and the mean of the label's distances."""
    variance = _left(at[1:])
    steep = at[0] / variance / variance
    return -1 / variance, steep, -2 * at[2] * steep
