"""Is a row or a model that cannot be explained refused in one sentence, before any environment is built?"""

import shlex
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from bot.terminal.main import main

MODEL = """
signature:
  inputs: '[{"type": "double", "name": "a", "required": true}]'
"""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("rows.parquet --model model --row 3", "There is no row 3: the data have 3, counted from 0."),
        ("rows.parquet --model model/MLmodel --row 3", "There is no row 3"),
        ("rows.parquet --model model --row -1", "--row needs a whole number"),
        ("rows.parquet --model model --row 0 --columns b", "has no column 'b'"),
        ("rows.parquet --model nowhere --row 0", "There is no model in nowhere"),
        ("rows.parquet --model model --row 0 --task forecasting", "is not explained"),
        ("rows.parquet --model model --row 0 --task multiclass", "Which class is to be explained?"),
        ("'*.parquet' --model model --row 0", "explain takes one Parquet or CSV file"),
    ],
)
def test_what_cannot_be_explained_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    parquet.write_table(pa.table({"a": [1.0, 2.0, 3.0]}), tmp_path / "rows.parquet")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "MLmodel").write_text(MODEL)
    assert main(shlex.split(f"measure explain {line}")) == 2
    printed = capsys.readouterr()
    assert told in printed.err
    assert (printed.out, len(printed.err.strip().splitlines())) == ("", 1)
    assert not (tmp_path / "cache").exists()
