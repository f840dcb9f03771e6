"""Are the tails of distributions those of scipy?"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from gates.measure.drift import chance, tails

FEW = settings(max_examples=25)
DEGREES = st.one_of(st.integers(1, 30), st.integers(31, 30_000))


@FEW
@given(DEGREES, st.floats(-4, 12))
def test_the_tail_of_chi_squared_is_that_of_scipy(degrees: int, away: float) -> None:
    at = max(0.0, degrees + away * math.sqrt(2 * degrees))
    assert tails.chi2_tail(at, degrees) == pytest.approx(special.chdtrc(degrees, at), rel=1e-9)


@pytest.mark.parametrize(("statistic", "degrees", "tail"), [(0.0, 3, 1.0), (5.0, 0, 1.0), (1e6, 3, 0.0)])
def test_the_ends_of_chi_squared(statistic: float, degrees: int, tail: float) -> None:
    assert tails.chi2_tail(statistic, degrees) == tail


@settings(max_examples=15)
@given(DEGREES, st.floats(1e-9, 0.2), st.floats(0.3, 0.95))
def test_the_power_of_chi_squared_is_that_of_scipy(degrees: int, alpha: float, power: float) -> None:
    limit = tails.chi2_quantile(degrees, alpha)
    assert limit == pytest.approx(special.chdtri(degrees, alpha), rel=1e-9)
    assert tails.noncentrality(degrees, alpha, power) == pytest.approx(
        special.chndtrinc(special.chdtri(degrees, alpha), degrees, 1 - power), rel=1e-6
    )


@FEW
@given(st.floats(0, 200), DEGREES, st.floats(-3, 6))
def test_the_tail_of_noncentral_chi_squared_is_that_of_scipy(away: float, degrees: int, place: float) -> None:
    at = max(0.0, degrees + away + place * math.sqrt(2 * degrees + 4 * away))
    assert tails.noncentral_tail(at, degrees, away) == pytest.approx(1 - special.chndtr(at, degrees, away), abs=1e-9)


@FEW
@given(st.floats(-1, 30))
def test_kolmogorovs_tail_is_that_of_scipy(at: float) -> None:
    assert tails.kolmogorov_tail(at) == pytest.approx(special.kolmogorov(at), rel=1e-9, abs=1e-300)


def test_the_logarithm_of_gamma_is_that_of_scipy() -> None:
    values = np.r_[np.arange(1, 4_000) / 2, np.geomspace(1, 1e13, 500)]
    assert tails.log_gamma(values) == pytest.approx(special.gammaln(values), rel=1e-13, abs=1e-13)


@FEW
@given(st.integers(1, 3_000), st.integers(1, 3_000_000), st.integers(1, 2_000))
def test_chances_of_a_class_are_hypergeometric(less: int, more: int, total: int) -> None:
    less, more = sorted((less, more))
    total = min(total, less + more)
    drawn = np.arange(max(0, total - more), min(total, less) + 1, dtype=np.float64)
    logs = chance._log_chance(np.array([[float(total)]]), drawn, less, more)[0]  # noqa: SLF001 - what all rests on
    expected = stats.hypergeom(less + more, total, less).logpmf(drawn)
    assert logs == pytest.approx(expected, rel=1e-7, abs=1e-7)
