"""Are sizes of effect and tests those of scipy, on the same values?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats
from scipy.spatial.distance import jensenshannon

from gates.measure.drift import chance, distances, significance, tables
from gates.measure.drift.cells import Cells, of

FEW = settings(max_examples=25)
numbers = st.lists(
    st.one_of(st.integers(-5, 5).map(float), st.floats(-1e6, 1e6, allow_nan=False, width=32)), min_size=2, max_size=40
)
counts = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=12)


def cells(values: list[float]) -> Cells:
    array = np.array(values, dtype=np.float64)
    return of(array, np.ones(len(array), dtype=np.int64))


def table(pairs: list[tuple[int, int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    array = np.array([pair for pair in pairs if sum(pair)], dtype=np.int64).reshape(-1, 2)
    return (array[:, 0], array[:, 1]) if array.sum(axis=0).all() else None


@FEW
@given(numbers, numbers)
def test_ks_is_that_of_scipy(reference: list[float], current: list[float]) -> None:
    found = distances.apart(cells(reference), cells(current)).kolmogorov
    assert found.value == pytest.approx(stats.ks_2samp(reference, current, method="asymp").statistic, rel=1e-9)
    assert found.bound == 0


@FEW
@given(numbers, numbers)
def test_wasserstein_is_that_of_scipy(reference: list[float], current: list[float]) -> None:
    found = distances.apart(cells(reference), cells(current)).wasserstein
    assert found is not None
    assert found.bound == 0
    assert found.value == pytest.approx(stats.wasserstein_distance(reference, current), rel=1e-9, abs=1e-9)


@FEW
@given(counts)
def test_chi_squared_and_cramers_v_are_those_of_scipy(pairs: list[tuple[int, int]]) -> None:
    both = table(pairs)
    if both is None:
        return
    expected = stats.chi2_contingency(np.stack(both), correction=False)
    statistic, degrees = tables.chi2(*both)
    assert statistic == pytest.approx(expected.statistic, rel=1e-9, abs=1e-9)
    assert degrees == expected.dof
    assert significance.pearson(*both) == pytest.approx(expected.pvalue, rel=1e-9)
    if degrees:
        of_scipy = stats.contingency.association(np.stack(both), method="cramer")
        assert tables.cramers_v(statistic, int(np.sum(both))) == pytest.approx(of_scipy, rel=1e-9, abs=1e-9)


@FEW
@given(counts)
def test_the_jensen_shannon_distance_is_that_of_scipy(pairs: list[tuple[int, int]]) -> None:
    both = table(pairs)
    if both is not None:
        # scipy takes the root of a sum that cancels: of equal sides it keeps some 1e-8 of it
        assert tables.divergence(*both) ** 0.5 == pytest.approx(jensenshannon(*both, base=2), rel=1e-9, abs=1e-7)


@FEW
@given(counts)
def test_psi_is_the_symmetric_divergence_with_half_a_value_in_an_empty_class(pairs: list[tuple[int, int]]) -> None:
    both = table(pairs)
    if both is None:
        return
    filled = [np.where(side == 0, 0.5, side) / side.sum() for side in both]
    by_hand = sum((q - p) * np.log(q / p) for p, q in zip(*filled, strict=True))
    assert tables.psi(*both) == pytest.approx(by_hand, rel=1e-9, abs=1e-12)


@settings(max_examples=10)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=8), st.integers(1, 30), st.integers(0, 2**32 - 1))
def test_the_divergence_that_chance_gives_is_the_mean_over_all_ways_to_deal_values(
    totals: list[int], current: int, seed: int
) -> None:
    both = sum(totals)
    current = min(current, both - 1)
    if current < 1:
        return
    dealt = np.random.default_rng(seed).multivariate_hypergeometric(totals, current, size=400)
    found = [tables.divergence(np.array(totals) - side, side) for side in dealt]
    spread = float(np.std(found)) / len(found) ** 0.5
    expected = chance.expected(np.array(totals, dtype=np.int64), both - current, current)
    assert expected == pytest.approx(float(np.mean(found)), abs=5.5 * spread + 1e-9)


def test_what_chance_gives_to_many_values_is_near_what_it_gives_when_summed() -> None:
    totals = np.array([400, 300, 300], dtype=np.int64)
    by_variance = chance._by_variance(totals, 500, 500)  # noqa: SLF001 - two ways to one number
    assert chance._summed(totals[:1] // 4, 125, 125)[0] == pytest.approx(by_variance[0] * 4, rel=0.02)  # noqa: SLF001 - as above


@FEW
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_corrected_p_values_are_those_of_scipys_step_down(p_values: list[float]) -> None:
    order = np.argsort(p_values, kind="stable")
    steps = (len(p_values) - np.arange(len(p_values))) * np.array(p_values)[order]
    expected = np.empty(len(p_values))
    expected[order] = np.minimum(1, np.maximum.accumulate(steps))
    assert significance.holm(p_values) == pytest.approx(expected.tolist())


@FEW
@given(st.lists(st.floats(-1e9, 1e9), min_size=30, max_size=120), st.floats(-100, 100), st.integers(2, 40))
def test_exact_distances_lie_within_the_bounds_that_are_reported(values: list[float], moved: float, most: int) -> None:
    others = [value * 0.9 + moved for value in values]
    exact = distances.apart(cells(values), cells(others))
    found = distances.apart(cells(values).coarse(most), cells(others).coarse(most))
    for one, rough in ((exact.kolmogorov, found.kolmogorov), (exact.wasserstein, found.wasserstein)):
        assert one is not None
        assert rough is not None
        assert abs(rough.value - one.value) <= rough.bound * (1 + 1e-9) + 1e-12
        assert rough.least <= one.value * (1 + 1e-9) + 1e-12


def test_chernoffs_bound_is_never_below_the_exact_probability() -> None:
    for hits in range(6, 12):
        exact = stats.hypergeom.sf(hits - 1, 200, 12, 100)
        table_ = np.array([12 - hits, 88 + hits]), np.array([hits, 100 - hits])
        assert significance.surprise(*table_) >= exact


def test_what_is_called_detectable_is_found_in_four_of_five_samples() -> None:
    random = np.random.default_rng(3)
    distance = significance.detectable(3, (2_000, 2_000), 0.05)
    shares = np.full(4, 0.25)
    low, high = 0.0, 0.25
    for _ in range(60):
        middle = (low + high) / 2
        moved = shares + np.array([middle, -middle, middle, -middle]) / 2
        low, high = (middle, high) if tables.divergence(shares, moved) ** 0.5 < distance else (low, middle)
    moved = shares + np.array([low, -low, low, -low]) / 2
    found = [
        significance.pearson(random.multinomial(2_000, shares), random.multinomial(2_000, moved)) <= 0.05
        for _ in range(300)
    ]
    assert np.mean(found) == pytest.approx(0.8, abs=0.08)
