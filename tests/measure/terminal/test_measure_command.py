"""Does `mlops measure` tell the truth from files alone, and end as a shell expects?"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa
import pytest
from pyarrow import parquet

from bot.terminal.main import main
from bot.terminal.measuring import compare as measured_compare
from bot.terminal.measuring import inputs as measured_inputs
from gates.measure.scan.failures import TooLittleMemoryError
from tests.measure.terminal.scored_rows import scored

Run = Callable[[str], tuple[int, str, str]]
BOTH = "--label y --champion old --challenger new"
SCORES = "--champion-score old_score --challenger-score new_score"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a line in an empty folder: no settings, no workspace; return the exit code and what was printed."""
    monkeypatch.chdir(tmp_path)

    def typed(line: str) -> tuple[int, str, str]:
        code = main(line.split())
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return typed


def document(run: Run, line: str) -> tuple[int, dict[str, Any]]:
    code, out, _ = run(f"{line} --json")
    return code, json.loads(out)


def test_an_equal_challenger_passes(run: Run, tmp_path: Path) -> None:
    scored(tmp_path / "s.parquet", 20_000)
    code, out, err = run(f"measure compare s.parquet {BOTH} {SCORES} --margin 0.02")
    assert (code, err) == (0, "")
    assert out.startswith("## ✅ pass: new against old\n")
    assert "| roc_auc (decides) " in out


def test_a_worse_one_fails_and_too_few_rows_are_no_answer(run: Run, tmp_path: Path) -> None:
    scored(tmp_path / "worse.parquet", 3_000, worse=2.0)
    scored(tmp_path / "few.parquet", 150)
    failed, worse = document(run, f"measure compare worse.parquet {BOTH} --metric accuracy --margin 0.01")
    undecided, few = document(run, f"measure compare few.parquet {BOTH} --metric accuracy --margin 0.001")
    assert (failed, worse["outcome"]) == (1, "fail")
    assert (undecided, few["outcome"]) == (3, "inconclusive")


def test_the_document_names_every_number(run: Run, tmp_path: Path) -> None:
    rows = parquet.read_table(scored(tmp_path / "s.parquet")).to_pydict()
    _, found = document(run, f"measure compare s.parquet {BOTH} --by race,sex --metric accuracy")
    metric, hits = found["metrics"]["accuracy"], [a == b for a, b in zip(rows["y"], rows["new"], strict=True)]
    assert metric["challenger"] == pytest.approx(sum(hits) / len(hits), rel=1e-9)
    assert metric["difference"] == pytest.approx(metric["challenger"] - metric["champion"], rel=1e-9)
    assert metric["interval"][0] <= metric["difference"] <= metric["interval"][1]
    assert metric["verdict"] in {"pass", "fail", "inconclusive"}
    one = found["groups"]["race,sex"]["b,female"]["accuracy"]
    members = [
        hit for hit, race, sex in zip(hits, rows["race"], rows["sex"], strict=True) if (race, sex) == ("b", "female")
    ]
    assert one["challenger"] == pytest.approx(sum(members) / len(members), rel=1e-9)
    assert one["interval"][0] <= one["challenger"] <= one["interval"][1]


def test_a_loss_s_difference_stands_as_it_is(run: Run, tmp_path: Path) -> None:
    scored(tmp_path / "s.parquet", worse=2.0)
    _, found = document(run, f"measure compare s.parquet {BOTH} {SCORES} --metric log_loss")
    metric = found["metrics"]["log_loss"]
    assert metric["lower_is_better"]
    assert metric["difference"] == pytest.approx(metric["challenger"] - metric["champion"], rel=1e-9)
    assert metric["difference"] > 0
    assert metric["interval"][0] <= metric["difference"] <= metric["interval"][1]


def test_differences_in_the_text_are_signed_so_that_above_zero_is_better(run: Run, tmp_path: Path) -> None:
    scored(tmp_path / "worse.parquet", 3_000, worse=2.0)
    _, out, _ = run(f"measure compare worse.parquet {BOTH} {SCORES} --metric log_loss,roc_auc")
    assert "A difference is signed so that above zero is better; *power*" in out
    for metric in ("log_loss (decides)", "roc_auc (decides)"):
        cells = next(line for line in out.splitlines() if line.startswith(f"| {metric} ")).split("|")
        assert cells[5].strip().startswith("-")


def test_no_group_s_name_mentions_anybody_or_is_an_address_in_a_pull_request(run: Run, tmp_path: Path) -> None:
    rows = parquet.read_table(scored(tmp_path / "s.parquet", 400))
    names = ["@everyone", "http://evil.example/x.png"]
    named = pa.array([names[place % 2] for place in range(rows.num_rows)])
    parquet.write_table(rows.append_column("g", named), tmp_path / "n.parquet")
    for line in (
        f"measure compare n.parquet {BOTH} --by g",
        "measure fairness n.parquet --label y --prediction new --by g",
    ):
        out = run(line)[1]
        assert "@\N{WORD JOINER}everyone" in out
        assert "http:\N{WORD JOINER}//evil" in out
        assert "@everyone" not in out
        assert "http://" not in out


def test_a_small_group_neither_passes_nor_fails_by_luck(run: Run, tmp_path: Path) -> None:
    scored(tmp_path / "s.parquet")
    code, found = document(run, f"measure compare s.parquet {BOTH} --by race --metric accuracy --margin 0.05")
    assert (code, found["groups"]["race"]["c"]["accuracy"]["verdict"]) == (3, "inconclusive")


