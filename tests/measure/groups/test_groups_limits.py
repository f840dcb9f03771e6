"""Do limits of rates, differences, ratios and changes have the properties that their formulas promise?"""

from itertools import pairwise
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import multinomial

from gates.confidence import LEVELS, SCORES
from gates.measure.groups.answered import AnsweredRows, cells_of_models
from gates.measure.groups.apart import TWO_SIDED, difference, distributions, limits_of, ratio, taken
from gates.measure.groups.cells import Cells
from gates.measure.groups.classified import NAMES, classified
from gates.measure.groups.clustered import AnsweredClusters, Moments
from gates.measure.groups.criteria import criteria
from gates.measure.groups.drawn import DrawnSpread
from gates.measure.groups.grouping import Grouping
from gates.measure.groups.limits import Floats, HalfwaySpread, KnownSpread, RateSpread
from gates.measure.groups.paired import CONTINUITY, PairedRates

COUNTS = st.tuples(st.integers(0, 200), st.integers(0, 200)).filter(lambda pair: sum(pair) > 0)


def rate(*pairs: tuple[int, int]) -> RateSpread:
    hits, misses = np.array(pairs, dtype=np.float64).T
    return RateSpread(hits=hits, of=hits + misses)


def answers(tables: Floats, seed: int = 0) -> AnsweredRows:
    """Take each row of counts for a group; cells are `cells_of_models`'."""
    groups, cells = tables.shape
    columns = [np.tile(column, groups) for column in cells_of_models({4: 1, 8: 2}[cells])]
    names = tuple(f"g{place}" for place in range(groups))
    sizes = tables.sum(axis=1).astype(np.int64)
    codes = np.repeat(np.arange(groups), cells)
    return AnsweredRows(
        cells=Cells(label=columns[0], said=tuple(columns[1:]), counts=tables.reshape(-1).astype(np.int64), groups={}),
        grouping=Grouping(
            feature="f", names=names, values=tuple((n,) for n in names), codes=codes, sizes=sizes, reference=0
        ),
        seed=seed,
    )


@settings(max_examples=25)
@given(pair=COUNTS)
def test_limits_of_a_rate_hold_it_contain_wilsons_and_grow_with_the_score(pair: tuple[int, int]) -> None:
    spread = rate(pair)
    lows, highs = spread.at(np.array([[0.0], [0.5], [1.96], [4.0]]))
    value = spread.value[0]
    assert lows[0, 0] == pytest.approx(value)
    assert highs[0, 0] == pytest.approx(value)
    assert all(low >= lower for low, lower in pairwise(lows[:, 0]))
    assert all(high <= higher for high, higher in pairwise(highs[:, 0]))
    rows, square = sum(pair), 1.96**2
    centre = (value + square / (2 * rows)) / (1 + square / rows)
    wide = 1.96 * np.sqrt(value * (1 - value) / rows + square / (4 * rows**2)) / (1 + square / rows)
    assert lows[2, 0] <= max(0.0, centre - wide) + 1e-12
    assert highs[2, 0] >= min(1.0, centre + wide) - 1e-12


@settings(max_examples=25)
@given(first=COUNTS, second=COUNTS)
def test_a_difference_turned_around_is_the_same_difference(first: tuple[int, int], second: tuple[int, int]) -> None:
    one, other = limits_of(rate(first), 1.96), limits_of(rate(second), 1.96)
    value, low, high = difference(one, other)
    back, back_low, back_high = difference(other, one)
    assert (value[0], low[0], high[0]) == pytest.approx((-back[0], -back_high[0], -back_low[0]), abs=1e-15)
    assert -1 <= low[0] <= value[0] <= high[0] <= 1


