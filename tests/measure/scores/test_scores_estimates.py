"""Are the numbers scikit-learn's, on the exact path and within the bound by histograms?"""

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sklearn import metrics as sk

from gates.measure.estimated import Estimated
from gates.measure.scores import estimates, score_groups
from gates.measure.scores.arrays import Floats
from tests.measure.scores.scored_tables import BINARY, table

Measure = Callable[..., Any]
SCORES = st.sampled_from([0.0, 1e-12, 0.1, 0.25, 1 / 3, 0.5, 0.75, 0.999, 1.0])
ROWS = st.lists(st.tuples(st.integers(0, 1), SCORES, SCORES), min_size=2, max_size=40)
SHARED = [HealthCheck.function_scoped_fixture]
ORACLES: dict[str, Callable[..., float]] = {
    "roc_auc": sk.roc_auc_score,
    "average_precision": sk.average_precision_score,
    "log_loss": lambda truth, score: sk.log_loss(truth, score, labels=[0, 1]),
    "brier_score": lambda truth, score: float(np.mean((score - truth) ** 2)),
}
EXACT, BINNED = 10**9, 0
MANY = 60 if os.environ.get("GATEHOUSE_FULL") else 3


def columns(rows: list[tuple[int, float, float]]) -> dict[str, Any]:
    label, challenger, champion = (np.array(column) for column in zip(*rows, strict=True))
    return {"label": label, "challenger_score": challenger, "champion_score": champion}


def calibration_error(truth: Floats, score: Floats) -> float:
    """The definition, bin by bin."""
    places = np.minimum((score * 15).astype(int), 14)
    of = [places == place for place in range(15)]
    return float(sum(abs(score[rows].mean() - truth[rows].mean()) * rows.mean() for rows in of if rows.any()))


