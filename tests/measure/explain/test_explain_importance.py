"""Is permutation importance what scikit-learn's is, with intervals that hold, whatever the order of the rows?"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from gates.importance_facts import FeatureImportance, Importance
from gates.measure.explain import ImportanceAsked, importance
from gates.measure.scan.engine import opened
from gates.measure.scan.source import Files
from gates.refusal import UserError

FEATURES = ("a", "b", "twin", "noise")


def rows(count: int, seed: int = 3) -> pa.Table:
    """Make a label that rests on a more than on b; `twin` goes along with a, and is not used."""
    random = np.random.default_rng(seed)
    a, b = random.normal(size=count), random.normal(size=count)
    chance = 1 / (1 + np.exp(-(2 * a + b)))
    return pa.table(
        {
            "a": a,
            "b": b,
            "twin": a + 0.1 * random.normal(size=count),
            "noise": random.integers(0, 5, count),
            "y": (random.random(count) < chance).astype(int),
            "sex": np.where(random.random(count) < 0.2, "female", "male"),
        }
    )


def model(table: Any) -> Any:  # noqa: ANN401 - a pyarrow Table
    """Answer as the truth would."""
    return 1 / (1 + np.exp(-(2 * np.asarray(table.column("a")) + np.asarray(table.column("b")))))


def asked(**change: Any) -> ImportanceAsked:  # noqa: ANN401 - any field
    known: dict[str, Any] = {
        "task": "binary-classification",
        "label": "y",
        "features": FEATURES,
        "metric": "roc_auc",
    }
    return ImportanceAsked(**known | change)


@pytest.fixture
def measured(tmp_path: Path) -> Callable[..., Importance]:
    """Give a function that writes rows and measures importance on them."""

    def measure(table: pa.Table, predict: Any = model, threads: int = 2, **change: Any) -> Importance:  # noqa: ANN401 - any field
        path = tmp_path / "rows.parquet"
        parquet.write_table(table, path)
        with opened(threads=threads) as engine:
            return importance(engine, engine.view("data", Files(paths=(path,))), asked(**change), predict)

    return measure


def overall(found: Importance) -> dict[str, FeatureImportance]:
    return {one.feature: one for one in found.features if one.group is None}


@pytest.mark.full  # scikit-learn takes seconds to import
@pytest.mark.parametrize(("metric", "scoring"), [("roc_auc", "roc_auc"), ("log_loss", "neg_log_loss")])
def test_drops_are_those_of_scikit_learn_within_the_chance_of_shuffling(
    measured: Callable[..., Importance], metric: str, scoring: str
) -> None:
    from sklearn.inspection import permutation_importance  # noqa: PLC0415 - heavy
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - as above

    table = rows(1500)
    labels, frame = np.asarray(table.column("y")), np.column_stack([np.asarray(table.column(f)) for f in FEATURES])
    fitted = LogisticRegression().fit(frame, labels)

    def answers(some: Any) -> Any:  # noqa: ANN401 - a pyarrow Table
        return fitted.predict_proba(np.column_stack([np.asarray(some.column(f)) for f in FEATURES]))[:, 1]

    found = overall(measured(table, answers, metric=metric, repeats=10))
    theirs = permutation_importance(fitted, frame, labels, scoring=scoring, n_repeats=30, random_state=0)
    for place, feature in enumerate(FEATURES):
        spread = theirs.importances_std[place] * np.sqrt(1 / 10 + 1 / 30)
        assert found[feature].drop == pytest.approx(theirs.importances_mean[place], abs=5 * spread + 1e-12), feature


def test_what_the_model_does_not_use_drops_nothing_and_what_stands_in_is_named(
    measured: Callable[..., Importance],
) -> None:
    found = measured(rows(1500))
    assert [one.feature for one in found.features][:2] == ["a", "b"]
    first, noise = overall(found)["a"], overall(found)["noise"]
    assert first.correlated_with == ("twin",)
    assert first.low is not None
    assert first.low > 0.05
    assert (noise.drop, noise.low, noise.high, noise.correlated_with) == (0, 0, 0, ())
    assert found.warnings[0].startswith("a, twin go along with other features")


def test_rows_in_another_order_and_another_number_of_threads_give_the_same_bytes(
    measured: Callable[..., Importance],
) -> None:
    table = rows(800)
    mixed = table.take(np.random.default_rng(0).permutation(800))
    first = measured(table, threads=1, by=("sex",), most_rows=6000)
    assert first.rows == 285
    assert measured(mixed, by=("sex",), most_rows=6000).model_dump_json() == first.model_dump_json()
    assert measured(mixed, seed=1, most_rows=6000).model_dump_json() != first.model_dump_json()


def test_the_budget_takes_repeats_first_then_rows_and_says_so(measured: Callable[..., Importance]) -> None:
    counts: list[int] = []

    def counting(table: Any) -> Any:  # noqa: ANN401 - a pyarrow Table
        counts.append(table.num_rows)
        return model(table)

    found = measured(rows(600), counting, most_rows=1000)
    assert (found.rows, found.repeats, counts) == (111, 2, [999])
    assert found.warnings[0] == (
        "111 rows of 600 and 2 repeats: the model was asked for 999 rows, and at most 1,000 were allowed."
    )


def test_groups_have_their_own_drops_and_small_ones_no_interval(measured: Callable[..., Importance]) -> None:
    found = measured(rows(700), by=("sex",), features=("a", "b"))
    groups = [one for one in found.features if one.group_feature == "sex"]
    assert [(one.group, one.feature) for one in groups] == [
        ("female", "a"),
        ("female", "b"),
        ("male", "a"),
        ("male", "b"),
    ]
    assert all(one.low is not None and one.low < (one.drop or 0) < (one.high or 0) for one in groups)
    small = measured(rows(300), by=("sex",), features=("a", "b"))
    female = next(one for one in small.features if one.group == "female")
    assert (female.low, female.drop is not None, "intervals hold from" in female.too_few) == (None, True, True)


def test_a_regression_and_several_classes_are_told_too(measured: Callable[..., Importance]) -> None:
    table = rows(600)
    numbers = table.append_column("z", pa.array(model(table)))
    found = measured(numbers, task="regression", label="z", metric="r2")
    assert (found.value, next(iter(overall(found)))) == (1.0, "a")
    classes = np.array(["low", "middle", "high"])[np.digitize(model(table), [0.3, 0.7])]

    def place(asked_for: Any) -> Any:  # noqa: ANN401 - a pyarrow Table
        return np.digitize(model(asked_for), [0.3, 0.7])

    several = table.append_column("z", pa.array(classes))
    found = measured(
        several,
        place,
        task="multiclass-classification",
        label="z",
        metric="accuracy",
        classes=("low", "middle", "high"),
    )
    assert (found.value, next(iter(overall(found)))) == (1.0, "a")


def test_features_of_any_type_are_shuffled(measured: Callable[..., Importance]) -> None:
    table = pa.table(
        {
            "a": ["x", None, "y", "z"] * 60,
            "b": pa.array([[1], None, [2, 3], []] * 60, pa.list_(pa.int64())),
            "y": [1, 0] * 120,
        }
    )

    def is_x(asked_for: Any) -> Any:  # noqa: ANN401 - a pyarrow Table
        return np.array([0.9 if value == "x" else 0.2 for value in asked_for.column("a").to_pylist()])

    found = measured(table, is_x, features=("a", "b"))
    assert overall(found)["a"].drop == pytest.approx(0.23, abs=0.06)
    assert overall(found)["b"].drop == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"metric": "mean_pinball_loss"}, "importance is not told in mean_pinball_loss for binary-classification"),
        ({"positive": "yes"}, "the label y is never yes, the positive class; it is 0, 1."),
    ],
)
def test_what_cannot_be_measured_is_a_problem(
    measured: Callable[..., Importance], change: dict[str, Any], said: str
) -> None:
    assert said in measured(rows(200), **change).problem


@pytest.mark.parametrize("answers", [[0.5], [float("nan")] * 4200])
def test_answers_that_are_none_are_a_problem(measured: Callable[..., Importance], answers: list[float]) -> None:
    found = measured(rows(200), lambda _table: np.array(answers))
    assert ("answers" in found.problem, found.features) == (True, ())


def test_a_missing_column_is_named(measured: Callable[..., Importance]) -> None:
    with pytest.raises(UserError, match="no column 'incme'"):
        measured(rows(200), features=("incme",))
    with pytest.raises(UserError, match="No feature was named"):
        measured(rows(200), features=())


@pytest.mark.full
def test_intervals_cover_the_true_drop_nineteen_times_in_twenty() -> None:
    """Held against the drop that is measured on very many rows, with a model that is fixed."""
    from gates.measure.explain.jackknife import dealt, jackknifed  # noqa: PLC0415 - beside its only use
    from gates.measure.explain.scoring_rules import roc_auc  # noqa: PLC0415 - as above

    def trial(count: int, seed: int) -> Any:  # noqa: ANN401 - a Drop
        table = rows(count, seed)
        random = np.random.default_rng(seed)
        labels, plain = np.asarray(table.column("y")), model(table)
        shuffled = [
            model(pa.table({"a": random.permutation(np.asarray(table.column("a"))), "b": table.column("b")}))
            for _ in range(5)
        ]

        def drop(some: Any) -> float:  # noqa: ANN401 - places
            without = [roc_auc(labels[some], answers[some]) for answers in shuffled]
            return roc_auc(labels[some], plain[some]) - sum(without) / 5

        return jackknifed(drop, np.arange(count), dealt(labels, seed))

    true = trial(400_000, 1).value
    covered = [found.low <= true <= found.high for found in (trial(400, seed) for seed in range(600))]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.03)
