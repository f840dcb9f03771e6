"""Are rows without a usable answer counted, and is it said why there is no performance?"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, f1_score, mean_absolute_error, root_mean_squared_error

from gates.drift_facts import Drift, Explanation, Performance, PerformanceMetric, Shift
from gates.measure.drift.matches import _macro
from gates.refusal import UserError

Compare = Callable[..., Drift]
Rows = dict[str, NDArray[Any]]


def arrived(found: Drift) -> Performance:
    assert found.performance is not None
    return found.performance


def metric(found: Drift, name: str) -> PerformanceMetric:
    return next(metric for metric in arrived(found).metrics if metric.metric == name)


def prices(rows: int, *, spread: float = 1.0, seed: int = 0) -> Rows:
    random = np.random.default_rng(seed)
    truth = random.lognormal(3, 1, rows)
    return {"y": truth, "p": truth + random.normal(0, spread, rows)}


def animals(rows: int, *, wrong: float = 0.2, seed: int = 0) -> Rows:
    random = np.random.default_rng(seed)
    truth = random.choice(["cat", "dog", "owl"], rows, p=[0.6, 0.3, 0.1])
    return {"y": truth, "p": np.where(random.random(rows) < wrong, random.choice(["cat", "dog", "elk"], rows), truth)}


@pytest.mark.parametrize("answer", ["prediction", "score"])
def test_errors_of_a_regression_are_those_of_scikit_learn(compare: Compare, answer: str) -> None:
    before, after = prices(2_000), prices(1_500, spread=3, seed=1)
    found = compare(before, after, label="y", columns=(), **{answer: "p"})
    expected = {
        "mean_absolute_error": mean_absolute_error(after["y"], after["p"]),
        "root_mean_squared_error": root_mean_squared_error(after["y"], after["p"]),
    }
    for name, value in expected.items():
        assert metric(found, name).current == pytest.approx(value, rel=1e-9)
        assert metric(found, name).shift is Shift.DRIFTED
    assert (arrived(found).reference_left_out, arrived(found).left_out) == (0, 0)


def test_the_interval_of_a_root_mean_square_is_as_wide_as_its_samples_vary(compare: Compare) -> None:
    found = metric(compare(prices(4_000), prices(4_000, seed=1), label="y", prediction="p", columns=()),
                   "root_mean_squared_error")  # fmt: skip
    assert found.current_low is not None
    assert found.current_high is not None
    assert (found.current_high - found.current_low) / 3.92 == pytest.approx(1 / (2 * 4_000) ** 0.5, rel=0.1)


def test_errors_that_are_no_finite_number_are_left_out_and_counted_on_both_sides(compare: Compare) -> None:
    before, after = prices(1_000), prices(1_000, seed=1)
    before["y"][:3], after["p"][:5], after["y"][5:7] = np.nan, np.nan, np.inf
    found = compare(before, after, label="y", prediction="p", columns=())
    assert (arrived(found).reference_left_out, arrived(found).left_out) == (3, 7)
    assert metric(found, "mean_absolute_error").current == pytest.approx(
        mean_absolute_error(after["y"][7:], after["p"][7:]), rel=1e-9
    )


def test_huge_errors_count_like_all_others(compare: Compare) -> None:
    after = prices(1_000, seed=1)
    after["p"][0] = 1e15
    found = compare(prices(1_000), after, label="y", prediction="p", columns=())
    assert arrived(found).left_out == 0
    assert metric(found, "mean_absolute_error").current == pytest.approx(
        mean_absolute_error(after["y"], after["p"]), rel=1e-9
    )


def test_whole_labels_with_fractions_predicted_of_them_are_a_regression(compare: Compare) -> None:
    side = {"y": np.arange(600), "p": np.arange(600) + 0.25}
    found = compare(side, side, label="y", prediction="p", columns=())
    assert metric(found, "mean_absolute_error").current == 0.25
    assert metric(found, "root_mean_squared_error").shift is Shift.STABLE


def test_classes_have_accuracy_and_macro_f1_of_scikit_learn(compare: Compare) -> None:
    before, after = animals(3_000), animals(3_000, wrong=0.5, seed=1)
    found = compare(before, after, label="y", prediction="p", columns=())
    assert metric(found, "accuracy").current == pytest.approx(accuracy_score(after["y"], after["p"]), rel=1e-9)
    macro = metric(found, "f1_macro")
    assert macro.reference == pytest.approx(f1_score(before["y"], before["p"], average="macro"), rel=1e-9)
    assert macro.current == pytest.approx(f1_score(after["y"], after["p"], average="macro"), rel=1e-9)
    assert macro.shift is Shift.DRIFTED


def test_the_error_of_macro_f1_is_the_one_that_samples_have() -> None:
    random = np.random.default_rng(0)
    shares = np.array([[0.5, 0.05, 0.02], [0.08, 0.2, 0.02], [0.01, 0.02, 0.1]])
    found = [_macro(random.multinomial(2_000, shares.ravel()).reshape(3, 3).astype(float)) for _ in range(600)]
    errors = [one.standard_error for one in found]
    assert np.mean(errors) == pytest.approx(np.std([one.value or 0.0 for one in found]), rel=0.1)


@pytest.mark.parametrize(
    ("change", "asked", "problem"),
    [
        (("y",), {"prediction": "p"}, "current has no labels yet (no column y): performance waits for them."),
        ((), {}, "There are labels (y) but no answers to hold against them: name a prediction or a score."),
    ],
)
def test_it_is_said_why_there_is_no_performance(
    compare: Compare, change: tuple[str, ...], asked: dict[str, str], problem: str
) -> None:
    side = animals(400)
    after = {name: values for name, values in side.items() if name not in change}
    found = compare(side, after, label="y", columns=(), **asked)
    assert found.performance is None
    assert found.performance_problem == problem


def test_labels_of_the_current_side_only_have_nothing_to_be_compared_with(compare: Compare) -> None:
    side = animals(400)
    found = compare({"p": side["p"]}, side, label="y", prediction="p", columns=())
    assert found.performance is None
    assert "reference has no labels (no column y)" in found.performance_problem


def test_a_score_that_is_no_probability_is_named_as_the_problem(compare: Compare) -> None:
    side = {"y": np.arange(400) % 2, "s": np.arange(400) / 100}
    found = compare(side, side, label="y", score="s", columns=())
    assert found.performance is None
    assert "outside 0 to 1" in found.performance_problem


def test_nothing_asked_is_no_problem(compare: Compare) -> None:
    assert compare(prices(300), prices(300)).performance_problem == ""


def test_a_misspelt_label_is_a_bad_request(compare: Compare) -> None:
    with pytest.raises(UserError, match="Neither side has a column lable"):
        compare({"label": [1], "p": [1]}, {"label": [1], "p": [1]}, label="lable", prediction="p")


def test_a_metric_without_a_value_says_why(compare: Compare) -> None:
    random = np.random.default_rng(0)
    before = {"y": random.integers(0, 2, 600), "s": random.random(600)}
    after = {"y": random.integers(0, 2, 600), "s": np.full(600, 0.1)}
    precision = metric(compare(before, after, label="y", score="s", columns=()), "precision")
    assert precision.shift is Shift.INCONCLUSIVE
    assert precision.problem == (
        "precision cannot be compared: it has no value where no row is predicted positive, as in the current rows."
    )
    assert precision.sentence == precision.problem


def test_too_few_rows_do_not_tell_which_kind_of_shift_it_was(compare: Compare) -> None:
    random = np.random.default_rng(1)
    said = set()
    for seed in range(3):
        sides = [{"y": (s := random.random(300 + seed)).round().astype(int), "s": s} for _ in range(2)]
        shift = compare(*sides, label="y", score="s", columns=()).label_shift
        assert shift is not None
        said.add(shift.explanation)
    assert said <= {Explanation.UNKNOWN, Explanation.NO_CHANGE}


def test_labels_that_are_missing_are_not_counted_as_left_out(compare: Compare) -> None:
    side = animals(400)
    gaps = {
        "y": pa.array([None if place < 40 else str(value) for place, value in enumerate(side["y"])]),
        "p": side["p"],
    }
    found = compare(side, gaps, label="y", prediction="p", columns=())
    assert arrived(found).labels.labelled == 360
    assert arrived(found).left_out == 0


def test_labels_that_nobody_has_yet_are_awaited_and_are_no_fault(compare: Compare) -> None:
    side = animals(400)
    after = {"y": pa.array([None] * 400, pa.string()), "p": animals(400, seed=1)["p"]}
    found = compare(side, after, label="y", prediction="p", columns=())
    assert found.performance_problem == "current has no labels that count yet: performance waits for them."
    assert (arrived(found).metrics, arrived(found).labels.labelled) == ((), 0)
    assert found.performance_shift is None
    assert found.shift is not Shift.UNUSABLE


@pytest.mark.parametrize(
    ("change", "asked", "problem"),
    [
        ({"p": ["yes", "no"] * 200}, {"prediction": "p"}, "y and p of reference have no class in common"),
        ({"p": [[1]] * 400}, {"prediction": "p"}, "one value a row"),
        ({"p": ["high"] * 400}, {"score": "p"}, "a score is a number"),
        ({"p": [2.0] * 400}, {"score": "p"}, "outside 0 to 1"),
        ({"p": [0.5] * 400, "y": [0, 1, 2, 3] * 100}, {"score": "p"}, "y has 4 values"),
        ({"p": ["a"] * 400, "y": [0.5] * 400}, {"prediction": "p"}, "where numbers are compared"),
    ],
)
def test_labels_and_answers_that_cannot_be_held_against_each_other_are_never_stable(
    compare: Compare, change: Rows, asked: dict[str, str], problem: str
) -> None:
    side = {"y": [0, 1] * 200, **change}
    found = compare(side, side, label="y", columns=(), **asked)
    assert problem in found.performance_problem
    assert found.shift is Shift.UNUSABLE
    assert "Performance could not be compared." in found.sentence


@pytest.mark.parametrize("asked", [{"ignored": ("agee",)}, {"by": ("agee",)}, {"decision_time": "agee"}])
def test_every_column_that_is_named_has_to_be_there(compare: Compare, asked: dict[str, object]) -> None:
    with pytest.raises(UserError, match=r"Neither side has a column agee\. Did you mean age\?"):
        compare({"age": [1]}, {"age": [1]}, **asked)
