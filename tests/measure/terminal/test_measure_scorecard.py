"""Does `measure fairness --scorecard` write the page of what it measured, and say where it is?"""

import json
from pathlib import Path

import pytest

from tests.measure.terminal.scored_rows import scored
from tests.measure.terminal.test_measure_command import Run, run
from tests.seen import seen

__all__ = ["run"]
LINE = "measure fairness s.parquet --label y --prediction new --score new_score --by race,sex"


def test_the_page_tells_what_the_report_decided(run: Run, tmp_path: Path) -> None:
    scored(tmp_path / "s.parquet", 3_000)
    plain = run(LINE)
    code, out, err = run(f"{LINE} --scorecard card.html")
    assert (code, err) == (plain[0], "")
    assert out == f"{plain[1]}The scorecard is in {tmp_path / 'card.html'}.\n"
    told = seen((tmp_path / "card.html").read_text("utf-8")).text
    assert "4 fairness gates: " in told
    assert "The rest is in what --json prints." in told
    assert "Not measured: there is no champion to compare with." in told
    assert "Not measured: it takes the model itself, and files hold answers only." in told
    assert "Calibration of each group Where scores are calibrated" in told
    assert "Over all 3,000 rows, the error rate is" in told


def test_the_same_rows_give_the_same_page(run: Run, tmp_path: Path) -> None:
    scored(tmp_path / "s.parquet", 500)
    pages = []
    for _ in range(2):
        code, out, _ = run(f"{LINE} --scorecard card.html --json")
        document = json.loads(out)
        assert document["scorecard"] == str(tmp_path / "card.html")
        assert {one["metric"] for one in document["treatment"]["numbers"]} > {"false_negative_rate", "precision"}
        assert document["slices"]["whole"]["rows"] == 500
        pages.append((code, (tmp_path / "card.html").read_bytes()))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("path", ["nowhere/card.html", "."])
def test_a_place_that_cannot_be_written_is_said_before_anything_is_measured(run: Run, path: str) -> None:
    code, out, err = run(f"measure fairness missing.parquet --label y --score p --by race --scorecard {path}")
    assert (code, out) == (2, "")
    assert err.endswith("cannot be written: name a file in a folder that exists.\n")


def test_a_regression_is_told_in_errors(run: Run, tmp_path: Path) -> None:
    scored(tmp_path / "s.parquet", 400)
    run("measure fairness s.parquet --label age --prediction old_score --by sex --task regression --scorecard c.html")
    told = seen((tmp_path / "c.html").read_text("utf-8")).text
    assert "mean error (bias)" in told
    assert (
        "Not measured: calibration is of probabilities, and regression has none; the mean errors stand above." in told
    )
