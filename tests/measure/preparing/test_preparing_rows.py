"""Which rows count, which task are they of, and in which groups are they?"""

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pytest

from gates.measure.prepared import LeftOut, Prepared
from gates.measure.preparing.asked import Answer

Prepare = Callable[..., Prepared]
Read = Callable[..., list[dict[str, Any]]]


@pytest.mark.parametrize(
    ("truth", "said", "asked", "task"),
    [
        ([0, 1], [1, 1], {}, "binary-classification"),
        ([0, 1, 2], [1, 1, 1], {}, "multiclass-classification"),
        (list("abc"), list("abc"), {}, "multiclass-classification"),
        (list("abc"), list("abc"), {"task": "text-classification"}, "multiclass-classification"),
        (list(range(30)), list(range(30)), {"task": "text-classification"}, "multiclass-classification"),
        (list(range(30)), list(range(30)), {}, "regression"),
        ([0.5, 1.5], [1, 2], {}, "regression"),
        ([0, 1], [0.2, 1.7], {}, "regression"),
        ([0, 1], [0.2, 0.7], {}, "binary-classification"),
        ([1.0, 2.0], [1, 2], {"quantile": 0.9}, "quantile-regression"),
        ([1.0, 2.0], [1, 2], {"horizon": "h"}, "forecasting"),
        ([1.0, 2.0], [1, 2], {"label": None}, "item-scores"),
    ],
)
def test_a_task_that_nobody_names_is_told_from_the_columns(
    prepared: Prepare, truth: Sequence[object], said: Sequence[object], asked: dict[str, Any], task: str
) -> None:
    found = prepared({"y": truth, "said": said, "h": [1] * len(truth)}, **asked)
    assert found.task == task


def test_a_guessed_task_is_told_with_its_reason(prepared: Prepare) -> None:
    rows = {"y": [0, 1], "said": [0, 1]}
    assert prepared(rows).notes == (
        "The task is taken to be binary-classification, for the label has 2 different values.",
    )
    assert prepared(rows, task="binary-classification").notes == ()
    assert prepared(rows, label=None).notes == ("The task is taken to be item-scores, for no label was named.",)
    assert prepared(rows, label=None, task="item-scores").notes == ()
    assert "quantile-regression, for a quantile was named." in prepared(rows, quantile=0.5).notes[0]
    assert "forecasting, for a horizon was named." in prepared({**rows, "h": [1, 2]}, horizon="h").notes[0]
    assert "forecasting, for a series was named." in prepared({**rows, "h": [1, 2]}, series="h", time="said").notes[0]
    assert "for the label holds fractions" in prepared({"y": [0.5, 2], "said": [1, 2]}).notes[0]
    assert "for answers hold fractions" in prepared({"y": [0, 1], "said": [1.5, 2]}).notes[0]


def test_rows_without_a_label_are_left_out_and_counted(prepared: Prepare, rows_of: Read) -> None:
    found = prepared({"y": [0.0, 1.0, None, 1.0, float("nan")], "said": [0, 1, 9, 0, None]})
    assert (found.count, found.left_out) == (3, (LeftOut(reason="no value in the label y", rows=2),))
    assert len(rows_of(found)) == 3


def test_rows_without_a_cluster_are_counted_apart(prepared: Prepare, rows_of: Read) -> None:
    found = prepared(
        {"y": [0, 1, None, 1, 1], "said": [0, 1, 1, 1, 1], "site": ["a", "b", "b", None, "b"]}, cluster="site"
    )
    assert (found.count, found.clusters) == (3, 2)
    assert found.left_out == (
        LeftOut(reason="no value in the label y", rows=1),
        LeftOut(reason="no value in the cluster site", rows=1),
    )
    assert [row["cluster"] for row in rows_of(found, ("cluster",))] == ["a", "b", "b"]


def test_a_regressions_answers_are_numbers_of_any_type(prepared: Prepare, rows_of: Read) -> None:
    found = prepared(
        {"y": pa.array([1, 2], pa.int8()), "said": [True, False], "other": pa.array([1.5, 2.5], pa.float32())},
        task="regression",
        champion=Answer(prediction="other"),
    )
    rows = rows_of(found, ("label", "challenger", "champion"))
    assert rows == [
        {"label": 1.0, "challenger": 1.0, "champion": 1.5},
        {"label": 2.0, "challenger": 0.0, "champion": 2.5},
    ]
    assert found.score_problems["champion"] == "the champion gives numbers, no probabilities."


def test_a_forecasts_past_is_kept_beside_the_rows_that_count(prepared: Prepare, rows_of: Read) -> None:
    found = prepared(
        {
            "y": [1.0, 2.0, 3.0, None],
            "said": [None, 2.5, None, 4.0],
            "other": [None, 1.5, 3.5, 4.0],
            "day": [1, 2, 3, 4],
            "shop": list("aaaa"),
            "ahead": [1, 1, 1, 1],
        },
        task="forecasting",
        champion=Answer(prediction="other"),
        time="day",
        series="shop",
        horizon="ahead",
        season=7,
        challenger=Answer(prediction="other"),
    )
    assert (found.count, found.season, found.carried) == (2, 7, ("series", "time", "horizon"))
    assert found.left_out[1] == LeftOut(reason="no value in any model's answer", rows=1)
    past = found.engine.reduce(f"SELECT label, time FROM {found.history}").to_pylist()  # noqa: S608 - a test's
    assert past == [{"label": 1.0, "time": 1}, {"label": 2.0, "time": 2}, {"label": 3.0, "time": 3}]
    assert [row["time"] for row in rows_of(found, ("time", "series", "horizon"))] == [2, 3]


def test_item_scores_need_no_label(prepared: Prepare, rows_of: Read) -> None:
    found = prepared({"iou": [0.5, 0.75]}, label=None, challenger=Answer(score="iou"))
    assert (found.task, rows_of(found, ("challenger",))) == ("item-scores", [{"challenger": 0.5}, {"challenger": 0.75}])


def test_groups_are_texts_and_a_missing_value_is_a_group(prepared: Prepare, rows_of: Read) -> None:
    found = prepared(
        {
            "y": [0, 1, 1],
            "said": [0, 1, 1],
            "sex": [True, None, False],
            "age": [1.0, 2.5, float("nan")],
            "race": ["white", None, "black"],
            "born": pa.array([1, 2, None], pa.int16()),
            "tags": [[1], [2], [3]],
        },
        by=(("sex",), ("age",), ("race", "sex"), ("tags",), ("rase",), ("born",)),
    )
    assert found.groups == {"sex": "group_0", "age": "group_1", "race,sex": "group_2", "born": "group_5"}
    assert found.group_problems["tags"] == "tags holds lists (BIGINT[]); groups need single values."
    assert "did you mean race" in found.group_problems["rase"]
    rows = rows_of(found, ("label", *found.groups.values()))
    assert {row["group_0"] for row in rows} == {"True", "False", "(missing)"}
    assert {row["group_1"] for row in rows} == {"1", "2.5", "(missing)"}
    assert {row["group_2"] for row in rows} == {"white,True", "(missing),(missing)", "black,False"}
    assert {row["group_5"] for row in rows} == {"1", "2", "(missing)"}
