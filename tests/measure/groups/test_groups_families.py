"""Do metrics of scores, of numbers and of clusters come out right for every group?"""

from typing import Any

import numpy as np
import pytest
from fairlearn.metrics import MetricFrame
from scipy import stats
from sklearn import metrics

from gates.evidence import GroupMetric
from gates.measure.groups.fairness import fairness
from gates.measure.groups.measuring import group_metrics
from tests.measure.groups.conftest import Open, people

Found = dict[tuple[str, str], GroupMetric]


def by_name(facts: tuple[GroupMetric, ...]) -> Found:
    return {(fact.group, fact.metric): fact for fact in facts}


def scored(rows: int = 1200) -> dict[str, Any]:
    columns, random = people(rows=rows), np.random.default_rng(2)
    for who in ("a", "b"):
        odds = random.normal(size=rows) + 1.5 * columns["y"] - 0.7
        columns[f"{who}_score"] = 1 / (1 + np.exp(-odds))
        columns[who] = (odds > 0).astype(int)
    return columns


@pytest.mark.parametrize("feature", ["sex", "race,sex"])
def test_score_metrics_of_groups_are_scikit_learns(opening: Open, feature: str) -> None:
    columns = scored()
    names = ("roc_auc", "log_loss", "average_precision")
    with opening(columns, ("race", "sex")) as prepared:
        found = by_name(group_metrics(prepared, (feature,), names))
    race = np.array([race or "(missing)" for race in columns["race"]])
    groups = {"sex": columns["sex"], "race,sex": np.char.add(np.char.add(race.astype(str), ","), columns["sex"])}[
        feature
    ]
    functions = {"roc_auc": metrics.roc_auc_score, "log_loss": metrics.log_loss}
    for group in np.unique(groups):
        here = groups == group
        for name, function in functions.items():
            fact = found[str(group), name]
            assert fact.challenger == pytest.approx(function(columns["y"][here], columns["a_score"][here]), rel=1e-9)
            assert fact.champion == pytest.approx(function(columns["y"][here], columns["b_score"][here]), rel=1e-9)
    sizes = {fact.reference for fact in found.values()}
    assert sizes == {True, False}


def test_score_metrics_have_intervals_differences_and_changes(opening: Open) -> None:
    with opening(scored(), ("sex",)) as prepared:
        facts = group_metrics(prepared, ("sex",), ("roc_auc",), 0.1)
    other = next(fact for fact in facts if not fact.reference)
    assert other.low is not None
    assert other.challenger is not None
    assert other.high is not None
    assert other.low < other.challenger < other.high
    assert other.difference_low is not None
    assert other.difference_high is not None
    assert other.difference is not None
    assert other.difference_low < other.difference < other.difference_high
    assert other.change_confidence is not None
    assert other.confidence is not None
    assert other.confidence.interval() == pytest.approx((other.difference_low, other.difference_high), rel=1e-9)
    assert other.power is not None


def test_a_group_of_one_class_has_no_roc_auc_and_says_so(opening: Open) -> None:
    columns = scored(200)
    columns["lone"] = ["x" if label else "y" for label in columns["y"][:20]] + ["z"] * 180
    with opening(columns, ("lone",)) as prepared:
        found = by_name(group_metrics(prepared, ("lone",), ("roc_auc",)))
    assert found["x", "roc_auc"].challenger is None
    assert "nothing to rank" in found["x", "roc_auc"].too_few
    assert found["z", "roc_auc"].challenger is not None


def test_without_scores_the_reason_is_told_once_for_each_metric(opening: Open) -> None:
    with opening(people(), ("sex",)) as prepared:
        facts = group_metrics(prepared, ("sex",), ("roc_auc", "accuracy"))
    assert [fact.metric for fact in facts if fact.problem] == ["roc_auc"]
    assert "score" in facts[0].problem


def test_label_metrics_that_are_no_rates_come_from_their_own_family(opening: Open) -> None:
    columns = people()
    with opening(columns, ("sex",)) as prepared:
        found = by_name(group_metrics(prepared, ("sex",), ("matthews_corrcoef", "cohen_kappa")))
    for group in ("f", "m"):
        here = columns["sex"] == group
        truth, said = columns["y"][here], columns["a"][here]
        value = metrics.matthews_corrcoef(truth, said)
        assert found[group, "matthews_corrcoef"].challenger == pytest.approx(value, rel=1e-9)
        assert found[group, "cohen_kappa"].challenger == pytest.approx(metrics.cohen_kappa_score(truth, said), rel=1e-9)
        assert found[group, "cohen_kappa"].low is not None


def errors(rows: int = 800, scale: float = 1.0) -> dict[str, Any]:
    random = np.random.default_rng(5)
    truth = random.normal(size=rows) * scale
    said = [truth + random.normal(size=rows) * spread * scale for spread in (0.5, 0.6)]
    return {"y": truth, "a": said[0], "b": said[1], "sex": random.choice(["f", "m"], rows, p=[0.3, 0.7])}


