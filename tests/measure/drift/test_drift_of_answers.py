"""Is performance estimated, compared and explained as it should be, with labels and without?"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from sklearn.metrics import (
    accuracy_score,
    brier_score_loss,
    f1_score,
    mean_absolute_error,
    precision_score,
    recall_score,
    roc_auc_score,
)

from gates.drift_facts import Drift, EstimatedMetric, Explanation, LabelFree, Performance, PerformanceMetric, Shift
from gates.refusal import UserError

Compare = Callable[..., Drift]
ASKED = {"label": "y", "score": "s", "columns": ()}


def loans(rows: int, *, ones: float = 0.3, moved: float | None = None, seed: int = 0) -> dict[str, NDArray[Any]]:
    """Rows with calibrated scores: of another share of ones, or of other rows (`moved`)."""
    random = np.random.default_rng(seed)
    truth = (random.random(rows) < ones).astype(np.int64)
    x = random.normal(size=rows) + 1.5 * truth if moved is None else random.normal(moved, 1.3, rows)
    score = 1 / (1 + np.exp(-(1.5 * x - 1.125 + np.log(0.3 / 0.7))))
    return {"y": truth if moved is None else (random.random(rows) < score).astype(np.int64), "s": score}


def without(side: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {"s": side["s"]}


def metric(found: Drift, name: str) -> PerformanceMetric:
    assert found.performance is not None
    return next(metric for metric in found.performance.metrics if metric.metric == name)


def estimated(found: Drift, name: str) -> EstimatedMetric:
    assert found.label_free is not None
    return next(metric for metric in found.label_free.metrics if metric.metric == name)


def free(found: Drift) -> LabelFree:
    assert found.label_free is not None
    return found.label_free


def arrived(found: Drift) -> Performance:
    assert found.performance is not None
    return found.performance


def test_metrics_with_labels_are_those_of_scikit_learn(compare: Compare) -> None:
    before, after = loans(5_000), loans(4_000, seed=1)
    found = compare(before, after, **ASKED)
    said = after["s"] >= 0.5
    expected = {
        "accuracy": accuracy_score(after["y"], said),
        "precision": precision_score(after["y"], said),
        "recall": recall_score(after["y"], said),
        "f1": f1_score(after["y"], said),
    }
    for name, value in expected.items():
        assert metric(found, name).current == pytest.approx(value, rel=1e-9)
    assert metric(found, "roc_auc").current == pytest.approx(roc_auc_score(after["y"], after["s"]), abs=1e-4)
    assert metric(found, "brier_score").current == pytest.approx(brier_score_loss(after["y"], after["s"]), abs=1e-6)
    assert Shift.DRIFTED not in {one.shift for one in arrived(found).metrics}


def test_a_fall_is_drift_when_it_is_proven_to_be_more_than_the_limit(compare: Compare) -> None:
    before, after = loans(5_000), loans(5_000, seed=1)
    noisy = {**after, "y": np.where(np.arange(5_000) % 5 == 0, 1 - after["y"], after["y"])}
    found = compare(before, noisy, **ASKED)
    assert metric(found, "accuracy").shift is Shift.DRIFTED
    assert found.shift is Shift.DRIFTED
    assert "worse by more than 0.020" in metric(found, "accuracy").sentence


def test_few_labels_tell_nothing(compare: Compare) -> None:
    found = metric(compare(loans(5_000), loans(60, seed=1), **ASKED), "recall")
    assert found.shift is Shift.INCONCLUSIVE
    assert found.difference is None
    assert "30 are needed" in found.sentence


def test_performance_is_estimated_without_labels_within_its_interval(compare: Compare) -> None:
    after = loans(8_000, moved=0.8, seed=2)
    found = compare(loans(20_000), without(after), **ASKED)
    truth = {
        "accuracy": accuracy_score(after["y"], after["s"] >= 0.5),
        "f1": f1_score(after["y"], after["s"] >= 0.5),
        "roc_auc": roc_auc_score(after["y"], after["s"]),
    }
    for name, value in truth.items():
        fact = estimated(found, name)
        assert fact.low is not None
        assert fact.high is not None
        assert fact.low <= value <= fact.high
    assert found.performance is None
    assert any("no concept drift" in line for line in free(found).assumptions)


def test_scores_that_are_no_probabilities_estimate_nothing(compare: Compare) -> None:
    before = loans(5_000)
    sharp = {**before, "s": np.where(before["s"] > 0.5, 0.99, 0.01)}
    found = free(compare(sharp, without(sharp), **ASKED))
    assert found.metrics == ()
    assert found.problem.startswith("The scores are not calibrated on the reference: error 0.")
    outside = free(compare({**before, "s": before["s"] * 3}, without(before), **ASKED))
    assert "outside 0 to 1" in outside.problem


@pytest.mark.parametrize(
    ("changed", "labelled", "explanation"),
    [
        ({}, True, Explanation.NO_CHANGE),
        ({"ones": 0.5}, True, Explanation.LABEL_SHIFT),
        ({"moved": 1.0}, True, Explanation.COVARIATE_SHIFT),
        ({"ones": 0.5}, False, Explanation.EITHER),
        ({"moved": -3.5}, True, Explanation.COVARIATE_SHIFT),
    ],
)
def test_kinds_of_shift_are_told_apart(
    compare: Compare,
    changed: dict[str, float],
    labelled: bool,  # noqa: FBT001 - a case
    explanation: Explanation,
) -> None:
    after = loans(10_000, seed=3, **changed)
    found = compare(loans(20_000), after if labelled else without(after), **ASKED).label_shift
    assert found is not None
    assert found.explanation is explanation
    if explanation in (Explanation.LABEL_SHIFT, Explanation.EITHER):
        assert found.current_shares["positive"] == pytest.approx(0.5, abs=0.03)


def test_labels_that_mean_something_else_are_neither(compare: Compare) -> None:
    after = loans(10_000, seed=3)
    turned = {**after, "y": 1 - after["y"]}
    found = compare(loans(20_000), turned, **ASKED).label_shift
    assert found is not None
    assert found.explanation is Explanation.NEITHER


def test_an_unlabelled_change_that_no_mixture_makes_is_no_label_shift(compare: Compare) -> None:
    odd = {"s": np.r_[np.full(5_000, 0.3), np.full(5_000, 0.31)]}
    found = compare(loans(20_000), odd, **ASKED).label_shift
    assert found is not None
    assert found.explanation is Explanation.COVARIATE_SHIFT
    assert found.current_shares == {}


def test_only_mature_labels_count_and_the_others_are_counted(compare: Compare) -> None:
    before = {**loans(900), "t": [dt.datetime(2026, 1, 1)] * 900}  # noqa: DTZ001 - a plain timestamp
    days = [dt.datetime(2026, 6, 1) + dt.timedelta(days=place % 60) for place in range(900)]  # noqa: DTZ001 - as above
    after = {**loans(900, seed=1), "t": pa.array([*days[:-10], *[None] * 10])}
    found = compare(before, after, **ASKED, decision_time="t", maturation=dt.timedelta(days=30))
    labels = arrived(found).labels
    assert labels.undated == 10
    assert labels.mature + labels.not_mature + labels.undated == 900
    assert labels.mature == labels.labelled
    assert labels.early > 0
    assert labels.mature == sum(day <= max(days[:-10]) - dt.timedelta(days=30) for day in days[:-10])
    assert "are not mature and do not count" in labels.sentence
    later = compare(before, after, **ASKED, decision_time="t", maturation=dt.timedelta(days=30), now="2027-01-01")
    assert arrived(later).labels.not_mature == 0


def test_labels_of_approved_cases_only_are_named_as_selective(compare: Compare) -> None:
    after = loans(4_000, seed=1)
    approved = after["s"] < 0.5
    seen = {
        "s": after["s"],
        "p": approved.astype(np.int64),
        "race": np.where(np.arange(4_000) % 2 == 0, "white", "black"),
        "y": pa.array([int(value) if keep else None for value, keep in zip(after["y"], approved, strict=True)]),
    }
    before = {**loans(4_000), "p": np.ones(4_000, dtype=np.int64), "race": ["white"] * 4_000}
    labels = arrived(compare(before, seen, **ASKED, prediction="p", by=("race",))).labels
    assert labels.selective
    assert {(one.group, round(one.share, 2)) for one in labels.by_prediction} == {("1", 1.0), ("0", 0.0)}
    assert len(labels.by_group) == 2
    assert "Labels are selective: 0 % where p is 0, 100 % where p is 1" in labels.sentence


def test_classes_are_matched_whatever_their_types(compare: Compare) -> None:
    truth = np.arange(1_000) % 3
    before = {"y": truth, "p": np.where(np.arange(1_000) % 10 == 0, 0, truth)}
    after = {"y": truth.astype(np.float64), "p": [str(value) for value in before["p"].tolist()]}
    found = compare(before, after, label="y", prediction="p", columns=())
    assert metric(found, "accuracy").current == metric(found, "accuracy").reference


def test_errors_of_a_regression_are_those_of_scikit_learn(compare: Compare) -> None:
    random = np.random.default_rng(0)
    sides = []
    for spread in (1.0, 2.0):
        truth = random.normal(size=2_000)
        sides.append({"y": truth, "p": truth + random.normal(0, spread, 2_000)})
    found = metric(compare(*sides, label="y", prediction="p", columns=()), "mean_absolute_error")
    assert found.current == pytest.approx(mean_absolute_error(sides[1]["y"], sides[1]["p"]), rel=1e-6)
    assert found.difference is not None
    assert found.difference < 0
    assert found.shift is Shift.DRIFTED


def test_rows_without_an_answer_are_counted(compare: Compare) -> None:
    after = loans(2_000, seed=1)
    gaps = {**after, "s": pa.array([None if place < 50 else value for place, value in enumerate(after["s"].tolist())])}
    found = compare(loans(2_000), gaps, **ASKED)
    assert arrived(found).left_out == 50
    assert free(found).left_out == 50


def test_a_time_of_decision_that_is_no_time_is_a_bad_request(compare: Compare) -> None:
    side = {**loans(500), "t": ["yesterday"] * 500}
    with pytest.raises(UserError, match="must be a date or a timestamp"):
        compare(side, side, **ASKED, decision_time="t", maturation=dt.timedelta(days=1))
