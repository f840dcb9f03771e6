"""Does a comparison of files show answers, slices, worst items and pictures to whoever wants them, and stay short?"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from sklearn.metrics import confusion_matrix, roc_curve

from bot.terminal.main import main
from gates.wording import signed

Rows = dict[str, Any]
Run = Callable[[Rows, str], tuple[int, str]]
BOTH = "--label y --champion old --challenger new"
ROWS = 1_200
MANY = list(range(1_000))
NASTY = ["\N{RIGHT-TO-LEFT OVERRIDE}<b>", "[x](y)"]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Compare columns; return how it ended and what was printed."""
    monkeypatch.chdir(tmp_path)

    def build(columns: Rows, options: str) -> tuple[int, str]:
        parquet.write_table(pa.table(columns), "rows.parquet")
        code = main(["measure", "compare", "rows.parquet", *options.split()])
        return code, capsys.readouterr().out

    return build


def judged(seed: int = 3) -> Rows:
    """Rows of two classes, with scores, whose challenger errs where the colour is red."""
    random = np.random.default_rng(seed)
    label = random.integers(0, 2, ROWS)
    colour = random.choice(["red", "green", "blue"], ROWS)
    score = np.clip(0.25 + 0.5 * label + random.normal(0, 0.15, ROWS), 0, 1)
    worse = np.where((colour == "red") & (random.random(ROWS) < 0.4), 1 - score, score)
    return {
        "y": label, "new": (worse > 0.5).astype(int), "old": (score > 0.5).astype(int), "p_new": worse, "p_old": score,
        "colour": colour, "who": [f"person {place}" for place in range(ROWS)],
    }  # fmt: skip


def test_confusion_is_shown_and_detail_is_left_for_who_asks(run: Run) -> None:
    rows = judged()
    _, out = run(rows, f"{BOTH} --id who")
    (zeros, _), (_, ones) = confusion_matrix(rows["y"], rows["new"])
    (old_zeros, _), (_, old_ones) = confusion_matrix(rows["y"], rows["old"])
    assert f"| {zeros} ({old_zeros}) |" in out.replace("  ", " ").replace("  ", " ")
    assert f"{ones} ({old_ones})" in out
    assert "person" not in out
    assert "With `--detail`: ranking, calibration and where it is worst, by columns." in out
    for section in ("#### Ranking", "#### Calibration", "### Slices"):
        assert section not in out


def test_detail_shows_ranking_calibration_and_where_it_is_worst(run: Run) -> None:
    _, out = run(judged(), f"{BOTH} --champion-score p_old --challenger-score p_new --id who --detail")
    for section in ("#### Ranking", "#### Calibration", "### Slices", "Where the challenger loses most"):
        assert section in out
    assert "| colour = red " in out
    assert "person" not in out
    assert "who = " not in out


def test_ranking_tells_what_lies_on_scikit_learn_s_curve(run: Run) -> None:
    rows = judged()
    _, out = run(rows, f"{BOTH} --champion-score p_old --challenger-score p_new --detail")
    told = " ".join(out.split())
    for at in (0.01, 0.05, 0.1, 0.2):
        both = [roc_curve(rows["y"], rows[score], drop_intermediate=False) for score in ("p_new", "p_old")]
        new, old = (right[wrong <= at].max() for wrong, right, _ in both)
        assert f"at a false positive rate of {at:.0%} | {new:.1%} | {old:.1%} |".replace("%", " %") in told


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_one_score_that_is_no_number_is_an_error_and_the_rest_is_told(run: Run, bad: float) -> None:
    rows = judged()
    rows["p_new"] = np.r_[bad, rows["p_new"][1:]]
    code, out = run(rows, f"{BOTH} --champion-score p_old --challenger-score p_new")
    assert code == 2
    assert out.startswith("## 🛑 error")
    assert "roc_auc could not be measured: the challenger gave no probability in p_new for 1 labelled row" in out
    assert "| balanced_accuracy (decides) " in out


