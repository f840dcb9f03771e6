"""Is what a scorecard tells of every group what fairlearn, scikit-learn and plain arithmetic say?"""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from fairlearn import metrics as fair
from sklearn import metrics as plain

from gates.measure.groups.treatment import MOST_DIAGRAMS, TOLD, treatment
from gates.measure.intervals import wilson
from gates.treatment_facts import Treatment
from tests.measure.groups.conftest import Columns, Open, people

ERRORS = {
    "false_positive_rate": fair.false_positive_rate,
    "false_negative_rate": fair.false_negative_rate,
    "selection_rate": fair.selection_rate,
    "precision": plain.precision_score,
}


def scored(seed: int = 4, rows: int = 900) -> dict[str, Any]:
    """Add probabilities that agree with the answers."""
    columns, random = people(seed, rows), np.random.default_rng(seed)
    for who in ("a", "b"):
        sure = random.uniform(0.5, 1.0, rows)
        columns[f"{who}_score"] = np.where(np.asarray(columns[who]) == 1, sure, 1 - sure * 0.999)
    return columns


def told(opening: Open, columns: Columns, *crossed: str, **more: Any) -> Treatment:  # noqa: ANN401 - fields of Asked
    with opening(columns, ("race", "sex"), **more) as prepared:
        return treatment(prepared, ("race", "sex"), crossed)


def test_rates_of_every_group_and_intersection_are_fairlearns(opening: Open) -> None:
    columns = scored()
    found = told(opening, columns, "race,sex")
    named = {f: ["(missing)" if value is None else str(value) for value in columns[f]] for f in ("race", "sex")}
    for features in (["race"], ["sex"], ["race", "sex"]):
        frame = fair.MetricFrame(
            metrics=ERRORS, y_true=columns["y"], y_pred=columns["a"], sensitive_features={f: named[f] for f in features}
        ).by_group
        told_of = [one for one in found.numbers if one.feature == ",".join(features) and one.metric in ERRORS]
        assert len(told_of) == len(frame) * len(ERRORS)
        for one in told_of:
            place = tuple(one.group.split(","))
            assert one.challenger == pytest.approx(frame[one.metric][place if place[1:] else place[0]], rel=1e-9)
    assert found.left_out == ()
    assert found.added == ()


def test_calibration_of_a_group_is_what_its_rows_say(opening: Open) -> None:
    columns = scored()
    found = told(opening, columns, "race,sex")
    frame = pd.DataFrame({key: list(columns[key]) for key in ("y", "a_score", "b_score", "race", "sex")})
    for one in found.calibration:
        if one.feature != "sex":
            continue
        rows = frame[frame["sex"] == one.group]
        score = rows["a_score"] if one.who == "challenger" else rows["b_score"]
        assert one.rows == len(rows)
        assert one.share == pytest.approx(rows["y"].mean(), rel=1e-9)
        assert one.mean_score == pytest.approx(score.mean(), rel=1e-9)
        assert (one.share_low, one.share_high) == pytest.approx(wilson(rows["y"].sum(), len(rows)), rel=1e-9)
        assert bool(one.points) == (one.who == "challenger")
        error = _error(rows["y"].to_numpy(), score.to_numpy())
        values = [n for n in found.numbers if (n.group, n.metric) == (one.group, "expected_calibration_error")]
        assert [getattr(n, one.who) for n in values] == [pytest.approx(error, rel=1e-9)]
    assert not any(one.points for one in found.calibration if one.feature == "race,sex")
    assert len({one.group for one in found.calibration if one.feature == "race"}) < MOST_DIAGRAMS


def _error(label: "np.ndarray[Any, Any]", score: "np.ndarray[Any, Any]") -> float:
    """Compute the expected calibration error as Guo et al. 2017 write it."""
    places = np.minimum(np.floor(score * 15), 14)
    parts = [(places == place) for place in range(15)]
    return float(sum(part.mean() * abs(score[part].mean() - label[part].mean()) for part in parts if part.any()))


def test_two_features_are_crossed_where_nobody_names_an_intersection(opening: Open) -> None:
    found = told(opening, scored())
    assert found.added == ("race,sex",)
    assert {size.feature for size in found.sizes} == {"race", "sex", "race,sex"}


def test_what_is_missing_and_what_nobody_has_is_counted(opening: Open) -> None:
    columns = scored(rows=300)
    keep = [not (race == "asian" and sex == "f") for race, sex in zip(columns["race"], columns["sex"], strict=True)]
    kept = {key: [value for value, stays in zip(values, keep, strict=True) if stays] for key, values in columns.items()}
    found = told(opening, kept, "race,sex")
    by = {one.feature: one for one in found.representation}
    assert by["race"].missing == sum(race is None for race in kept["race"]) > 0
    assert by["sex"].missing == 0
    assert (by["race,sex"].absent, by["race,sex"].absent_count) == (("asian,f",), 1)


def test_rows_that_come_in_clusters_have_no_interval_that_takes_them_for_independent(opening: Open) -> None:
    columns = scored() | {"person": [f"p{place // 2}" for place in range(900)]}
    found = told(opening, columns, "race,sex", cluster="person")
    assert {one.share_low for one in found.calibration} == {None}


def test_answers_without_scores_say_that_calibration_takes_scores(opening: Open) -> None:
    found = told(opening, people())
    assert found.calibration == ()
    assert "Calibration takes probabilities, and there are none." in found.left_out
    assert {one.metric for one in found.numbers} == set(TOLD["binary-classification"]) - {"expected_calibration_error"}


@pytest.mark.parametrize("task", ["regression", "multiclass-classification"])
def test_other_tasks_are_told_in_their_own_numbers(opening: Open, task: str) -> None:
    random = np.random.default_rng(1)
    truth = random.integers(0, 3, 400)
    columns = {**people(rows=400), "y": truth, "a": (truth + random.integers(0, 2, 400)) % 3, "b": truth}
    found = told(opening, columns, task=task)
    assert {one.metric for one in found.numbers} >= set(TOLD[task]) - {"expected_calibration_error"}
    if task == "regression":
        errors = np.asarray(columns["a"]) - truth
        of_f = errors[np.asarray(columns["sex"]) == "f"].mean()
        bias = next(one for one in found.numbers if (one.group, one.metric) == ("f", "mean_error"))
        assert bias.challenger == pytest.approx(of_f, rel=1e-9)


@pytest.mark.parametrize("rows", [1, 2])
def test_so_few_rows_are_told_without_intervals(opening: Open, rows: int) -> None:
    columns: Columns = {"y": [1.0, 0.0][:rows], "a": [1.0] * rows, "race": ["x"] * rows, "sex": ["f"] * rows}
    found = told(opening, columns, task="regression" if rows == 1 else "binary-classification")
    assert {one.rows for one in found.sizes} == {rows}
    assert all(one.low is None for one in found.numbers)


def test_ids_are_no_groups_and_take_nothing_else_away(opening: Open) -> None:
    columns = people(rows=300) | {"race": [f"r{place}" for place in range(300)]}
    found = told(opening, columns)
    assert {size.feature for size in found.sizes} == {"sex"}
    assert [line for line in found.left_out if "accuracy" in line] == []
    assert [line.startswith("race: race has 300 different values") for line in found.left_out].count(True) == 1


def test_without_a_sensitive_feature_nothing_is_told(opening: Open) -> None:
    with opening(people(rows=60), ()) as prepared:
        assert treatment(prepared, (), ()) == Treatment()
