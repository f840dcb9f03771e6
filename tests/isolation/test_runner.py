"""Are the answers of every usual kind of model understood, and all others refused by name?"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

BINARY, MULTICLASS, REGRESSION = "binary-classification", "multiclass-classification", "regression"
Saved = Callable[[str], Path]
pytestmark = pytest.mark.filterwarnings("ignore")  # what a model's packages warn of is theirs


@pytest.fixture
def run(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Let the runner carry out an order in this process; return its answers, or its complaint."""
    from workflows.isolation import runner  # noqa: PLC0415 - imports mlflow

    def carry_out(model: Path, task: str = BINARY, rows: pd.DataFrame | None = None) -> Any:  # noqa: ANN401 - answers or a complaint
        features = tmp_path / "features.parquet"
        (pd.read_parquet(data, columns=["a", "b"]) if rows is None else rows).to_parquet(features)
        order = {"model": str(model), "data": str(features), "task": task}
        order |= {"answers": str(tmp_path / "answers"), "status": str(tmp_path / "status")}
        monkeypatch.setattr(sys, "argv", ["runner.py", json.dumps(order)])
        runner.main()
        status = json.loads((tmp_path / "status").read_text())
        if status["status"] != "scored":
            return status.get("detail", status["status"])
        return pq.read_table(order["answers"]).to_pandas(), status["classes"]

    return carry_out


def test_a_classifier_gives_its_labels_and_the_probability_of_each_class(
    run: Callable[..., Any], classifier: Path, rows: pd.DataFrame
) -> None:
    answers, classes = run(classifier)
    assert classes == ["no", "yes"]
    assert answers.columns.tolist() == ["prediction", "score_no", "score_yes"]
    assert (answers.score_no + answers.score_yes).round(9).eq(1).all()
    assert ((answers.score_yes > 0.5) == (answers.prediction == "yes")).all()
    assert (answers.prediction == rows.label).mean() > 0.9


def test_columns_are_taken_by_name_and_whole_numbers_become_what_the_signature_says(
    run: Callable[..., Any], classifier: Path
) -> None:
    frame = pd.DataFrame({"extra": ["x", "y"], "b": [0, 1], "a": [6, 0]})
    answers, _ = run(classifier, rows=frame)
    assert answers.prediction.tolist() == run(classifier, rows=frame[["a", "b"]].astype(float))[0].prediction.tolist()


def test_a_column_that_the_signature_asks_for_is_missed_by_name(run: Callable[..., Any], classifier: Path) -> None:
    said = run(classifier, rows=pd.DataFrame({"a": [1.0]}))
    assert said == "the model's signature asks for 'b', which is not among its features here"


@pytest.mark.parametrize(
    ("task", "body", "first", "classes"),
    [
        (REGRESSION, "return frame['b'] * 2", {"prediction": 0.0}, []),
        (REGRESSION, "return frame[['b']]", {"prediction": 0.0}, []),
        (REGRESSION, "return frame[['a']].to_numpy()", {"prediction": 0}, []),
        (BINARY, "return frame['a'] > 3", {"prediction": False}, []),
        (BINARY, "return ['no'] * len(frame)", {"prediction": "no"}, []),
        (BINARY, "return frame['a'].astype('category')", {"prediction": 0}, []),
        (BINARY, "return 0.25 + frame['b'] / 2", {"prediction": 0.25}, []),
        (BINARY, "return [[0.25, 0.75]] * len(frame)", {"prediction": 1.0, "score_0": 0.25, "score_1": 0.75}, [0, 1]),
        (
            MULTICLASS,
            "return pd.DataFrame({'x': [0.2] * len(frame), 'y': 0.7, 'z': 0.1})",
            {"prediction": "y", "score_x": 0.2, "score_y": 0.7, "score_z": 0.1},
            ["x", "y", "z"],
        ),
        (
            MULTICLASS,
            "return pd.DataFrame({'10': [0.2] * len(frame), '20': 0.8})",
            {"prediction": 20, "score_10": 0.2, "score_20": 0.8},
            [10, 20],
        ),
    ],
)
def test_usual_answers_are_understood(  # noqa: PLR0917 - a table's columns
    run: Callable[..., Any], saved: Saved, task: str, body: str, first: dict[str, object], classes: list[object]
) -> None:
    answers, found = run(saved(body), task)
    assert (answers.iloc[0].to_dict(), found, len(answers)) == (first, classes, 200)


@pytest.mark.parametrize(
    ("task", "body", "said"),
    [
        (BINARY, "return frame['a'][:-1]", "199 predictions came; expected 200, one for each row"),
        (BINARY, "return []", "0 predictions came; expected 200, one for each row"),
        (BINARY, "return None", "NoneType came; expected 200 predictions, or as many rows"),
        (BINARY, "return 'yes'", "str came; expected 200 predictions, or as many rows"),
        (
            REGRESSION,
            "return frame.to_numpy().reshape(10, 20, 2)",
            "ndarray of shape (10, 20, 2) came; expected 200 predictions, or as many rows",
        ),
        (REGRESSION, "return frame", "2 columns came ('a', 'b'); expected one number a row"),
        (
            BINARY,
            "return frame.assign(c=1)",
            "3 columns came ('a', 'b', 'c'); expected one label a row, or the probabilities of 2 classes",
        ),
        (
            MULTICLASS,
            "return frame",
            "2 columns came ('a', 'b') that do not add up to 1 in each row; expected labels, or probabilities",
        ),
        (
            MULTICLASS,
            "return frame.assign(a='x')",
            "2 columns came ('a', 'b') that are not all numbers; expected labels, or probabilities",
        ),
        (
            BINARY,
            "return frame['b'] + 0.5",
            "numbers such as 0.5 came; expected one class label a row, or probabilities",
        ),
        (
            REGRESSION,
            "return frame['b'].where(frame['b'] > 0.1)",
            "21 of 200 values of prediction are missing (None or NaN)",
        ),
        (BINARY, "return [None] * 3 + ['no'] * 197", "3 of 200 values of prediction are missing (None or NaN)"),
        (
            REGRESSION,
            "return pd.Series(pd.Timestamp(0), index=frame.index)",
            "prediction came as timestamp[ns]; expected numbers, text or booleans",
        ),
        (BINARY, "raise RuntimeError('no way')", "RuntimeError: no way"),
        (BINARY, "raise SystemExit(3)", "SystemExit: 3"),
        (BINARY, "bytearray(1 << 60)", "out_of_memory"),
    ],
)
def test_other_answers_are_refused_by_what_came_and_what_was_expected(
    run: Callable[..., Any], saved: Saved, task: str, body: str, said: str
) -> None:
    assert run(saved(body), task) == said


def test_labels_of_several_kinds_are_refused(run: Callable[..., Any], saved: Saved) -> None:
    assert run(saved("return ['no', 1] * 100")).startswith("prediction holds values of several kinds")
