"""Does a comparison tell of every task what a person wants to know of it: groups, horizons, classes, labels, types?"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from sklearn.metrics import f1_score, mean_absolute_error, precision_score, roc_auc_score

from bot.terminal.main import main

Rows = dict[str, Any]
Measured = Callable[[Rows, str], tuple[int, dict[str, Any]]]
ROWS = 300
BOTH = "--label y --champion old --challenger new"


@pytest.fixture
def measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Measured:
    """Compare columns, and return how it ended and its document."""

    def build(columns: Rows, options: str) -> tuple[int, dict[str, Any]]:
        parquet.write_table(pa.table(columns), tmp_path / "rows.parquet")
        code = main(["measure", "compare", str(tmp_path / "rows.parquet"), *options.split(), "--json"])
        document: dict[str, Any] = json.loads(capsys.readouterr().out)
        return code, document

    return build


def draws() -> np.random.Generator:
    return np.random.default_rng(7)


@pytest.mark.parametrize("cluster", ["", pytest.param(" --cluster who", marks=pytest.mark.full)])
def test_each_class_is_told_against_all_others(measured: Measured, cluster: str) -> None:
    draw = draws()
    label = draw.integers(0, 3, ROWS)
    old, new = (np.where(draw.random(ROWS) < 0.7, label, draw.integers(0, 3, ROWS)) for _ in range(2))
    rows = {"y": label, "old": old, "new": new, "who": np.arange(ROWS) // 2}
    _, found = measured(rows, f"{BOTH} --metric accuracy{cluster}")
    for place in range(3):
        one = found["by_class"][str(place)]
        assert one["rows"] == np.sum(label == place)
        assert one["f1"]["challenger"] == pytest.approx(f1_score(label == place, new == place), rel=1e-9)
        assert one["precision"]["champion"] == pytest.approx(precision_score(label == place, old == place), rel=1e-9)
        assert one["f1"]["interval"][0] <= one["f1"]["difference"] <= one["f1"]["interval"][1]


def test_parts_that_are_too_many_are_named_and_not_told(measured: Measured) -> None:
    label = np.arange(ROWS) % 40
    _, found = measured({"y": label, "old": label, "new": label[::-1]}, f"{BOTH} --task multiclass --metric accuracy")
    assert "by_class" not in found
    assert "There are 40 classes, too many to tell of each." in found["notes"]


@pytest.mark.full
def test_each_horizon_is_told_and_groups_of_forecasts_count_series(measured: Measured) -> None:
    draw = draws()
    series, step = np.repeat(np.arange(30), 10), np.tile(np.arange(10), 30)
    label = draw.normal(size=ROWS) + step
    old, new = (label + 0.3 * draw.normal(size=ROWS) for _ in range(2))
    region = np.where(series % 2, "north", "south")
    rows = {"y": label, "old": old, "new": new, "s": series, "t": step, "h": step % 2 + 1, "region": region}
    code, found = measured(rows, f"{BOTH} --series s --time t --horizon h --by region")
    assert code == 3
    for horizon in (1, 2):
        here = rows["h"] == horizon
        one = found["by_horizon"][str(horizon)]["mean_absolute_error"]
        assert one["challenger"] == pytest.approx(mean_absolute_error(label[here], new[here]), rel=1e-9)
        assert one["difference"] == pytest.approx(one["challenger"] - one["champion"], rel=1e-6)
    assert found["groups"]["region"]["north"]["mean_absolute_error"]["verdict"] == "inconclusive"
    assert "clusters" in found["groups"]["region"]["north"]["mean_absolute_error"]["sentence"]


def test_forecasts_without_times_are_judged_by_their_errors(measured: Measured) -> None:
    label = draws().normal(size=ROWS)
    _, found = measured({"y": label, "old": label + 0.1, "new": label + 0.2}, f"{BOTH} --task forecasting")
    assert found["required"] == ["mean_absolute_error"]
    assert found["metrics"]["mean_absolute_scaled_error"]["margin"] is None


def test_lists_of_labels_have_groups_and_are_told_label_by_label(measured: Measured) -> None:
    draw = draws()
    label = draw.random((ROWS, 2)) < 0.5
    new = label ^ (draw.random((ROWS, 2)) < 0.2)
    group = draw.choice(["a", "b"], ROWS)
    lists = {
        name: pa.array(
            [[word for word, there in zip(("cat", "dog"), row, strict=True) if there] for row in table],
            pa.list_(pa.string()),
        )
        for name, table in {"y": label, "old": label, "new": new}.items()
    }
    _, found = measured({**lists, "g": group}, f"{BOTH} --task multilabel --by g")
    assert found["by_label"]["dog"]["f1"]["challenger"] == pytest.approx(f1_score(label[:, 1], new[:, 1]), rel=1e-9)
    here = group == "a"
    expected = f1_score(label[here], new[here], average="micro")
    assert found["groups"]["g"]["a"]["f1_micro"]["challenger"] == pytest.approx(expected, rel=1e-9)
    assert found["groups"]["g"]["a"]["f1_micro"]["verdict"] == "fail"


@pytest.mark.full
def test_entities_have_groups_and_are_told_type_by_type(measured: Measured) -> None:
    label = [["B-PER", "I-PER", "O", "B-LOC"]] * ROWS
    new = [["B-PER", "O", "O", "B-LOC"]] * (ROWS // 2) + label[: ROWS // 2]
    rows = {"y": label, "old": label, "new": new, "g": ["a", "b"] * (ROWS // 2)}
    code, found = measured(rows, f"{BOTH} --task entity --by g")
    assert code == 1
    assert found["by_type"]["LOC"]["entity_f1"]["difference"] == 0
    assert found["by_type"]["PER"]["entity_f1"]["challenger"] == pytest.approx(0.5)
    assert set(found["groups"]["g"]) == {"a", "b"}


def test_scores_alone_are_enough(measured: Measured) -> None:
    draw = draws()
    label = draw.integers(0, 2, ROWS)
    old, new = (np.clip(0.3 * label + 0.7 * draw.random(ROWS), 0, 1) for _ in range(2))
    rows = {"y": label, "old": old, "new": new}
    _, found = measured(rows, "--label y --challenger-score new --champion-score old --metric roc_auc")
    assert found["metrics"]["roc_auc"]["challenger"] == pytest.approx(roc_auc_score(label, new), rel=1e-9)


def test_scores_that_were_named_and_cannot_be_used_are_not_passed_over(measured: Measured) -> None:
    label = draws().integers(0, 2, ROWS)
    half = [None, *[0.5] * (ROWS - 1)]
    code, found = measured(
        {"y": label, "old": 1 - label, "new": label, "a": half, "b": np.full(ROWS, 0.5)},
        f"{BOTH} --challenger-score a --champion-score b",
    )
    assert (code, found["outcome"]) == (2, "error")
    assert found["metrics"]["balanced_accuracy"]["verdict"] == "pass"
    assert "the challenger gave no probability in a for 1 labelled row" in found["metrics"]["roc_auc"]["sentence"]


def three_classes() -> Rows:
    """Return rows of three classes, with the answers and the probabilities of two models that are hardly ever wrong."""
    names = np.array(["a", "b", "cat"])
    label = draws().integers(0, 3, ROWS)
    sure = 0.05 + 0.85 * np.eye(3)[label]
    scores = {f"{who}_{name}": sure[:, at] for who in ("pn", "po") for at, name in enumerate(names)}
    return {"y": names[label], "new": names[label], "old": names[(label + (np.arange(ROWS) % 10 == 0)) % 3], **scores}


MISSING = "the challenger gave no probability in pn_a for 1 labelled row: answer them, or take them out of the data."
LACKING = (
    "the challenger gives no probability of cat (no column pn_cat): "
    "one column is needed for each class, which the star of a pattern stands for."
)
OUTSIDE = "the challenger's scores are no probabilities: some of pn_a are outside 0 to 1, so they can only rank."
NAMED = "--challenger-score pn_* --champion-score po_*"


@pytest.mark.parametrize(
    ("pn_a", "options", "why"),
    [
        (lambda score: np.r_[np.nan, score[1:]], f"{BOTH} {NAMED}", MISSING),
        (lambda score: np.r_[np.nan, score[1:]], f"{BOTH} {NAMED} --metric accuracy", MISSING),
        (lambda score: 2 * score, f"{BOTH} {NAMED}", OUTSIDE),
        (None, f"{BOTH} {NAMED}", LACKING),
        (None, f"--label y {NAMED}", LACKING),
        (None, f"{BOTH} --challenger-score pn_a,pn_b --champion-score po_*", LACKING),
        (
            lambda score: score,
            f"{BOTH} --challenger-score pn_*",
            "the champion gives no probabilities (it has no column of scores).",
        ),
    ],
)
def test_scores_of_classes_that_cannot_be_used_are_an_error_and_the_rest_is_told(
    measured: Measured, pn_a: Callable[[Any], Any] | None, options: str, why: str
) -> None:
    rows = three_classes()
    if pn_a is None:
        del rows["pn_cat"]
    else:
        rows["pn_a"] = pn_a(rows["pn_a"])
    code, found = measured(rows, options)
    assert (code, found["outcome"], found["unusable_scores"]) == (2, "error", [why])
    assert found["metrics"]["accuracy"]["challenger"] is not None


def test_scores_that_can_be_used_are_no_error(measured: Measured) -> None:
    code, found = measured(three_classes(), f"{BOTH} {NAMED}")
    assert (code, found["outcome"], found["unusable_scores"]) == (0, "pass", [])


def test_scores_that_can_only_rank_are_enough_where_nothing_else_is_asked(measured: Measured) -> None:
    rows = three_classes()
    rows["pn_a"] = 2 * rows["pn_a"]
    _, found = measured(rows, f"{BOTH} {NAMED} --metric roc_auc_ovr")
    assert (found["unusable_scores"], found["metrics"]["roc_auc_ovr"]["challenger"]) == ([], 1.0)


@pytest.mark.parametrize("task", ["multilabel-classification", "regression"])
def test_a_task_without_probabilities_does_not_pass_scores_over(measured: Measured, task: str) -> None:
    draw = draws()
    answers = [["a"], ["b"]] * (ROWS // 2) if task.startswith("multilabel") else draw.normal(size=ROWS)
    rows = {"y": answers, "old": answers, "new": answers, "p": draw.random(ROWS)}
    code, found = measured(rows, f"{BOTH} --task {task} --challenger-score p")
    assert (code, found["unusable_scores"]) == (2, [f"{task} knows no probabilities, such as the challenger's (p)."])


def test_why_scores_cannot_be_used_stands_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = three_classes()
    rows["pn_a"] = np.r_[np.nan, rows["pn_a"][1:]]
    parquet.write_table(pa.table(rows), tmp_path / "rows.parquet")
    main(["measure", "compare", str(tmp_path / "rows.parquet"), *f"{BOTH} {NAMED}".split()])
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith(("##", "- "))]
    assert told[:2] == ["## 🛑 error: new against old", f"- 🛑 error: scores were named that cannot be used: {MISSING}"]


def test_a_rate_of_one_class_is_judged_the_way_it_is_better(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    half = 300
    label = ["cat", "dog", "fox"] * (2 * half // 3)
    answer = [*label[:half], *["cat"] * half]
    rows = {"y": label, "new": answer, "g": ["a"] * half + ["b"] * half}
    parquet.write_table(pa.table(rows), tmp_path / "rows.parquet")
    line = "--label y --prediction new --by g --metric false_positive_rate:cat --json"
    code = main(["measure", "fairness", str(tmp_path / "rows.parquet"), *line.split()])
    found = json.loads(capsys.readouterr().out)["groups"]["g"]["b"]["false_positive_rate:cat"]
    assert (code, found["challenger"], found["verdict"]) == (1, 1.0, "fail")
