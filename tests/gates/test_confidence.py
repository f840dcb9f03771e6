"""Can every bound, interval and p-value be read from one distribution, and do they agree with each other?"""

from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gates.confidence import LEVELS, SCORES, Confidence

NORMAL = NormalDist()
STANDARD = Confidence(quantiles=SCORES)
levels = st.floats(LEVELS[0], LEVELS[-1])
distributions = st.lists(st.sampled_from([-0.2, -0.1, 0.0, 0.0, 0.1, 0.3]), min_size=len(LEVELS), max_size=len(LEVELS))


@given(levels)
def test_a_normal_estimate_has_the_bounds_of_the_normal_distribution(alpha: float) -> None:
    assert STANDARD.lower(alpha) == pytest.approx(NORMAL.inv_cdf(alpha), abs=1e-9)
    assert STANDARD.upper(alpha) == pytest.approx(NORMAL.inv_cdf(1 - alpha), abs=1e-9)


def test_the_two_sided_interval_is_of_two_one_sided_bounds() -> None:
    assert STANDARD.interval() == pytest.approx((-1.959964, 1.959964))
    assert STANDARD.interval(0.1) == pytest.approx((-1.644854, 1.644854))


@given(st.floats(-4, 4))
def test_p_values_of_a_normal_estimate_are_its_tail_areas(value: float) -> None:
    assert STANDARD.p_not_above(value) == pytest.approx(NORMAL.cdf(value), rel=1e-6)
    assert STANDARD.p_not_below(value) == pytest.approx(1 - NORMAL.cdf(value), rel=1e-6, abs=1e-9)


def test_beyond_the_levels_kept_no_p_value_is_smaller_than_the_outermost() -> None:
    assert STANDARD.p_not_above(-9) == STANDARD.p_not_above(-99) == LEVELS[0]
    assert STANDARD.p_not_below(9) == pytest.approx(LEVELS[0])
    with pytest.raises(ValueError, match="outside"):
        STANDARD.lower(1e-6)


@given(distributions, st.sampled_from([-0.3, -0.2, -0.15, 0.0, 0.05, 0.3, 0.4]), levels)
def test_a_value_is_rejected_exactly_where_the_bound_at_that_level_lies_beyond_it(
    quantiles: list[float], value: float, alpha: float
) -> None:
    found = Confidence(quantiles=tuple(sorted(quantiles)))
    if found.p_not_above(value) < alpha:
        assert found.lower(alpha) >= value
    if found.lower(alpha) > value:
        assert found.p_not_above(value) <= alpha
    if found.p_not_below(value) < alpha:
        assert found.upper(alpha) <= value
    if found.upper(alpha) < value:
        assert found.p_not_below(value) <= alpha + 1e-12


def test_two_models_that_never_differ_are_neither_proven_worse_nor_better_than_each_other() -> None:
    equal = Confidence(quantiles=(0.0,) * len(LEVELS))
    assert min(equal.p_not_above(0.0), equal.p_not_below(0.0)) > 0.99
    assert equal.p_not_above(-0.01) == LEVELS[0]
    assert equal.p_not_below(0.01) == pytest.approx(LEVELS[0])


def test_an_interval_alone_gives_a_distribution_with_that_interval() -> None:
    found = Confidence.of_interval(0.1, -0.1, 0.2)
    assert found.interval() == pytest.approx((-0.1, 0.2))
    assert found.lower(0.5) == pytest.approx(0.1)
    assert Confidence.of_interval(0.1, 0.2, 0.0).interval() == pytest.approx(
        (0.1, 0.1)
    )  # an estimate outside is no width


@given(distributions)
def test_turned_twice_is_as_before_and_swaps_the_bounds(quantiles: list[float]) -> None:
    found = Confidence(quantiles=tuple(sorted(quantiles)))
    assert found.turned().turned() == found
    assert found.turned().lower(0.05) == -found.upper(0.05)


def test_power_is_the_share_of_samples_that_would_show_a_shortfall() -> None:
    assert STANDARD.spread == pytest.approx(1)
    assert STANDARD.power(2.486475) == pytest.approx(0.8, abs=1e-6)
    assert STANDARD.power(0.0) == pytest.approx(0.05)
    assert STANDARD.detectable() == pytest.approx(2.486475)
    assert STANDARD.power(STANDARD.detectable(0.9, 0.01), 0.01) == pytest.approx(0.9)
    certain = Confidence(quantiles=(0.0,) * len(LEVELS))
    assert (certain.power(0.01), certain.power(0.0), certain.detectable()) == (1.0, 0.05, 0.0)


def test_quantiles_that_fall_or_are_missing_are_refused() -> None:
    with pytest.raises(ValidationError, match="may not fall"):
        Confidence(quantiles=tuple(-score for score in SCORES))
    with pytest.raises(ValidationError, match="2 quantiles were given for 23 levels"):
        Confidence(quantiles=(0.0, 1.0))
