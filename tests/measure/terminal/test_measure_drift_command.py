"""Can everything that drift tells be asked for in a terminal, and read by a program?"""

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from bot.terminal.main import main

Run = Callable[[str], tuple[int, str, str]]
ROLES = "--columns s --label y --prediction p --score s --by race"
AGED = f"{ROLES} --time at --matured-after 30d --now 2026-03-16"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line where two sides lie: of the current one only white people's labels arrived."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "before.parquet", seed=1, month=1, hidden=False)
    write(tmp_path / "now.parquet", seed=2, month=2, hidden=True)

    def run(line: str) -> tuple[int, str, str]:
        code = main(shlex.split(f"measure drift --reference before.parquet --current now.parquet {line}"))
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def write(path: Path, *, seed: int, month: int, hidden: bool, rows: int = 1_000) -> None:
    draw = np.random.default_rng(seed)
    score = draw.random(rows)
    race = draw.choice(["black", "white"], rows)
    label = (draw.random(rows) < score).astype(int).tolist()
    seen = [one if not hidden or group == "white" else None for one, group in zip(label, race, strict=True)]
    at = np.datetime64(f"2026-{month:02}-01") + draw.integers(0, 28, rows).astype("timedelta64[D]")
    columns = {"s": score, "p": (score > 0.5).astype(int), "race": race, "at": at}
    parquet.write_table(pa.table({**columns, "y": pa.array(seen, pa.int64())}), path)


def without_lists_of_names(found: object) -> bool:
    """Has every number a path of names?"""
    if isinstance(found, dict):
        return all(without_lists_of_names(one) for key, one in found.items() if key not in {"bins", "telling"})
    return not (isinstance(found, list) and any(isinstance(one, dict | list) for one in found))


def test_only_labels_old_enough_count_and_coverage_is_told_by_group(run: Run) -> None:
    code, out, _ = run(AGED)
    assert code in {0, 3}
    assert "are not mature and do not count" in out
    assert "Labels are selective: 0 % where race is black, 100 % where race is white" in out
    assert "| race black |" in out
    assert "estimated without their labels (CBPE)" in out
    assert "no concept drift" in out


def test_the_json_names_every_number(run: Run) -> None:
    _, out, _ = run(f"{AGED} --limit 0.2 --margin 0.5 --json")
    found = json.loads(out, parse_constant=pytest.fail)
    performance = found["drift"]["performance"]
    assert performance["labels"]["by_group"]["race"]["black"]["labelled"] == 0
    assert performance["labels"]["early"] > 0
    assert (performance["metrics"]["accuracy"]["limit"], found["columns"]["s"]["limit"]) == (0.5, 0.2)
    assert 0 < found["drift"]["label_free"]["metrics"]["roc_auc"]["current"] < 1
    assert without_lists_of_names(found)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f"{ROLES} --matured-after 30d", "--matured-after needs --time too"),
        (f"{ROLES} --time at --matured-after soon", "needs a span of time, such as 30d"),
        (f"{ROLES} --time at --matured-after 30d --now soon", "is no time as ISO 8601 writes it"),
        (f"{ROLES} --time race --matured-after 30d", "must be a date or a timestamp"),
        ("--by race", "--by needs --label too"),
        ("--ignore racee", "Neither side has a column racee. Did you mean race?"),
        ("--limit 2", "--limit needs a number from 0 to 1"),
    ],
)
def test_a_mistake_is_one_sentence(run: Run, line: str, told: str) -> None:
    code, out, err = run(line)
    assert (code, out) == (2, "")
    assert told in err
    assert len(err.strip().splitlines()) == 1
