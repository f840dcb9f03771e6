"""Are our numbers scikit-learn's, and our intervals honest and repeatable?"""

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from gates.evidence import MetricComparison
from gates.measure.intervals import wilson
from gates.measure.measure import Measured
from gates.measure.power import minimum_detectable

Ask = Callable[..., Measured]
BINARY = ("accuracy", "balanced_accuracy", "precision", "recall", "f1", "specificity", "jaccard",
          "matthews_corrcoef", "cohen_kappa", "roc_auc", "average_precision",
          "log_loss", "brier_score")  # fmt: skip
MULTI = ("accuracy", "balanced_accuracy", "f1_macro", "log_loss")
REGRESSION = ("mean_absolute_error", "root_mean_squared_error", "r2")


def binary(rows: int = 400, seed: int = 1) -> dict[str, dict[str, list[Any]]]:
    random = np.random.default_rng(seed)
    signal = random.normal(size=rows)
    label = (random.random(rows) < 1 / (1 + np.exp(-signal))).astype(int)
    answers = {}
    for who, noise in (("challenger", 0.3), ("champion", 0.9)):
        score = np.round(1 / (1 + np.exp(-(signal + noise * random.normal(size=rows)))), 2)
        answers[who] = {"prediction": (score >= 0.5).astype(int).tolist(), "score": score.tolist()}
    return {"data": {"y": label.tolist()}, **answers}


def by_name(measured: Measured) -> dict[str, MetricComparison]:
    assert measured.problems == ()
    assert [m.problem for m in measured.metrics] == [""] * len(measured.metrics)
    return {metric.metric: metric for metric in measured.metrics}


def test_binary_metrics_equal_scikit_learns(measured: Ask) -> None:
    rows = binary()
    found = by_name(measured(**rows, metrics=BINARY))
    truth = rows["data"]["y"]
    for who in ("challenger", "champion"):
        said, score = rows[who]["prediction"], rows[who]["score"]
        expected = {
            "accuracy": sk.accuracy_score(truth, said),
            "balanced_accuracy": sk.balanced_accuracy_score(truth, said),
            "precision": sk.precision_score(truth, said),
            "recall": sk.recall_score(truth, said),
            "f1": sk.f1_score(truth, said),
            "specificity": sk.recall_score(truth, said, pos_label=0),
            "jaccard": sk.jaccard_score(truth, said),
            "matthews_corrcoef": sk.matthews_corrcoef(truth, said),
            "cohen_kappa": sk.cohen_kappa_score(truth, said),
            "roc_auc": sk.roc_auc_score(truth, score),
            "average_precision": sk.average_precision_score(truth, score),
            "log_loss": sk.log_loss(truth, score),
            "brier_score": sk.brier_score_loss(truth, score),
        }
        for name, value in expected.items():
            assert getattr(found[name], who) == pytest.approx(value, abs=1e-11), name


def test_baselines_are_those_of_scikit_learns_dummy(measured: Ask) -> None:
    from sklearn.dummy import DummyClassifier  # noqa: PLC0415 - only here

    rows = binary()
    truth = np.array(rows["data"]["y"])
    found = by_name(measured(**rows, metrics=BINARY))
    dummy = DummyClassifier(strategy="prior").fit(truth[:, None], truth)
    said, score = dummy.predict(truth[:, None]), dummy.predict_proba(truth[:, None])[:, 1]
    assert found["accuracy"].baseline == pytest.approx(sk.accuracy_score(truth, said))
    assert found["balanced_accuracy"].baseline == 0.5
    assert found["f1"].baseline == pytest.approx(sk.f1_score(truth, said, zero_division=0))
    assert found["log_loss"].baseline == pytest.approx(sk.log_loss(truth, score))
    assert found["brier_score"].baseline == pytest.approx(sk.brier_score_loss(truth, score))
    assert found["average_precision"].baseline == pytest.approx(truth.mean())
    assert (found["roc_auc"].baseline, found["precision"].baseline, found["recall"].baseline) == (0.5, None, None)
    flipped = {**rows, "data": {"y": (1 - truth).tolist()}}
    ones = by_name(measured(**flipped, metrics=("f1",)))["f1"].baseline
    zeros = found["f1"].baseline
    assert ones is not None
    assert zeros is not None
    assert sorted([ones > 0.6, zeros > 0.6]) == [False, True]