@settings(max_examples=25)
@given(first=COUNTS, second=COUNTS)
def test_a_ratio_lies_within_its_limits_and_has_no_upper_one_where_the_divisor_may_be_0(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    one, other = limits_of(rate(first), 1.96), limits_of(rate(second), 1.96)
    value, low, high = ratio(one, other)
    assert 0 <= low[0] <= high[0]
    if other[0][0] > 0:
        assert low[0] <= value[0] * (1 + 1e-12)
        assert high[0] >= value[0] * (1 - 1e-12)
    else:
        assert np.isnan(value[0])
    assert np.isinf(high[0]) == bool(other[1][0] <= 0)


@pytest.mark.parametrize(("gained", "lost", "of"), [(9, 3, 32), (1, 0, 44), (0, 4, 20), (30, 25, 5000), (7, 0, 7)])
@pytest.mark.parametrize("score", [0.7, TWO_SIDED, 4.2])
def test_limits_of_a_change_are_where_tangos_statistic_has_the_score(
    gained: int, lost: int, of: int, score: float
) -> None:
    low, high = PairedRates(gained=np.array([gained]), lost=np.array([lost]), of=np.array([of])).at(score)
    more = CONTINUITY * min(score, 1.0)
    assert low[0] == pytest.approx(_by_search(gained, lost + more, of + more, score, upper=False), abs=1e-7)
    assert high[0] == pytest.approx(_by_search(gained + more, lost, of + more, score, upper=True), abs=1e-7)


def test_of_a_change_of_few_rows_limits_hold_in_all_samples_taken_together() -> None:
    rows = 35
    gained, lost = np.array([(won, some - won) for some in range(rows + 1) for won in range(some + 1)]).T
    lows, highs = PairedRates(gained=gained, lost=lost, of=np.full(len(lost), rows)).at(TWO_SIDED)
    for won, fell in ((0.05, 0.05), (0.0, 0.3), (0.1, 0.3)):
        chances = multinomial.pmf(
            np.stack([gained, lost, rows - gained - lost], axis=1), rows, [won, fell, 1 - won - fell]
        )
        assert chances[(lows <= won - fell) & (won - fell <= highs)].sum() > 0.95


def _by_search(gained: float, lost: float, of: float, score: float, *, upper: bool) -> float:
    """Find a limit with the most likely share of lost rows found by search, and not by its formula."""

    def statistic(truth: float) -> float:
        share = _likeliest(gained, lost, of, truth)
        variance = of * (2 * share + truth - truth**2)
        return float((gained - lost - of * truth) / np.sqrt(variance)) + (score if upper else -score)

    seen = (gained - lost) / of
    ends = (min(seen + 1e-9, 1 - 1e-9), 1 - 1e-9) if upper else (-1 + 1e-9, max(seen - 1e-9, -1 + 1e-9))
    if statistic(ends[0]) * statistic(ends[1]) > 0:
        return 1.0 if upper else -1.0
    return float(brentq(statistic, *ends, xtol=1e-12))


def _likeliest(gained: float, lost: float, of: float, truth: float) -> float:
    def unlikely(share: float) -> float:
        counts, shares = (gained, lost, of - gained - lost), (share + truth, share, 1 - 2 * share - truth)
        return -sum(count * log(max(part, 1e-300)) for count, part in zip(counts, shares, strict=True) if count)

    bounds = (max(0.0, -truth), (1 - truth) / 2)
    return float(minimize_scalar(unlikely, bounds=bounds, method="bounded", options={"xatol": 1e-12}).x)


def test_a_change_of_no_row_at_all_is_not_known_but_bounded() -> None:
    low, high = PairedRates(gained=np.array([0.0, 0.0]), lost=np.zeros(2), of=np.array([100.0, 0.0])).at(TWO_SIDED)
    assert (low[0], high[0]) == pytest.approx((-0.0416, 0.0416), abs=1e-4)
    assert np.isnan([low[1], high[1]]).all()


def test_a_distribution_holds_the_limits_at_every_level() -> None:
    spread = rate((30, 20), (80, 20))
    found = distributions(spread.at)[0]
    for level, score in zip(LEVELS, SCORES, strict=True):
        limit = spread.at(abs(score))[1 if score > 0 else 0][0]
        assert found.lower(level) == pytest.approx(limit, rel=1e-11)


def test_the_middle_of_two_rates_is_narrower_than_either() -> None:
    one, other = rate((30, 20)), rate((35, 15))
    low, high = HalfwaySpread(one, other).at(TWO_SIDED)
    widths = [float(pair[1][0] - pair[0][0]) for pair in (one.at(TWO_SIDED), other.at(TWO_SIDED))]
    assert float(high[0] - low[0]) < min(widths)


def test_limits_known_at_one_score_go_out_straight() -> None:
    spread = KnownSpread(value=np.array([1.0]), low=np.array([0.0]), high=np.array([3.0]), score=2.0)
    low, high = spread.at(np.array([[0.0], [1.0], [4.0]]))
    assert low[:, 0].tolist() == [1.0, 0.5, -1.0]
    assert high[:, 0].tolist() == [1.0, 2.0, 5.0]


def test_draws_tell_quantiles_and_beyond_them_a_normal_tail() -> None:
    draws = np.random.default_rng(1).normal(size=(4000, 1))
    low, high = DrawnSpread(value=np.array([0.0]), lower=draws, upper=draws).at(np.array([[1.0], [2.0], [4.0]]))
    assert low[:, 0] == pytest.approx([-1, -2, -4], abs=0.25)
    assert high[:, 0] == pytest.approx([1, 2, 4], abs=0.25)


@settings(max_examples=5, deadline=None)
@given(tables=st.lists(st.lists(st.integers(0, 40), min_size=8, max_size=8), min_size=1, max_size=4))
def test_changes_lie_around_the_difference_of_both_models_values(tables: list[list[int]]) -> None:
    rows = answers(np.array(tables, dtype=np.float64) + 1)
    for name in NAMES:
        values = classified(name, name, rows)
        assert values.change is not None
        gap = values.spreads[0].value - values.spreads[1].value
        assert values.change.value == pytest.approx(gap, abs=1e-12)
        low, high = values.change.at(TWO_SIDED)
        assert (low <= gap + 1e-12).all()
        assert (high >= gap - 1e-12).all()


def test_a_lone_row_in_each_cluster_is_worth_about_a_row() -> None:
    table = np.array([[300.0, 40, 30, 230, 20, 60, 50, 270]])
    alone = answers(table)
    moments = Moments(products=np.array([np.diag(table[0])]), clusters=np.array([1000]))
    clustered = AnsweredClusters(rows_alone=alone, moments=moments)
    for name in ("accuracy", "recall", "precision", "f1"):
        (low, high), (lower, higher) = (
            classified(name, name, some).spreads[0].at(TWO_SIDED) for some in (alone, clustered)
        )
        assert (lower[0], higher[0]) == pytest.approx((low[0], high[0]), abs=2e-3)
        changes = [classified(name, name, some).change for some in (alone, clustered)]
        assert changes[0] is not None
        assert changes[1] is not None
        assert changes[1].at(TWO_SIDED)[0] == pytest.approx(changes[0].at(TWO_SIDED)[0], abs=5e-3)


def selected(hits: list[int], of: int) -> AnsweredRows:
    table = np.zeros((len(hits), 4))
    table[:, 1], table[:, 0] = hits, of - np.array(hits)
    return answers(table)


def test_of_two_groups_a_criterion_has_the_limits_of_their_difference() -> None:
    rows = selected([60, 30], 100)
    values = classified("selection_rate", "selection_rate", rows)
    found, times = criteria(rows.grouping, [values])
    limits = limits_of(values.spreads[0], TWO_SIDED)
    _, low, high = difference(taken(limits, 0), taken(limits, 1))
    assert (found.challenger, found.low, found.high) == pytest.approx((0.3, low[0], high[0]))
    assert times.challenger == pytest.approx(0.5)
    assert found.extremes[0].highest == "g0"


def test_many_groups_that_fare_alike_are_no_difference_though_the_outermost_pair_seems_one() -> None:
    hits = np.random.default_rng(2).binomial(200, 0.3, 40).tolist()
    rows = selected(hits, 200)
    values = classified("selection_rate", "selection_rate", rows)
    found = next(criteria(rows.grouping, [values]))
    limits = limits_of(values.spreads[0], TWO_SIDED)
    outermost = difference(taken(limits, int(np.argmax(hits))), taken(limits, int(np.argmin(hits))))
    assert outermost[1][0] > 0
    assert found.low == 0
    assert found.high is not None
    assert found.high >= outermost[2][0]


def test_a_small_group_takes_the_interval_of_a_criterion_away_and_is_named() -> None:
    table = np.array([[70.0, 30, 0, 0], [15, 5, 0, 0], [60, 40, 0, 0]])
    rows = answers(table)
    found = next(criteria(rows.grouping, [classified("selection_rate", "selection_rate", rows)]))
    assert found.challenger == pytest.approx(0.15)
    assert (found.low, found.high) == (None, None)
    assert found.too_few == "g1: 20 rows that selection_rate counts; its intervals hold from 30 on."


def test_the_ratio_of_nothing_to_nothing_is_not_told() -> None:
    rows = selected([0, 0], 50)
    found = {
        one.criterion: one for one in criteria(rows.grouping, [classified("selection_rate", "selection_rate", rows)])
    }
    assert found["demographic_parity_difference"].challenger == 0
    assert found["demographic_parity_ratio"].challenger is None
