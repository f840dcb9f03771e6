"""Is a confidence distribution what was asked for, and none where a number is missing?"""

import math
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from scipy import stats

from gates.confidence import LEVELS, Confidence
from gates.measure.certainty import directed, drawn, kept, normal, student, turned, widened
from gates.measure.unusable import UnusableError


@pytest.mark.parametrize("missing", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("place", [0, 11, len(LEVELS) - 1])
def test_what_is_not_finite_is_never_taken_for_nothing(missing: float, place: int) -> None:
    quantiles = [float(at) for at in range(len(LEVELS))]
    quantiles[place] = missing
    with pytest.raises(UnusableError, match="no finite number"):
        kept(quantiles)


@pytest.mark.parametrize(
    "unknown",
    [
        partial(normal, 0.1, math.nan),
        partial(student, math.nan, 0.1, 9),
        partial(drawn, np.array([math.nan, *range(99)])),
    ],
)
def test_an_error_that_is_not_known_gives_no_interval(unknown: Callable[[], Confidence]) -> None:
    with pytest.raises(UnusableError):
        unknown()


def test_bounds_never_fall() -> None:
    assert kept([1.0, 0.5, *range(2, len(LEVELS))]).quantiles[:3] == (1.0, 1.0, 2.0)


def test_a_normal_estimate_and_students_are_scipys() -> None:
    assert normal(0.2, 0.1).interval() == pytest.approx(stats.norm.interval(0.95, 0.2, 0.1))
    assert student(0.2, 0.1, 7).interval() == pytest.approx(stats.t.interval(0.95, 7, 0.2, 0.1))


def test_an_estimate_that_is_widened_and_turned_keeps_its_middle() -> None:
    wide = widened(normal(0.2, 0.1), 0.2, 2.0, 9)
    assert wide.interval() == pytest.approx(stats.t.interval(0.95, 9, 0.2, 0.2), rel=1e-6)
    low, high = wide.interval()
    assert turned(wide).interval() == pytest.approx((-high, -low))


def test_draws_tell_their_own_quantiles_and_no_side_crosses_the_estimate() -> None:
    values = np.random.default_rng(1).normal(size=4000)
    assert drawn(values).interval() == pytest.approx(np.quantile(values, [0.025, 0.975]))
    sides = directed(values - 0.1, values + 0.1, 5.0)
    assert sides.upper(0.05) == 5.0
    assert sides.lower(0.05) == pytest.approx(np.quantile(values - 0.1, 0.05))