def test_without_a_champion_a_trivial_model_is_to_be_beaten(run: Run, tmp_path: Path) -> None:
    scored(tmp_path / "s.parquet")
    code, out, _ = run("measure compare s.parquet --label y --challenger new --metric accuracy")
    assert code == 0
    assert "better, and that is proven at 5 %" in out
    assert "| trivial model |" in out


def test_groups_are_held_against_the_largest(run: Run, tmp_path: Path) -> None:
    scored(tmp_path / "s.parquet", 6_000)
    code, found = document(
        run, "measure fairness s.parquet --label y --prediction new --by sex --limit 0.2 --metric true_positive_rate"
    )
    assert (code, found["outcome"]) == (0, "pass")
    sizes = {group: numbers["rows"] for group, numbers in found["groups"]["sex"].items()}
    assert sum(sizes.values()) == 6_000
    assert "equal_opportunity_difference" in found["criteria"]["sex"]


def test_drift_is_told_column_by_column(run: Run, tmp_path: Path) -> None:
    before = parquet.read_table(scored(tmp_path / "a.parquet", seed=1)).select(["age", "sex"])
    now = parquet.read_table(scored(tmp_path / "b.parquet", seed=2)).select(["age", "sex"])
    moved = now.set_column(0, "age", pa.compute.add(now.column("age"), 40))
    for name, table in {"before": before, "now": now, "moved": moved}.items():
        parquet.write_table(table, tmp_path / f"{name}.parquet")
    stable, _ = document(run, "measure drift --reference before.parquet --current now.parquet")
    drifted, found = document(run, "measure drift --reference before.parquet --current moved.parquet")
    assert (stable, drifted) == (0, 1)
    assert {name: column["drifted"] for name, column in found["columns"].items()} == {"age": True, "sex": False}
    assert found["columns"]["age"]["ks"] > 0.1


INPUTS = f"measure compare s.parquet {BOTH} {SCORES} --reference before.parquet --id id --by sex"


@pytest.mark.parametrize("broken", ["too many rows", "too little memory"])
def test_inputs_are_told_alike_at_once_and_one_after_the_other(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    scored(tmp_path / "s.parquet", 12_000, seed=1)
    scored(tmp_path / "before.parquet", 12_000, seed=2)
    at_once, text, _ = run(INPUTS)
    assert "before.parquet" in text
    if broken == "too many rows":
        monkeypatch.setattr(measured_compare, "AT_ONCE", 20_000)
        monkeypatch.setattr(measured_inputs, "meanwhile", _no_memory)  # which is not called, then
    else:
        monkeypatch.setattr(measured_inputs, "meanwhile", _no_memory)
    assert run(INPUTS)[:2] == (at_once, text)


def _no_memory(*_: object, **__: object) -> NoReturn:
    raise TooLittleMemoryError("rows needs more memory than there is.")


def test_quality_says_what_to_doubt(run: Run, tmp_path: Path) -> None:
    scored(tmp_path / "s.parquet")
    code, out, _ = run("measure quality s.parquet --label y --id id --reference s.parquet")
    assert code == 1
    assert "fail: " in out
    assert "id" in out


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("measure compare nowhere.parquet --label y --challenger new", "There is no file nowhere.parquet"),
        ("measure compare s.parqet --label y --challenger new", "did you mean s.parquet?"),
        ("measure compare s.parquet --label yy --challenger new", "yy"),
        (f"measure compare s.parquet {BOTH} --by rase", "rase"),
        (f"measure compare s.parquet {BOTH} --metric acuracy", "accuracy"),
        (f"measure compare s.parquet {BOTH} --margin -0.1", "--margin needs a number"),
        (f"measure compare s.parquet {BOTH} --task clasification", "There is no task"),
        ("measure compare empty.csv --label y --challenger new", "empty.csv"),
        ("measure compare broken.csv --label y --challenger new", "line 3"),
        ("measure compare cut.parquet --label y --challenger new", "cut.parquet"),
    ],
)
def test_bad_input_gets_one_sentence_and_ends_with_2(run: Run, tmp_path: Path, line: str, told: str) -> None:
    whole = scored(tmp_path / "s.parquet", 200).read_bytes()
    (tmp_path / "cut.parquet").write_bytes(whole[:-100])
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "broken.csv").write_text("y,new\n1,0\n1,0,5,6\n0,0\n")
    code, out, err = run(line)
    assert (code, out) == (2, "")
    assert told in err
    assert "Traceback" not in err


def test_the_same_rows_in_another_order_give_the_same_bytes(run: Run, tmp_path: Path) -> None:
    table = parquet.read_table(scored(tmp_path / "s.parquet"))
    line = f"measure compare s.parquet {BOTH} {SCORES} --by race,sex --json"
    before = run(line)
    parquet.write_table(table.take(list(reversed(range(table.num_rows)))), tmp_path / "s.parquet", row_group_size=500)
    assert run(line) == before


def test_nothing_is_left_behind(run: Run, tmp_path: Path) -> None:
    scored(tmp_path / "s.parquet", 300)
    run(f"measure compare s.parquet {BOTH}")
    assert os.listdir(tmp_path) == ["s.parquet"]  # noqa: PTH208 - names, as a person sees them
