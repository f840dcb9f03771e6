"""Metrics of a regression are scikit-learn's, and their errors those of the delta method."""

import math
from typing import Any

import numpy as np
import pytest
import sklearn.metrics as sk
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from gates.measure.estimated import Estimated
from tests.measure.numbers.number_rows import known, measured, two_models

Floats = NDArray[np.float64]


def r2_of_any_size(label: Floats, answer: Floats) -> float:
    """Return scikit-learn's, of numbers whose squares it can hold: a share of squares is the same at any scale."""
    scale = 2.0 ** min(-round(math.log2(np.ptp(label))), 1000)
    return float(sk.r2_score(label * scale, answer * scale))


ORACLES: dict[str, Any] = {
    "mean_absolute_error": sk.mean_absolute_error,
    "root_mean_squared_error": sk.root_mean_squared_error,
    "mean_squared_error": sk.mean_squared_error,
    "mean_absolute_percentage_error": sk.mean_absolute_percentage_error,
    "median_absolute_error": sk.median_absolute_error,
    "r2": r2_of_any_size,
}
NUMBERS = st.one_of(
    st.floats(-1e6, 1e6, allow_subnormal=False),
    st.integers(-5, 5).map(float),
    st.floats(-1e-6, 1e-6, allow_subnormal=False),
)
ROWS = st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=2, max_size=40)


def columns(rows: list[tuple[float, float, float]], scale: float = 1.0) -> dict[str, Floats]:
    label, challenger, champion = (np.array(column) * scale for column in zip(*rows, strict=True))
    return {"label": label, "challenger": challenger, "champion": champion}


@settings(max_examples=3, deadline=None)
@given(rows=ROWS)
def test_values_are_those_of_scikit_learn(rows: list[tuple[float, float, float]]) -> None:
    compared_with_scikit_learn(rows)


@pytest.mark.full
@settings(max_examples=40, deadline=None)
@given(rows=ROWS)
@example(rows=[(0.0, 0.0, 0.0), (1.79e-261, 0.0, 1.79e-261)])
def test_values_of_many_tables_are_those_of_scikit_learn(rows: list[tuple[float, float, float]]) -> None:
    compared_with_scikit_learn(rows)


def compared_with_scikit_learn(rows: list[tuple[float, float, float]]) -> None:
    table = columns(rows)
    assume(np.ptp(table["label"]) > 1e-3 * max(np.abs(column).max() for column in table.values()))
    found = measured(table, *ORACLES)
    assert set(found) == set(ORACLES)
    for name, oracle in ORACLES.items():
        estimate = found[name]
        assert isinstance(estimate, Estimated)
        # scikit-learn squares errors as they are: below 1e-154 nothing is left of them, where ours are scaled before.
        assert estimate.challenger == pytest.approx(oracle(table["label"], table["challenger"]), rel=1e-9, abs=1e-150)
        assert estimate.champion == pytest.approx(oracle(table["label"], table["champion"]), rel=1e-9, abs=1e-150)


@pytest.mark.parametrize("scale", [1e-300, 1e300, 2.0**-1040])
def test_numbers_of_any_size_are_measured(scale: float) -> None:
    table = two_models(300)
    found = measured({name: column * scale for name, column in table.items()}, "root_mean_squared_error", "r2")
    plain = {
        "root_mean_squared_error": sk.root_mean_squared_error(table["label"], table["challenger"]) * scale,
        "r2": sk.r2_score(table["label"], table["challenger"]),
    }
    for name, value in plain.items():
        estimate = found[name]
        assert isinstance(estimate, Estimated)
        assert estimate.challenger == pytest.approx(value, rel=1e-3 if scale < 1e-308 else 1e-9, abs=0)


def test_a_square_that_no_number_can_hold_is_a_sentence() -> None:
    found = measured({name: column * 1e300 for name, column in two_models(50).items()}, "mean_squared_error")
    assert "too large" in str(found["mean_squared_error"])


def test_the_difference_has_the_standard_error_of_paired_differences() -> None:
    table = two_models()
    losses = [np.abs(table[who] - table["label"]) for who in ("challenger", "champion")]
    found = known(table, "mean_absolute_error")
    assert found.standard_error == pytest.approx(stats.sem(losses[0] - losses[1]), rel=1e-9)
    assert found.difference is not None
    assert found.difference.lower(0.5) == pytest.approx(losses[0].mean() - losses[1].mean(), rel=1e-9)
    low, high = stats.ttest_rel(*losses).confidence_interval()
    assert found.difference.interval() == pytest.approx((low, high), rel=0.06)


def test_the_error_of_a_root_is_that_of_the_delta_method() -> None:
    table = two_models()
    squares = [(table[who] - table["label"]) ** 2 for who in ("challenger", "champion")]
    influences = [(some - some.mean()) / (2 * math.sqrt(some.mean())) for some in squares]
    found = known(table, "root_mean_squared_error")
    assert found.standard_error == pytest.approx(stats.sem(influences[0] - influences[1]), rel=1e-9)


def test_the_error_of_r2_is_that_of_the_delta_method() -> None:
    table = two_models()
    away = (table["label"] - table["label"].mean()) ** 2
    influences = []
    for who in ("challenger", "champion"):
        square = (table[who] - table["label"]) ** 2
        influences.append(-square / away.mean() + square.mean() * away / away.mean() ** 2)
    assert known(table, "r2").standard_error == pytest.approx(stats.sem(influences[0] - influences[1]), rel=1e-9)


