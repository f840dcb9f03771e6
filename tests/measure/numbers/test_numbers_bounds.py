"""Bounds of a mean are Student's t, put right for skewness, and told only where enough units decide."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from gates.confidence import LEVELS
from gates.measure.numbers.bounds import Spread, confidence, enough, quantiles, too_few
from gates.measure.numbers.ranks import at_ranks
from tests.measure.numbers.number_rows import viewed


def of(values: list[float]) -> Spread:
    parts = np.array(values) - np.mean(values)
    second, third, fourth = (float((parts**power).mean()) for power in (2, 3, 4))
    return Spread(units=len(values), second=second, third=third, fourth=fourth)


NORMAL = [float(value) for value in stats.norm.ppf(np.linspace(0.001, 0.999, 400))]
SKEWED = [float(value) for value in stats.lognorm(1).ppf(np.linspace(0.002, 0.998, 400))]


def test_even_units_have_the_bounds_of_students_t() -> None:
    spread = of(NORMAL)
    low, high = quantiles(0.0, spread, (0.05, 0.95))
    assert (low, high) == pytest.approx(stats.t(spread.degrees, scale=stats.sem(NORMAL)).ppf([0.05, 0.95]), rel=1e-6)
    assert spread.degrees == pytest.approx(399, rel=0.1)


def test_a_long_tail_above_moves_the_upper_bound_out_and_the_lower_one_not_in() -> None:
    spread = of(SKEWED).continued
    low, high = quantiles(0.0, of(SKEWED), (0.05, 0.95))
    plain = stats.t(float(spread.degrees), scale=float(spread.standard_error)).ppf(0.95)
    assert high > 1.05 * plain
    assert low == pytest.approx(-plain, rel=1e-9)


@settings(max_examples=100, deadline=None)
@given(values=st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=50), value=st.floats(-10, 10))
def test_a_distribution_never_falls_and_has_the_estimate_in_its_middle(values: list[float], value: float) -> None:
    found = confidence(value, of(values))
    assert found.lower(0.5) == pytest.approx(value, rel=1e-9, abs=1e-9)
    assert list(found.quantiles) == sorted(found.quantiles)


def test_a_long_tail_is_taken_to_go_on_and_an_even_sample_for_what_it_is() -> None:
    even, long = of(NORMAL), of(SKEWED)
    assert even.continued.standard_error == pytest.approx(even.standard_error, rel=1e-9)
    assert long.continued.standard_error > 1.02 * long.standard_error
    assert long.continued.skewness > long.skewness


def test_turning_all_signs_turns_the_bounds() -> None:
    up, down = of(SKEWED), of([-value for value in SKEWED])
    assert quantiles(1.0, up, LEVELS) == pytest.approx(-quantiles(-1.0, down, LEVELS)[::-1], rel=1e-9)


def test_many_samples_at_once_have_the_bounds_of_each() -> None:
    both = [of(NORMAL), of(SKEWED)]
    second, third, fourth = (np.array(of) for of in zip(*((s.second, s.third, s.fourth) for s in both), strict=True))
    joint = Spread(units=400, second=second, third=third, fourth=fourth)
    together = quantiles(np.array([0.5, 2.0]), joint, (0.05, 0.5, 0.95))
    assert together[0] == pytest.approx(quantiles(0.5, both[0], (0.05, 0.5, 0.95)), rel=1e-12)
    assert together[1] == pytest.approx(quantiles(2.0, both[1], (0.05, 0.5, 0.95)), rel=1e-12)


def test_a_few_units_that_decide_are_too_few() -> None:
    lone = of([1.0] + [0.0] * 999)
    assert not enough(lone, "row")
    assert too_few(lone, "row", "f1") == (
        "a few of the 1,000 rows decide f1: they tell as much as 5 even ones, and intervals hold from 6 on; "
        "about 1,997 rows like these would be enough."
    )
    assert enough(of(NORMAL), "row")
    assert too_few(of(NORMAL[:29]), "cluster", "f1") == "29 clusters; intervals of f1 hold from 30 on."


@settings(max_examples=4, deadline=None)
@given(
    values=st.lists(
        st.one_of(st.floats(-1e300, 1e300), st.integers(0, 3).map(float), st.floats(0, 1e-300)), min_size=1, max_size=60
    )
)
def test_numbers_at_ranks_are_those_of_sorting(values: list[float]) -> None:
    ranks = {0, len(values) // 2, len(values) - 1}
    with viewed({"x": np.array(values) / 4}) as (engine, view):
        found = at_ranks(engine, view.name, "x", ranks, fetched=5)
    assert found == {rank: sorted(np.array(values) / 4)[rank] for rank in ranks}