def test_multiclass_metrics_equal_scikit_learns(measured: Ask) -> None:
    random = np.random.default_rng(2)
    names = ["high", "low", "mid"]
    truth = random.choice(names, 300)
    scores = random.dirichlet([1, 1, 1], 300)
    scores[np.arange(300), [names.index(name) for name in truth]] += 1
    scores /= scores.sum(axis=1, keepdims=True)
    said = [names[place] for place in scores.argmax(axis=1)]
    other = random.choice(names, 300)
    columns = {f"score_{name}": scores[:, place].tolist() for place, name in enumerate(names)}
    both = {"prediction": said, **columns}
    champion = {"prediction": other.tolist(), **{f"score_{name}": [1 / 3] * 300 for name in names}}
    found = by_name(
        measured(data={"y": truth.tolist()}, challenger=both, champion=champion, task="multi", metrics=MULTI)
    )
    assert found["accuracy"].challenger == pytest.approx(sk.accuracy_score(truth, said))
    assert found["balanced_accuracy"].champion == pytest.approx(sk.balanced_accuracy_score(truth, other))
    assert found["f1_macro"].challenger == pytest.approx(sk.f1_score(truth, said, average="macro"))
    assert found["f1_macro"].champion == pytest.approx(sk.f1_score(truth, other, average="macro"))
    assert found["log_loss"].challenger == pytest.approx(sk.log_loss(truth, scores, labels=names))
    always = [max(names, key=truth.tolist().count)] * 300
    assert found["f1_macro"].baseline == pytest.approx(sk.f1_score(truth, always, average="macro", zero_division=0))
    only_scores = measured(data={"y": truth.tolist()}, challenger=columns, task="multi", metrics=["accuracy"])
    assert by_name(only_scores)["accuracy"].challenger == found["accuracy"].challenger


def test_regression_metrics_equal_scikit_learns(measured: Ask) -> None:
    random = np.random.default_rng(3)
    truth = random.normal(size=300) * 10
    answers = [truth + random.normal(size=300) * spread for spread in (1, 4)]
    found = by_name(
        measured(
            data={"y": truth.tolist()},
            challenger={"prediction": answers[0].tolist()},
            champion={"prediction": answers[1].tolist()},
            task="regression",
            metrics=REGRESSION,
        )
    )
    for who, said in zip(("challenger", "champion"), answers, strict=True):
        assert getattr(found["mean_absolute_error"], who) == pytest.approx(sk.mean_absolute_error(truth, said))
        assert getattr(found["root_mean_squared_error"], who) == pytest.approx(sk.root_mean_squared_error(truth, said))
        assert getattr(found["r2"], who) == pytest.approx(sk.r2_score(truth, said))
    assert found["root_mean_squared_error"].baseline == pytest.approx(truth.std())
    for metric in found.values():
        assert metric.low is not None
        assert metric.low > 0, "the challenger is far better, and positive is better for every metric"


def test_a_lone_challenger_has_values_and_intervals_but_no_difference(measured: Ask) -> None:
    rows = binary()
    found = by_name(measured(data=rows["data"], challenger=rows["challenger"], metrics=BINARY))
    for metric in found.values():
        assert metric.challenger_low is not None
        assert metric.challenger is not None
        assert metric.challenger_high is not None
        assert metric.challenger_low < metric.challenger < metric.challenger_high
        assert (metric.champion, metric.difference, metric.low, metric.minimum_detectable) == (None,) * 4


@pytest.mark.full
def test_the_order_of_rows_changes_no_byte(measured: Ask) -> None:
    rows = binary(200)
    rows["data"]["race"] = (["a"] * 3 + ["b"]) * 50
    order = np.random.default_rng(9).permutation(200)
    shuffled = {
        table: {name: [values[place] for place in order] for name, values in columns.items()}
        for table, columns in rows.items()
    }
    groups = {"features": ["race"], "group_metrics": ["selection_rate"]}
    first = measured(**rows, metrics=BINARY, **groups)
    assert first == measured(**shuffled, metrics=BINARY, **groups)
    assert first == measured(**rows, metrics=BINARY, **groups)


def test_models_that_answered_alike_may_still_differ_a_little(measured: Ask) -> None:
    rows = binary(400)
    found = by_name(measured(data=rows["data"], challenger=rows["champion"], champion=rows["champion"], metrics=BINARY))
    for metric in found.values():
        assert metric.difference == 0
        assert metric.low is not None
        assert metric.high is not None
        assert metric.low <= 0 <= metric.high
    accuracy = found["accuracy"].confidence
    assert accuracy is not None
    assert accuracy.lower(0.05) == pytest.approx(math.log(0.05) / 400, rel=0.1), "the rule of three"