def test_rows_of_one_cluster_count_as_one() -> None:
    table = two_models(600)
    cluster = np.random.default_rng(3).integers(0, 80, 600)
    gap = np.abs(table["challenger"] - table["label"]) - np.abs(table["champion"] - table["label"])
    sums = np.array([(gap - gap.mean())[cluster == at].sum() for at in np.unique(cluster)])
    error = math.sqrt((sums**2).sum() * len(sums) / (len(sums) - 1)) / 600
    found = known({**table, "cluster": cluster}, "mean_absolute_error")
    assert found.standard_error == pytest.approx(error, rel=1e-9)
    assert found.effective <= len(sums)
    assert "clusters" in found.method


def test_doubling_every_row_within_its_cluster_makes_nothing_surer() -> None:
    table = two_models(200)
    doubled = {name: np.repeat(column, 2) for name, column in table.items()} | {"cluster": np.repeat(np.arange(200), 2)}
    once, twice = known(table, "r2"), known(doubled, "r2")
    assert twice.standard_error == pytest.approx(once.standard_error, rel=1e-9)


def test_baselines_are_the_best_constants() -> None:
    table = two_models(501)
    label = table["label"]
    best = {
        "mean_absolute_error": np.abs(label - np.median(label)).mean(),
        "root_mean_squared_error": label.std(),
        "mean_squared_error": label.var(),
        "r2": 0.0,
        "median_absolute_error": np.median(np.abs(label - np.median(label))),
        "mean_error": 0.0,
    }
    found = measured(table, *best)
    baselines = {name: some.baseline for name, some in found.items() if isinstance(some, Estimated)}
    assert baselines == pytest.approx(best, rel=1e-9, abs=1e-300)


def test_a_mean_error_above_zero_says_that_answers_are_too_high() -> None:
    found = known({"label": np.zeros(200), "challenger": np.linspace(1, 2, 200)}, "mean_error")
    assert found.challenger == pytest.approx(1.5)
    assert (found.champion, found.difference) == (None, None)
    assert found.challenger_interval is not None
    assert found.challenger_interval[0] > 1


def test_a_percentage_of_nothing_has_a_value_and_no_interval() -> None:
    table = two_models(300)
    table["label"][:3] = 0
    found = known(table, "mean_absolute_percentage_error")
    assert found.challenger == pytest.approx(
        sk.mean_absolute_percentage_error(table["label"], table["challenger"]), rel=1e-9
    )
    assert (found.difference, found.challenger_interval) == (None, None)
    assert found.too_few == "the label is 0 in 3 rows, which have no percentage."


def test_the_same_label_everywhere_leaves_nothing_to_explain() -> None:
    found = measured({**two_models(50), "label": np.full(50, 2.0)}, "r2", "mean_absolute_error")
    assert "the label is the same in all rows" in str(found["r2"])
    assert isinstance(found["mean_absolute_error"], Estimated)


def test_a_few_rows_have_values_and_no_intervals() -> None:
    found = known(two_models(40), "mean_absolute_error")
    assert found.difference is None
    assert found.too_few == "40 rows; intervals of the difference of mean_absolute_error hold from 100 on."


def test_one_row_that_decides_everything_gives_no_interval() -> None:
    table = two_models(2000)
    table["challenger"][0] = 1e9
    found = known(table, "mean_absolute_error")
    assert found.difference is None
    assert found.too_few.startswith("a few of the 2,000 rows decide")


def test_models_that_answer_the_same_could_differ_in_three_rows_of_so_many() -> None:
    table = two_models(200)
    loss = np.abs(table["challenger"] - table["label"])
    found = known({**table, "champion": table["challenger"]}, "mean_absolute_error")
    assert found.difference is not None
    reach = np.abs(loss - loss.mean()).max()
    assert found.difference.upper(0.05) == pytest.approx(reach * (1 - 0.05 ** (1 / 200)), rel=1e-9)
    assert found.difference.lower(0.05) == -found.difference.upper(0.05)


def test_a_perfect_model_has_no_error_and_says_so() -> None:
    table = two_models(200)
    found = known({**table, "challenger": table["label"]}, "root_mean_squared_error")
    assert (found.challenger, found.challenger_interval) == (0.0, (0.0, 0.0))


@pytest.mark.parametrize("clustered", [False, True])
def test_order_and_threads_change_no_bit(*, clustered: bool) -> None:
    table: dict[str, Any] = two_models(3000)
    table |= {"cluster": np.arange(3000) % 400} if clustered else {}
    order = np.random.default_rng(5).permutation(3000)
    shuffled = {name: column[order] for name, column in table.items()}
    names = ("r2", "median_absolute_error")
    assert measured(table, *names, threads=2) == measured(shuffled, *names, threads=1)


def test_answers_far_larger_than_any_label_leave_nothing_to_tell() -> None:
    label = np.concatenate([np.zeros(199), [1e-95]])
    found = measured({"label": label, "challenger": np.ones(200)}, "r2", "mean_absolute_error")
    assert "differ too much in size" in str(found["r2"])
    assert isinstance(found["mean_absolute_error"], Estimated)


def test_a_far_away_label_loses_no_digits() -> None:
    table = two_models(300)
    far = {name: column + 1e9 for name, column in table.items()}
    assert known(far, "r2").challenger == pytest.approx(known(table, "r2").challenger, rel=1e-6)