def test_a_program_reads_the_same(run: Run) -> None:
    _, out = run(judged(), f"{BOTH} --champion-score p_old --challenger-score p_new --detail --json")
    document = json.loads(out)
    answers, slices = document["answers"], document["slices"]
    assert sum(cell["rows"] for cell in answers["confusion"]["cells"]) == ROWS
    assert {one["kind"] for one in answers["curves"]} == {"roc", "precision_recall"}
    assert slices["worst"][0]["where"][0]["among"] == ["red"]
    assert "worst_items" not in document


def test_regressions_show_errors_by_decile(run: Run) -> None:
    random = np.random.default_rng(1)
    label = random.lognormal(size=ROWS)
    rows = {"y": label, "new": label + random.normal(0, 0.1, ROWS), "old": label * 1.1}
    _, out = run(rows, f"{BOTH} --task regression")
    assert "#### Errors by decile of the label" in out
    for who, said in (("challenger", rows["new"]), ("champion", rows["old"])):
        low, high = np.percentile(said - label, [5, 95])
        assert f"Nine in ten of the {who}'s errors lie between {signed(low)} and {signed(high)}." in out


def test_items_show_what_changes_and_the_worst_by_id_only_where_ids_are_named(run: Run) -> None:
    random = np.random.default_rng(2)
    old = random.random(200)
    new = old + random.normal(0.01, 0.05, 200)
    new[17], new[4] = old[17] - 0.9, old[4] - 0.8
    rows = {"new": new, "old": old, "image": [f"{place}.png" for place in range(200)]}
    scores = "--champion-score old --challenger-score new --task item"
    _, without = run(rows, scores)
    assert "items, " in without
    assert "Items that lost most" not in without
    _, out = run(rows, f"{scores} --id image")
    worst = out[out.index("### Items that lost most") :]
    assert worst.index("17.png") < worst.index("4.png")
    assert worst.count(".png") == 10
    _, document = run(rows, f"{scores} --id image --json")
    assert [one["id"] for one in json.loads(document)["worst_items"]][:2] == ["17.png", "4.png"]


def test_pictures_are_written_where_asked(run: Run, tmp_path: Path) -> None:
    _, out = run(judged(), f"{BOTH} --champion-score p_old --challenger-score p_new --detail --pictures seen/here")
    names = [
        "metrics",
        "confusion-challenger",
        "confusion-champion",
        "roc",
        "precision-recall",
        "calibration",
        "slices",
    ]
    assert f"7 pictures in `seen/here`, as SVG and PNG: {', '.join(names)}." in out
    folder = tmp_path / "seen" / "here"
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"{name}.{kind}" for name in names for kind in ("svg", "png")
    )
    (tmp_path / "taken").write_text("a file")
    code, _ = run(judged(), f"{BOTH} --pictures taken")
    assert code == 2


@pytest.mark.parametrize(
    ("columns", "options"),
    [
        ({"y": [1] * 40, "new": [1] * 40, "old": [1] * 39 + [0]}, f"{BOTH} --task binary --positive 1"),
        ({"y": [0], "new": [0], "old": [1]}, f"{BOTH} --task binary"),
        ({"y": [2.5], "new": [2.0], "old": [3.0]}, f"{BOTH} --task regression"),
        ({"y": MANY * 2, "new": MANY * 2, "old": list(range(2_000))}, f"{BOTH} --task multiclass"),
        ({"y": NASTY * 30, "new": [NASTY[1]] * 60, "old": ["漢" * 300, NASTY[1]] * 30}, BOTH),
        ({"new": [0.5], "old": [0.5]}, "--champion-score old --challenger-score new --task item"),
    ],
    ids=["one class", "one row", "one number", "a thousand classes", "names that act", "one item"],
)  # fmt: skip
def test_little_or_strange_rows_have_a_page_and_pictures_all_the_same(columns: Rows, options: str, run: Run) -> None:
    code, out = run(columns, f"{options} --detail --pictures seen")
    assert code in {0, 1, 2, 3}
    assert "Traceback" not in out
    if code != 2:
        assert "`seen`" in out or "There is nothing to draw." in out
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in out
