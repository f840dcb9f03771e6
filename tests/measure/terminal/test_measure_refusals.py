"""Is every way to ask for nonsense answered with one sentence that says what to type instead?"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from bot.terminal.main import main
from tests.measure.terminal.scored_rows import scored

BOTH = "--label y --champion old --challenger new"
MODEL = "measure fairness s.parquet --label y --prediction new"
Typed = Callable[[str], str]


@pytest.fixture
def refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Type a line where `s.parquet` lies; return what is said, if it was refused as bad input."""
    monkeypatch.chdir(tmp_path)
    table = parquet.read_table(scored(tmp_path / "s.parquet", 200))
    rows = table.num_rows
    more: dict[str, Any] = {
        "listed": [["a"]] * rows,
        "many": [f"id {place}" for place in range(rows)],
        "half": [None if place % 2 else 0.5 for place in range(rows)],
        "logit": [place - 3.5 for place in range(rows)],
    }
    for name, values in more.items():
        table = table.append_column(name, pa.array(values))
    parquet.write_table(table, tmp_path / "s.parquet")

    def typed(line: str) -> str:
        code = main(line.split())
        printed = capsys.readouterr()
        assert (code, printed.out) == (2, "")
        return printed.err

    return typed


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--label y", "needs --challenger COLUMN, --challenger-score COLUMN, or both."),
        ("--label y --champion new --challenger new", "Champion and challenger are the same column (new), so they"),
        ("--label y --challenger y", "The label y cannot be the answer of the model, too: name the column"),
        ("--label y --challenger new --champion y", "The label y cannot be the answer of the champion, too"),
        ("--challenger new --challenger-score new_score", "A label is missing that the scores new_score are of: name"),
        (
            "--challenger-score new_score --champion-score old_score",
            "that the scores new_score, old_score are of: name",
        ),
        ("--challenger new --challenger-score new_score --task item", "A label is missing that the scores new_score"),
        (
            f"{BOTH} --challenger-score new_score --task item",
            "The label y and several columns of a model are named, but",
        ),
        ("--challenger-score *_score --task binary", "A label is missing that the scores old_score, new_score are of"),
        (f"{BOTH} --by y", "--by y is the label: name a column that says which group"),
        (f"{BOTH} --by old", "--by old is the answer of the champion: name"),
        (f"{BOTH} --by listed", "Column 'listed' of s.parquet is of type VARCHAR[]"),
        (f"{BOTH} --by ,", "--by needs the name of a column."),
        (f"{BOTH} --cluster listed", "Column 'listed' of s.parquet is of type VARCHAR[]"),
        (f"{BOTH} --season 0", "--season needs a whole number from 1 on"),
        (f"{BOTH} --seed 99999999999999999999", "--seed needs a whole number"),
        (f"{BOTH} --metric rocauc", "There is no metric 'rocauc'; did you mean roc_auc or recall?"),
        (
            f"{BOTH} --metric roc_auc",
            "gives no probabilities (it has no column of scores). Name the columns that hold them",
        ),
        (f"{BOTH} --metric r2", "r2 is no metric of binary-classification; there are accuracy, "),
        (f"{BOTH} --challenger-score p_*", "s.parquet has no column that looks like p_*; it has id, y, "),
        (
            f"{BOTH} --challenger-score half --champion-score half --metric log_loss",
            "gave no probability in half for 100 labelled",
        ),
        (
            f"{BOTH} --challenger-score logit --champion-score logit --metric log_loss",
            "some of logit are outside 0 to 1",
        ),
        ("--label age --champion new --challenger old --metric mean_error", "mean_error cannot decide, for neither"),
    ],
)
def test_a_comparison_that_can_tell_nothing_is_refused(refused: Typed, options: str, told: str) -> None:
    assert told in refused(f"measure compare s.parquet {options}")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("measure fairness s.parquet --label y --by sex", "needs --prediction COLUMN, --score COLUMN, or both."),
        (f"{MODEL} --by y", "--by y is the label: name a column"),
        (f"{MODEL} --by new", "--by new is the answer of the model: name a column"),
        (f"{MODEL} --by sex --metric foo", "--metric foo: There is no metric 'foo'; there are selection_rate, "),
        (
            f"{MODEL} --by sex --metric roc_auc",
            "the model gives no probabilities (it has no column of scores). Name the column",
        ),
        (f"{MODEL} --by sex --limit much", "--limit needs a number"),
        (
            "measure fairness s.parquet --label y --prediction half --by sex",
            "The model gave no answer for 100 labelled",
        ),
        (
            f"{MODEL} --by sex --score half",
            "Scores were named that cannot be used: the model gave no probability in half for 100 labelled",
        ),
    ],
)
def test_groups_that_cannot_be_compared_are_refused(refused: Typed, line: str, told: str) -> None:
    assert told in refused(line)


def test_a_full_disk_is_neither_a_pass_nor_a_proven_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.terminal.out.Out.reply", full)
    scored(tmp_path / "s.parquet", 200)
    assert main(["measure", "compare", str(tmp_path / "s.parquet"), *BOTH.split()]) == 4
    assert capfd.readouterr().err == "The report cannot be written: No space left on device.\n"
