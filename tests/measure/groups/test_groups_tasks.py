"""Do groups of every task have metrics, whatever their values are called?"""

import numpy as np
import pytest
from sklearn import metrics

from gates.measure.groups.fairness import fairness
from gates.measure.groups.measuring import group_metrics
from tests.measure.groups.conftest import Open


def test_scores_of_groups_find_names_with_commas_and_backslashes(opening: Open) -> None:
    random = np.random.default_rng(1)
    truth = random.integers(0, 2, 400)
    score = np.clip(truth * 0.3 + random.random(400) * 0.7, 0, 1)
    first, second = random.choice(["x,y", "x\\"], 400), random.choice(["", "é,"], 400)
    columns = {"y": truth, "a": (score > 0.5).astype(int), "a_score": score, "p": first, "q": second}
    with opening(columns, ("p", "q")) as prepared:
        facts = group_metrics(prepared, ("p,q",), ("brier_score", "accuracy"))
    assert [fact.group for fact in facts if fact.metric == "brier_score"] == [
        "x\\,y,",
        "x\\,y,é\\,",
        "x\\\\,",
        "x\\\\,é\\,",
    ]
    here = (first == "x\\") & (second == "")
    fact = next(fact for fact in facts if (fact.group, fact.metric) == ("x\\\\,", "brier_score"))
    assert fact.challenger == pytest.approx(metrics.brier_score_loss(truth[here], score[here]), rel=1e-9)


def test_metrics_of_all_classes_are_told_of_groups(opening: Open) -> None:
    random = np.random.default_rng(2)
    truth = random.choice(["cat", "dog", "owl"], 600)
    said = np.where(random.random(600) < 0.7, truth, random.choice(["cat", "dog", "owl"], 600))
    columns = {"y": truth, "a": said, "zoo": random.choice(["x", "z"], 600)}
    names = ("balanced_accuracy", "f1_macro", "cohen_kappa")
    with opening(columns, ("zoo",), task="multiclass-classification") as prepared:
        facts = group_metrics(prepared, ("zoo",), (*names, "recall"))
    functions = {
        "balanced_accuracy": metrics.balanced_accuracy_score,
        "f1_macro": lambda truth, said: metrics.f1_score(truth, said, average="macro"),
        "cohen_kappa": metrics.cohen_kappa_score,
    }
    assert facts[0].problem == "recall is told of one class: write recall:cat for the class cat."
    for fact in facts[1:]:
        here = columns["zoo"] == fact.group
        assert fact.challenger == pytest.approx(functions[fact.metric](truth[here], said[here]), rel=1e-9)
        assert fact.low is not None


def test_a_quantile_regression_has_its_loss_and_coverage_by_group(opening: Open) -> None:
    random = np.random.default_rng(3)
    truth = random.normal(size=900)
    columns = {"y": truth, "a": np.full(900, 1.28), "sex": random.choice(["f", "m"], 900)}
    with opening(columns, ("sex",), task="quantile-regression", quantile=0.9) as prepared:
        found = fairness(prepared, ("sex",), ("coverage", "mean_pinball_loss"))
    for fact in found.groups:
        here = columns["sex"] == fact.group
        value = (truth[here] <= 1.28).mean() if fact.metric == "coverage" else _pinball(truth[here], columns["a"][here])
        assert fact.challenger == pytest.approx(value, rel=1e-9)
    assert {one.criterion for one in found.criteria} >= {"coverage_difference", "mean_pinball_loss_ratio"}


def _pinball(truth: object, said: object) -> float:
    return float(metrics.mean_pinball_loss(truth, said, alpha=0.9))


def test_numbers_of_clusters_rest_on_their_clusters(opening: Open) -> None:
    random = np.random.default_rng(4)
    truth, shift = random.normal(size=3000), np.repeat(random.normal(size=300), 10)
    columns = {
        "y": truth,
        "a": truth + shift + 0.1 * random.normal(size=3000),
        "sex": np.repeat(random.choice(["f", "m"], 300), 10),
        "id": np.repeat(np.arange(300), 10),
    }
    widths = []
    for cluster in (None, "id"):
        with opening(columns, ("sex",), task="regression", cluster=cluster) as prepared:
            fact = group_metrics(prepared, ("sex",), ("mean_absolute_error",))[0]
        assert fact.low is not None
        assert fact.high is not None
        widths.append(fact.high - fact.low)
    assert widths[1] > 2 * widths[0]
