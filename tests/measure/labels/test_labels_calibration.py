"""Does the simulation run, say what it saw, and see what it should?"""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.calibrate import page
from tools.calibration import labels
from tools.calibration.study import Study

ROOT = Path(__file__).parents[3]


def study(**counts: int | None) -> Study:
    return Study(**{"name": "f1", "setting": "two classes", "n": 200, "trials": 100, **counts})  # type: ignore[arg-type]  # counts are fields


def test_shares_are_of_the_trials_with_an_interval() -> None:
    some = study(inconclusive=20, covered=76, false_pass=4)
    assert (some.told, some.share(some.covered), some.share(some.false_pass)) == (80, 0.95, 0.05)
    assert some.error(some.covered) == pytest.approx(0.0268, abs=0.001)
    assert some.share(some.false_alarm) is None
    none = study(inconclusive=100, covered=0)
    assert (none.share(none.covered), none.error(none.covered)) == (None, None)


def test_a_page_has_a_table_for_each_setting() -> None:
    text = page({"labels": [study(covered=95, positives=10), study(inconclusive=100, false_alarm=0)]})
    assert "## Labels\n\nTwo classes:\n\n| measured | n | rarer |" in text
    assert "| f1 | 200 | 10 | 100 | 95.0% ± 2.4% |  |  |  |\n" in text
    assert "| f1 | 200 |  | 100 |  |  |  | 100.0% |\n" in text


def test_intervals_cover_and_seldom_mislead() -> None:
    """A glance at the whole simulation: these bounds are ten standard errors wide."""
    (truth, *_) = [truth for truth in labels.binary(quick=True) if not truth.equal]
    for found in labels.simulated(truth, 500, ("f1",), 40):
        assert found.covered is not None
        assert found.covered >= 32
        assert found.false_pass is not None
        assert found.false_pass <= 10
    for found in labels.clustered(5, sizes=(60,)):
        assert found.covered is not None
        assert found.covered >= 2


@pytest.mark.full
def test_every_family_can_be_glanced_at(tmp_path: Path) -> None:
    into = tmp_path / "calibration.md"
    command = [sys.executable, "tools/calibrate.py", "--quick", "--into", str(into)]
    subprocess.run(command, check=True, cwd=ROOT, env={"PYTHONPATH": "."})
    assert into.read_text(encoding="utf-8").count("| f1 |") > 4
