"""Are quantiles Student's, and do intervals stay where the values can be?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from scipy import stats

from gates.confidence import LEVELS
from gates.measure.scores.bounds import Share, between, mean, shares_apart, student, within
from gates.measure.scores.spread import Spread, Sums, spread


@pytest.mark.parametrize("degrees", [3, 4.5, 10, 57.5, 1e7])
def test_quantiles_are_students(degrees: float) -> None:
    for level in LEVELS:
        assert student(level, degrees) == pytest.approx(stats.t.ppf(level, degrees), rel=1e-5, abs=1e-12)


def test_quantiles_of_two_degrees_are_nearly_students() -> None:
    assert [student(level, 2) for level in LEVELS] == pytest.approx(stats.t.ppf(LEVELS, 2), rel=2e-3, abs=1e-12)


def scatter(error: float, skewness: float = 0.0, degrees: float = 50.0) -> Spread:
    return Spread(error=error, skewness=skewness, degrees=degrees)


def test_without_skewness_the_interval_of_a_mean_is_students() -> None:
    assert mean(0.3, scatter(0.1)).quantiles == pytest.approx(between(0.3, 0.3, scatter(0.1)).quantiles)


def test_an_interval_of_units_skewed_to_the_right_reaches_further_up() -> None:
    low, high = mean(0.0, scatter(1.0, skewness=0.2)).interval()
    assert high > -low


@examples(max_examples=50)
@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 10**6), st.floats(-3, 3))
def test_intervals_hold_their_value_and_never_leave_the_possible(
    value: float, error: float, units: int, skewness: float
) -> None:
    found = scatter(error, skewness, degrees=30)
    low, high = Share(value=value, spread=found, units=units).interval
    assert 0 <= low <= value + 1e-9
    assert value - 1e-9 <= high <= 1
    ends = within(value, found, 0.0, 1.0)
    assert 0 <= ends[0] <= ends[1] <= 1


def test_a_perfect_ranking_is_no_surer_than_a_rate_of_as_many_rows() -> None:
    low, high = Share(value=1.0, spread=scatter(0.0), units=20).interval
    assert (low, high) == pytest.approx((stats.beta.ppf(0.025, 20, 1), 1.0))
    assert Share(value=0.0, spread=scatter(0.0), units=20).interval == pytest.approx((0.0, 1 - low))


def test_two_perfect_rankings_may_still_differ() -> None:
    perfect = Share(value=1.0, spread=scatter(0.0), units=20)
    low, high = shares_apart(perfect, perfect, scatter(0.0)).interval()
    assert low == -high < -0.1


def test_far_from_1_the_paired_interval_is_delongs() -> None:
    one, other = (Share(value=value, spread=scatter(0.001, degrees=1e6), units=10**5) for value in (0.71, 0.7))
    found = shares_apart(one, other, scatter(0.0008))
    assert found.interval() == pytest.approx((0.01 - 1.96 * 0.0008, 0.01 + 1.96 * 0.0008), rel=5e-3, abs=5e-6)


def test_the_same_ranking_differs_by_nothing() -> None:
    one = Share(value=0.9, spread=scatter(0.02), units=50)
    assert shares_apart(one, one, scatter(0.0)).interval() == pytest.approx((0.0, 0.0), abs=1e-9)


def test_a_stratum_of_one_row_has_no_spread() -> None:
    assert spread([Sums.of(np.array([0.1, -0.1])), Sums.of(np.array([0.0]))]) is None


def test_the_error_of_two_classes_is_welchs() -> None:
    random = np.random.default_rng(3)
    first, second = random.normal(size=12) / 12, 3 * random.normal(size=30) / 30
    found = spread([Sums.of(first), Sums.of(second)])
    oracle = stats.ttest_ind(first * 12, second * 30, equal_var=False)
    assert found is not None
    assert abs(first.mean() * 12 - second.mean() * 30) / found.error == pytest.approx(abs(oracle.statistic))


def test_heavy_tails_leave_few_degrees_of_freedom() -> None:
    even, uneven = np.tile([1.0, -1.0], 100), np.concatenate([np.tile([1.0, -1.0], 99), [60.0, -60.0]])
    assert Sums.of(even).degrees == 199
    assert Sums.of(uneven).degrees < 2
    one = np.zeros(50)
    one[0] = 1.0
    assert Sums.of(one).degrees == pytest.approx(1, abs=0.1)
    assert spread([Sums.of(one)]).degrees == 2  # type: ignore[union-attr] # fifty units have one


@examples(max_examples=20)
@given(st.lists(st.tuples(st.floats(-5, 5), st.integers(0, 4)), min_size=3, max_size=20))
def test_counted_units_are_units_told_so_often(units: list[tuple[float, int]]) -> None:
    values, counts = np.array([unit for unit, _ in units]), np.array([count for _, count in units])
    if counts.sum() < 2:
        return
    counted, told = Sums.of(values, counts), Sums.of(np.repeat(values, counts))
    assert counted.count == told.count
    assert (counted.squares, counted.cubes, counted.fourths) == pytest.approx(
        (told.squares, told.cubes, told.fourths), abs=1e-9
    )