@pytest.mark.parametrize("most", [EXACT, BINNED])
@examples(max_examples=MANY, suppress_health_check=SHARED)
@given(rows=ROWS)
def test_small_tables_are_scikit_learns_or_explained(
    measure: Measure, most: int, rows: list[tuple[int, float, float]]
) -> None:
    data = columns(rows)
    found = measure(estimates, data, BINARY, exact_numbers=most)
    one_class = len(set(data["label"].tolist())) == 1
    for name, oracle in ORACLES.items():
        metric = found[name]
        if one_class and name in ("roc_auc", "average_precision"):
            assert "nothing to rank" in metric
            continue
        for who in ("challenger", "champion"):
            expected = oracle(data["label"], data[f"{who}_score"])
            assert getattr(metric, who) == pytest.approx(expected, rel=1e-9, abs=1e-14), name
        assert not metric.error_bound, "every bin holds one score only"
    for who in ("challenger", "champion"):
        expected = calibration_error(data["label"], data[f"{who}_score"])
        assert getattr(found["expected_calibration_error"], who) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@examples(max_examples=MANY // 2 + 1, suppress_health_check=SHARED)
@given(seed=st.integers(0, 10**6), decimals=st.sampled_from([None, 2, 4]), prevalence=st.sampled_from([0.5, 0.25]))
@example(seed=1328, decimals=2, prevalence=0.25)  # a bin of which the scores are right on average
def test_both_paths_agree(measure: Measure, seed: int, decimals: int | None, prevalence: float) -> None:
    data = table(700, seed, decimals=decimals, prevalence=prevalence)
    exact = measure(estimates, data, BINARY)
    binned = measure(estimates, data, BINARY, exact_numbers=BINNED)
    for name in BINARY:
        bound = binned[name].error_bound or 0.0
        assert exact[name].error_bound is None
        assert abs(binned[name].challenger - exact[name].challenger) <= bound + 1e-12
        assert binned[name].standard_error == pytest.approx(exact[name].standard_error, rel=1e-6 + 20 * bound)
        assert binned[name].difference.quantiles == pytest.approx(
            exact[name].difference.quantiles, rel=1e-3, abs=1e-9 + 4 * bound
        )
        assert binned[name].challenger_interval == pytest.approx(exact[name].challenger_interval, abs=1e-9 + 4 * bound)


def test_neither_outliers_nor_crowds_collapse_the_bins(measure: Measure) -> None:
    random = np.random.default_rng(4)
    label = random.integers(0, 2, 4000)
    crowd = 1 - 1e-9 * random.random(4000) - 1e-9 * (1 - label)
    wild = random.normal(size=4000) + label
    wild[:3] = (1e300, -1e300, 5e-324)
    data = {"label": label, "challenger_score": crowd, "champion_score": wild}
    problems = {"champion": "the champion's scores are no probabilities."}
    found = measure(estimates, data, BINARY, exact_numbers=BINNED, score_problems=problems)
    area = found["roc_auc"]
    assert area.error_bound < 1e-4
    assert area.challenger == pytest.approx(sk.roc_auc_score(label, crowd), abs=area.error_bound)
    assert area.champion == pytest.approx(sk.roc_auc_score(label, wild), abs=area.error_bound)
    assert found["log_loss"] == "the champion's scores are no probabilities."


@pytest.mark.parametrize("most", [EXACT, BINNED])
@pytest.mark.parametrize("clustered", [False, True])
def test_neither_the_order_of_rows_nor_threads_change_a_byte(measure: Measure, most: int, *, clustered: bool) -> None:
    data = table(900, 3, decimals=3)
    if clustered:
        data["cluster"] = np.random.default_rng(1).integers(0, 60, 900)
    order = np.random.default_rng(2).permutation(900)
    shuffled = {name: column[order] for name, column in data.items()}
    first = measure(estimates, data, BINARY, exact_numbers=most)
    assert first == measure(estimates, shuffled, BINARY, exact_numbers=most, threads=2)


def test_clusters_of_one_row_are_rows(measure: Measure) -> None:
    data = table(500, 8)
    alone = measure(estimates, data, BINARY)
    clustered = measure(estimates, {**data, "cluster": np.arange(500)}, BINARY)
    for name in BINARY:
        assert clustered[name].challenger == alone[name].challenger
        assert clustered[name].standard_error == pytest.approx(alone[name].standard_error, rel=5e-3)


@pytest.mark.parametrize("most", [EXACT, BINNED])
def test_a_row_told_five_times_is_known_once(measure: Measure, most: int) -> None:
    data = table(400, 9)
    five = {name: np.repeat(column, 5) for name, column in data.items()} | {"cluster": np.repeat(np.arange(400), 5)}
    once, often = measure(estimates, data, BINARY), measure(estimates, five, BINARY, exact_numbers=most)
    for name in BINARY:
        assert often[name].standard_error == pytest.approx(once[name].standard_error, rel=5e-3)
    for name in BINARY[2:]:
        assert often[name].challenger_interval == pytest.approx(once[name].challenger_interval, rel=0.01)
        assert often[name].difference.interval() == pytest.approx(once[name].difference.interval(), rel=0.02)


def test_clusters_by_bins_are_clusters_by_rows(measure: Measure) -> None:
    data = table(1200, 17, decimals=2) | {"cluster": np.random.default_rng(17).geometric(0.01, 1200)}
    exact, binned = (measure(estimates, data, BINARY, exact_numbers=most) for most in (EXACT, BINNED))
    for name in BINARY:
        assert binned[name].effective == exact[name].effective
        assert binned[name].challenger_interval == pytest.approx(exact[name].challenger_interval, rel=1e-3)
        assert binned[name].difference.quantiles == pytest.approx(exact[name].difference.quantiles, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize("most", [EXACT, BINNED])
def test_clusters_that_one_outweighs_tell_no_interval(measure: Measure, most: int) -> None:
    data = table(1000, 18)
    found = measure(estimates, data | {"cluster": np.maximum(np.arange(1000) - 900, 0)}, BINARY, exact_numbers=most)
    for name in BINARY:
        assert (found[name].difference, found[name].challenger_interval) == (None, None)
        assert "rows are spread over 100 clusters as over 1.2 equally large ones" in found[name].too_few
    few = np.where(data["label"] == 1, np.arange(1000) % 4, np.arange(1000) % 200)
    found = measure(estimates, data | {"cluster": few}, BINARY, exact_numbers=most)
    assert "the rows of a class are spread over 198 clusters as over 3.9" in found["roc_auc"].too_few
    assert found["brier_score"].difference is not None


@pytest.mark.parametrize("most", [EXACT, BINNED])
def test_a_group_is_measured_as_if_it_were_alone(measure: Measure, most: int) -> None:
    data = table(1500, 10, decimals=2)
    group = np.array(["a", "b'\"", "日"])[np.random.default_rng(0).integers(0, 3, 1500)]
    found = measure(score_groups, {**data, "group_0": group}, ("group_0",), BINARY, exact_numbers=most)
    assert set(found) == {(name,) for name in group.tolist()}
    for (name,), metrics in found.items():
        alone = measure(estimates, {column: rows[group == name] for column, rows in data.items()}, BINARY)
        for metric in BINARY:
            assert metrics[metric].challenger == pytest.approx(alone[metric].challenger, abs=1e-9)
            assert metrics[metric].standard_error == pytest.approx(alone[metric].standard_error, rel=1e-6)


@pytest.mark.parametrize("most", [EXACT, BINNED])
def test_a_group_of_two_columns_is_measured_as_if_it_were_alone(measure: Measure, most: int) -> None:
    data, random = table(1500, 13, decimals=2), np.random.default_rng(1)
    groups = {"group_0": random.choice(["a", "b,", "c\\"], 1500), "group_1": random.choice(["f", "m"], 1500)}
    found = measure(score_groups, {**data, **groups}, ("group_0", "group_1"), ("roc_auc",), exact_numbers=most)
    assert set(found) == set(zip(*(group.tolist() for group in groups.values()), strict=True))
    for (first, second), metrics in found.items():
        rows = (groups["group_0"] == first) & (groups["group_1"] == second)
        alone = measure(estimates, {column: values[rows] for column, values in data.items()}, ("roc_auc",))
        assert metrics["roc_auc"].challenger == pytest.approx(alone["roc_auc"].challenger, abs=1e-9)
        assert metrics["roc_auc"].standard_error == pytest.approx(alone["roc_auc"].standard_error, rel=1e-6)


def test_a_group_of_one_class_is_not_ranked_and_has_a_loss(measure: Measure) -> None:
    data = table(300, 11)
    group = np.where(data["label"] == 1, "all", "some")
    group[:100] = "some"
    found = measure(score_groups, {**data, "group_0": group}, ("group_0",), ("roc_auc", "log_loss"))[("all",)]
    assert "none of" in found["roc_auc"]
    assert isinstance(found["log_loss"], Estimated)
    assert found["log_loss"].difference is None
    assert "rows outside the commonest class" in found["log_loss"].too_few


def test_equal_models_differ_by_nothing(measure: Measure) -> None:
    data = table(400, 12)
    found = measure(estimates, {**data, "champion_score": data["challenger_score"]}, BINARY)
    for name in BINARY:
        assert found[name].difference.interval() == (0.0, 0.0)


def test_a_lone_challenger_has_an_interval_and_no_difference(measure: Measure) -> None:
    data = table(400, 13)
    del data["champion_score"]
    for most in (EXACT, BINNED):
        for metric in measure(estimates, data, BINARY, exact_numbers=most).values():
            assert metric.challenger_interval[0] < metric.challenger_interval[1]
            assert (metric.champion, metric.difference, metric.standard_error) == (None, None, None)


def test_a_model_without_scores_is_named(measure: Measure) -> None:
    data = table(100, 14)
    del data["champion_score"]
    data["champion"] = data["label"]
    problems = {"champion": "the champion gives no probabilities (it has no column of scores)."}
    found = measure(estimates, data, BINARY, score_problems=problems)
    assert set(found.values()) == {"the champion gives no probabilities (it has no column of scores)."}


def test_names_of_other_families_are_left_to_them(measure: Measure) -> None:
    assert set(measure(estimates, table(100, 15), ("accuracy", "roc_auc", "roc_auc"))) == {"roc_auc"}