def test_metrics_do_not_depend_on_what_else_is_asked(measured: Ask) -> None:
    rows = binary(150)
    together = by_name(measured(**rows, metrics=BINARY))
    for name in ("f1", "average_precision"):
        assert by_name(measured(**rows, metrics=[name, name]))[name] == together[name]


def test_delong_equals_the_definition(measured: Ask) -> None:
    """The standard error, from pairs counted one by one (DeLong et al. 1988, equations 4 to 6)."""
    rows = binary(400)
    truth = np.array(rows["data"]["y"])
    parts = []
    for who in ("challenger", "champion"):
        score = np.array(rows[who]["score"])
        wins = (score[truth == 1][:, None] > score[truth == 0]) + 0.5 * (
            score[truth == 1][:, None] == score[truth == 0]
        )
        parts.append((wins.mean(axis=1), wins.mean(axis=0)))
    above, below = (np.cov(parts[0][side], parts[1][side]) for side in (0, 1))
    contrast = np.array([1, -1])
    variance = contrast @ (above / (truth == 1).sum() + below / (truth == 0).sum()) @ contrast
    found = by_name(measured(**rows, metrics=["roc_auc"]))["roc_auc"]
    assert found.standard_error == pytest.approx(math.sqrt(variance), rel=1e-9)


def test_the_error_is_that_of_the_paired_difference(measured: Ask) -> None:
    rows = binary(400)
    truth = np.array(rows["data"]["y"])
    right = [(np.array(rows[who]["prediction"]) == truth).astype(float) for who in ("challenger", "champion")]
    exact = (right[0] - right[1]).std() / math.sqrt(400)
    found = by_name(measured(**rows, metrics=["accuracy"]))["accuracy"]
    assert found.minimum_detectable == pytest.approx(2.486 * exact, rel=0.06)


def test_wilsons_interval_gives_the_published_numbers() -> None:
    """Newcombe 1998, Statistics in Medicine 17: table I (p. 861)."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(20, 20)[1] == 1.0


def test_the_minimum_detectable_difference_is_shown_with_a_power_of_80_percent() -> None:
    assert (minimum_detectable(None), minimum_detectable(0.0)) == (None, None)
    assert minimum_detectable(1.0) == pytest.approx(2.4865, abs=1e-4)


@pytest.mark.full
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=2, max_size=40))
def test_small_tables_are_measured_or_explained(measured: Ask, rows: Sequence[tuple[bool, bool, bool]]) -> None:
    truth, said, other = (list(column) for column in zip(*rows, strict=True))
    result = measured(
        data={"y": truth},
        challenger={"prediction": said, "score": [float(value) for value in said]},
        champion={"prediction": other, "score": [float(value) for value in other]},
        metrics=[name for name in BINARY if name != "average_precision"],
    )
    if len(set(truth)) == 1:
        assert "one class only" in result.problems[0]
    for metric in result.metrics:
        assert metric.problem or metric.too_few or (metric.low is not None and metric.difference is not None)


@pytest.mark.full
def test_labels_and_answers_meet_whatever_their_types(measured: Ask) -> None:
    kinds: tuple[Sequence[object], ...] = (
        [0, 1],
        [0.0, 1.0],
        [False, True],
        ["0", "1"],
        ["0.0", "1.0"],
        ["False", "true"],
    )
    for truth, said in itertools.product(kinds, kinds):
        found = by_name(
            measured(data={"y": list(truth) * 5}, challenger={"prediction": list(said) * 5}, metrics=["accuracy"])
        )
        assert found["accuracy"].challenger == 1.0, (truth, said)


def test_too_few_rows_have_a_value_and_no_interval(measured: Ask) -> None:
    rows = {"y": [0, 1, 0, 0, 0]}, {"prediction": [0, 1, 0, 0, 1], "score": [0.1, 0.6, 0.2, 0.3, 0.7]}
    found = by_name(measured(data=rows[0], challenger=rows[1], metrics=BINARY))
    assert found["average_precision"].challenger == 0.5
    for metric in found.values():
        assert metric.challenger is not None
        assert metric.challenger_low is None
        assert "hold from" in metric.too_few
