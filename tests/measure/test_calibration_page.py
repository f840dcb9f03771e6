"""Does the page of the simulations say what they saw, in every cell and over all of them?"""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.calibration.page import page, table
from tools.calibration.study import Study

ROOT = Path(__file__).parents[2]


def study(**counts: int | str | None) -> Study:
    return Study(**{"name": "f1", "setting": "two classes", "n": 200, "trials": 100, **counts})  # type: ignore[arg-type]  # counts are fields


def test_shares_are_of_the_trials_with_an_interval() -> None:
    some = study(inconclusive=20, covered=76, false_pass=4)
    assert (some.told, some.share(some.covered), some.share(some.false_pass)) == (80, 0.95, 0.05)
    assert some.error(some.covered) == pytest.approx(0.0268, abs=0.001)
    assert some.share(some.false_alarm) is None
    none = study(inconclusive=100, covered=0)
    assert (none.share(none.covered), none.error(none.covered)) == (None, None)


def test_a_row_holds_the_mean_of_its_settings_and_the_worst_of_them() -> None:
    text = page(
        {
            "labels": [
                study(trials=300, covered=288, false_pass=9),
                study(trials=100, covered=93, false_alarm=4),
                study(trials=100, inconclusive=100, covered=0, false_pass=0),
            ]
        }
    )
    assert "## Labels\n\n| measured | n | cells |" in text
    assert "| f1 | 200 | 3 | 500 | 95.2% (93.0%) | 3.0% | 4.0% | 20% |\n" in text


def test_a_cell_that_does_not_hold_is_named_and_one_that_noise_explains_is_not() -> None:
    bad = study(setting="skewed", trials=1000, covered=900, positives=10)
    noisy = study(setting="even", trials=100, covered=92)
    text = page({"labels": [bad, noisy]})
    assert "| labels | 2 | 1,100 | 1 | 0 | 0 |" in text
    assert "| f1, skewed | 200 | 10 | 1,000 | 90.0% ± 1.0% |  |  |  |" in text
    assert "f1, even" not in text
    assert "does not hold" not in page({"labels": [noisy]})


def test_every_cell_is_a_line_of_the_table() -> None:
    lines = table({"labels": [study(covered=95, false_pass=5, positives=10), study()]}).splitlines()
    assert lines[0].startswith("family,measured,setting,n,rarer,trials,inconclusive,coverage,")
    assert lines[1] == "labels,f1,two classes,200,10,100,0,0.9500,0.0235,0.0500,0.0235,,"
    assert lines[2] == "labels,f1,two classes,200,,100,0,,,,,,"


@pytest.mark.full
def test_every_family_can_be_glanced_at(tmp_path: Path) -> None:
    into = tmp_path / "calibration.md"
    command = [sys.executable, "tools/calibrate.py", "--quick", "--into", str(into)]
    subprocess.run(command, check=True, cwd=ROOT, env={"PYTHONPATH": "."})
    assert into.read_text(encoding="utf-8").count("| f1 |") > 1
    assert into.with_suffix(".csv").read_text(encoding="utf-8").count("\n") > 500