@pytest.mark.parametrize("scale", [1.0, 1e-180, 1e140])
def test_errors_of_groups_equal_scikit_learns_at_any_size(opening: Open, scale: float) -> None:
    columns = errors(scale=scale)
    functions = {
        "mean_absolute_error": metrics.mean_absolute_error,
        "mean_squared_error": metrics.mean_squared_error,
        "root_mean_squared_error": metrics.root_mean_squared_error,
        "mean_error": lambda truth, said: float(np.mean(said - truth)),
    }
    with opening(columns, ("sex",), task="regression") as prepared:
        found = by_name(group_metrics(prepared, ("sex",), tuple(functions)))
    for group in ("f", "m"):
        here = columns["sex"] == group
        for name, function in functions.items():
            for who, model in (("a", "challenger"), ("b", "champion")):
                value = function(columns["y"][here], columns[who][here])
                assert getattr(found[group, name], model) == pytest.approx(value, rel=1e-9)


def test_intervals_of_mean_errors_are_nearly_students_and_changes_are_paired(opening: Open) -> None:
    columns = errors()
    with opening(columns, ("sex",), task="regression") as prepared:
        found = by_name(
            group_metrics(prepared, ("sex",), ("mean_error", "mean_absolute_error", "root_mean_squared_error"))
        )
    here = columns["sex"] == "m"
    gap = (columns["a"] - columns["y"])[here]
    low, high = stats.t.interval(0.95, len(gap) - 1, loc=gap.mean(), scale=stats.sem(gap))
    fact = found["m", "mean_error"]
    assert (fact.low, fact.high) == pytest.approx((low, high), abs=0.1 * (high - low))
    absolute = [np.abs(columns[who] - columns["y"])[here] for who in ("a", "b")]
    paired = absolute[0] - absolute[1]
    change = found["m", "mean_absolute_error"]
    assert change.change == pytest.approx(-paired.mean(), rel=1e-9)
    assert change.change_confidence is not None
    spread = change.change_confidence.interval()
    expected = stats.t.interval(0.95, len(paired) - 1, loc=-paired.mean(), scale=stats.sem(paired))
    assert spread == pytest.approx(expected, abs=0.1 * (expected[1] - expected[0]))
    rooted = found["m", "root_mean_squared_error"].change_confidence
    assert rooted is not None
    assert rooted.lower(0.05) > 0


def test_other_metrics_of_numbers_come_from_their_own_family(opening: Open) -> None:
    columns = errors()
    with opening(columns, ("sex",), task="regression") as prepared:
        found = by_name(group_metrics(prepared, ("sex",), ("r2", "median_absolute_error")))
    here = columns["sex"] == "f"
    truth, said = columns["y"][here], columns["a"][here]
    assert found["f", "r2"].challenger == pytest.approx(metrics.r2_score(truth, said), rel=1e-9)
    value = metrics.median_absolute_error(truth, said)
    assert found["f", "median_absolute_error"].challenger == pytest.approx(value, rel=1e-9)


def test_criteria_of_errors_equal_fairlearns_and_signed_numbers_have_no_ratio(opening: Open) -> None:
    columns = errors()
    with opening(columns, ("sex",), task="regression") as prepared:
        found = {
            one.criterion: one for one in fairness(prepared, ("sex",), ("mean_absolute_error", "mean_error")).criteria
        }
    frame = MetricFrame(
        metrics=metrics.mean_absolute_error, y_true=columns["y"], y_pred=columns["a"], sensitive_features=columns["sex"]
    )
    assert set(found) == {"mean_absolute_error_difference", "mean_absolute_error_ratio", "mean_error_difference"}
    assert found["mean_absolute_error_difference"].challenger == pytest.approx(frame.difference(), rel=1e-9)
    assert found["mean_absolute_error_ratio"].challenger == pytest.approx(frame.ratio(), rel=1e-9)


def test_clusters_widen_what_they_share_and_leave_values_alone(opening: Open) -> None:
    random = np.random.default_rng(6)
    person = np.repeat(np.arange(120), 10)
    able = np.repeat(random.random(120), 10)
    truth = random.integers(0, 2, 1200)
    said = [np.where(random.random(1200) < 0.4 + 0.6 * able, truth, 1 - truth) for _ in range(2)]
    columns = {
        "y": truth,
        "a": said[0],
        "b": said[1],
        "sex": np.repeat(random.choice(["f", "m"], 120), 10),
        "id": person,
    }
    names = ("accuracy", "true_positive_rate", "precision", "f1", "balanced_accuracy")
    with opening(columns, ("sex",)) as prepared:
        alone = by_name(group_metrics(prepared, ("sex",), names))
    with opening(columns, ("sex",), cluster="id") as prepared:
        found = by_name(group_metrics(prepared, ("sex",), names))
    for key, fact in found.items():
        assert (fact.challenger, fact.champion, fact.change) == (
            alone[key].challenger,
            alone[key].champion,
            alone[key].change,
        )
        assert _width(fact) >= _width(alone[key])
    assert _width(found["f", "accuracy"]) > 1.2 * _width(alone["f", "accuracy"])


def _width(fact: GroupMetric) -> float:
    assert fact.low is not None
    assert fact.high is not None
    return fact.high - fact.low


def test_too_few_clusters_have_no_interval_however_many_their_rows(opening: Open) -> None:
    columns = {**people(rows=900), "id": np.arange(900) % 15}
    with opening(columns, ("sex",), cluster="id") as prepared:
        facts = group_metrics(prepared, ("sex",), ("accuracy", "f1"))
    assert {fact.low for fact in facts} == {None}
    assert "clusters that accuracy counts; its intervals hold from 20 on." in facts[0].too_few
