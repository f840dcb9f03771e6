"""Does a report come of a feature with too many groups, and does it say so without passing?"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from sklearn.metrics import balanced_accuracy_score

from bot.terminal.main import main
from gates.measure.groups.naming import crowded

ROWS = 4_000
COMPARE = "measure compare {} --label y --champion old --challenger new"
FAIRNESS = "measure fairness {} --label y --prediction new"


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Return rows of a thousand towns, ninety streets and two sexes."""
    draw = np.random.default_rng(11)
    label = draw.integers(0, 2, ROWS)
    answers = {
        who: np.where(draw.random(ROWS) < right, label, 1 - label) for who, right in (("old", 0.6), ("new", 0.9))
    }
    features = {"town": np.arange(ROWS) % 1_000, "street": np.arange(ROWS) % 90, "sex": draw.choice(["f", "m"], ROWS)}
    path = tmp_path_factory.mktemp("crowd") / "rows.parquet"
    rows: dict[str, Any] = {"y": label, **answers, **features}
    parquet.write_table(pa.table(rows), path)
    return path, rows


def told(line: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    code = main([*line.split(), "--json"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, document


def test_a_comparison_measures_all_else_and_does_not_pass(
    crowd: tuple[Path, dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    path, rows = crowd
    code, found = told(f"{COMPARE.format(path)} --by town", capsys)
    one = found["metrics"]["balanced_accuracy"]
    assert one["challenger"] == pytest.approx(balanced_accuracy_score(rows["y"], rows["new"]))
    assert one["verdict"] == "pass"
    assert (code, found["outcome"]) == (2, "error")
    assert main(f"{COMPARE.format(path)} --by town".split()) == 2
    assert capsys.readouterr().out.count(f"- town: {crowded('town', 1_000)}") == 1


def test_fairness_of_too_many_groups_is_an_error_with_a_report(
    crowd: tuple[Path, dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = told(f"{FAIRNESS.format(crowd[0])} --by town", capsys)
    assert (code, found["outcome"], found["rows"]) == (2, "error", ROWS)
    assert crowded("town", 1_000) in json.dumps(found)


def test_a_scorecard_names_the_feature_and_says_once_why_it_has_no_groups(
    crowd: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    page = tmp_path / "card.html"
    assert main(f"{FAIRNESS.format(crowd[0])} --by town --scorecard {page}".split()) == 2
    told_of = page.read_text()
    assert "<dt>Sensitive features</dt><dd>town</dd>" in told_of
    assert "no sensitive feature" not in told_of
    assert "for the reason that stands above" in told_of


def test_groups_that_fare_alike_are_not_held_against_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "alike.parquet"
    rows = {"y": [1] * 200, "new": [1, 0] * 100, "sex": ["f"] * 100 + ["m"] * 100}
    parquet.write_table(pa.table(rows), path)
    assert main(f"{FAIRNESS.format(path)} --by sex --scorecard {tmp_path / 'card.html'}".split()) != 0
    assert "f over f" not in capsys.readouterr().out + (tmp_path / "card.html").read_text()


def test_an_intersection_that_is_too_large_is_missing_and_its_features_are_told(
    crowd: tuple[Path, dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, rows = crowd
    page = tmp_path / "card.html"
    code, found = told(f"{FAIRNESS.format(path)} --by street,sex --scorecard {page}", capsys)
    assert (code, found["outcome"]) == (2, "error")
    assert len(found["groups"]["street"]) == 90
    for sex in "fm":
        rate = found["groups"]["sex"][sex]["selection_rate"]["challenger"]
        assert rate == pytest.approx(rows["new"][rows["sex"] == sex].mean())
    assert f"street,sex: {crowded('street,sex', 180)}" in found["treatment"]["left_out"]
    assert "street,sex has 180 different values" in page.read_text()
