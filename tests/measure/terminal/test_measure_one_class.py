"""Does a report come of rows with one class, or of one row, and does it say what it cannot tell?"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from sklearn.metrics import accuracy_score, confusion_matrix

from bot.terminal.main import main

Rows = dict[str, Any]
Told = Callable[[Rows, str], tuple[int, dict[str, Any]]]
ROWS = 400
BOTH = "compare {} --label y --champion old --challenger new"
ALONE = "fairness {} --label y --prediction new --by g"


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Told:
    """Measure columns, and return how it ended and its document."""

    def build(columns: Rows, line: str) -> tuple[int, dict[str, Any]]:
        parquet.write_table(pa.table(columns), tmp_path / "rows.parquet")
        code = main(["measure", *line.format(tmp_path / "rows.parquet").split(), "--json"])
        document: dict[str, Any] = json.loads(capsys.readouterr().out)
        return code, document

    return build


def answered(label: object) -> Rows:
    draw = np.random.default_rng(3)
    scores = {f"{who}_score": draw.random(ROWS) for who in ("old", "new")}
    answers = {"old": (scores["old_score"] > 0.5).astype(int), "new": (scores["new_score"] > 0.4).astype(int)}
    return {"y": [label] * ROWS, **answers, **scores, "g": draw.choice(["a", "b"], ROWS)}


@pytest.mark.parametrize(("label", "one", "none"), [(0, "specificity", "recall"), (1, "recall", "specificity")])
def test_what_takes_one_class_only_is_as_scikit_learn_has_it_and_the_rest_says_why_not(
    told: Told, label: int, one: str, none: str
) -> None:
    rows = answered(label)
    code, found = told(rows, f"{BOTH} --by g --challenger-score new_score --champion-score old_score")
    truth = np.full(ROWS, label)
    metrics = found["metrics"]
    for name in ("accuracy", one):
        assert metrics[name]["challenger"] == pytest.approx(accuracy_score(truth, rows["new"]))
        assert metrics[name]["champion"] == pytest.approx(accuracy_score(truth, rows["old"]))
    for name in (none, "balanced_accuracy", "precision", "matthews_corrcoef", "cohen_kappa"):
        assert metrics[name]["challenger"] is None
        assert metrics[name]["sentence"].endswith(f"all labels are {label}, and {name} takes another class, too.")
    assert "there is nothing to rank" in metrics["roc_auc"]["sentence"]
    assert (code, found["outcome"]) == (2, "error")
    assert f"The label y has one class only ({label}): what takes another one cannot be told." in found["notes"]


def test_groups_of_one_class_are_told_by_the_rates_that_there_are(told: Told) -> None:
    rows = answered(0)
    code, found = told(rows, ALONE)
    assert (code, found["outcome"]) == (3, "inconclusive")
    for group in "ab":
        where = rows["g"] == group
        right, wrong = confusion_matrix(np.zeros(where.sum()), rows["new"][where], labels=[0, 1])[0]
        rates = found["groups"]["g"][group]
        assert rates["false_positive_rate"]["challenger"] == pytest.approx(wrong / (right + wrong))
        assert rates["selection_rate"]["challenger"] == pytest.approx(rows["new"][where].mean())
        assert rates["true_positive_rate"]["challenger"] is None


@pytest.mark.parametrize("line", [BOTH, ALONE])
def test_one_row_has_a_report_and_never_passes(told: Told, line: str) -> None:
    code, found = told({name: values[:1] for name, values in answered(1).items()}, line)
    assert code in {2, 3}
    assert found["rows"] == 1
    assert found["outcome"] in {"error", "inconclusive"}


@pytest.mark.parametrize(
    ("rows", "options", "task"),
    [
        ({"y": ["yes"] * 40, "old": ["yes", "no"] * 20, "new": ["yes"] * 40}, "--positive yes", "binary"),
        ({"y": ["yes"] * 40, "old": ["yes"] * 40, "new": ["yes"] * 40}, "--positive yes", "binary"),
        ({"y": ["cat"] * 40, "old": ["cat", "dog"] * 20, "new": ["cow", "cat"] * 20}, "", "multiclass"),
    ],
)
def test_the_other_classes_are_those_that_models_answer(told: Told, rows: Rows, options: str, task: str) -> None:
    code, found = told(rows, f"{BOTH} {options}")
    assert (code, found["task"]) == (2, f"{task}-classification")
    expected = accuracy_score(rows["y"], rows["new"])
    assert found["metrics"]["accuracy"]["challenger"] == pytest.approx(expected)


def test_what_was_asked_for_is_judged_where_one_class_is_enough(told: Told) -> None:
    rows = answered(1)
    code, found = told({**rows, "new": rows["y"]}, f"{BOTH} --metric accuracy")
    assert (code, found["outcome"]) == (0, "pass")
    code, found = told({**rows, "new": rows["y"]}, f"{BOTH} --metric balanced_accuracy")
    assert (code, found["outcome"]) == (2, "error")


def test_probabilities_alone_are_thresholded_and_name_no_class(told: Told) -> None:
    rows = answered(0)
    _, found = told(rows, "compare {} --label y --champion-score old_score --challenger-score new_score")
    assert found["metrics"]["accuracy"]["challenger"] == pytest.approx((rows["new_score"] < 0.5).mean())
    _, same = told(rows, "compare {} --label y --champion old_score --challenger new_score")
    assert same["metrics"]["accuracy"] == found["metrics"]["accuracy"]
