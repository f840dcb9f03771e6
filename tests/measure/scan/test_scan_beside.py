"""Are the rows of several files joined one to one, and refused where they cannot belong together?"""
# ruff: noqa: S608 - the SQL is made of names of these tests

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from gates.measure.scan.engine import Engine, opened
from gates.measure.scan.source import Beside, Csv, Files, Held, Part
from gates.refusal import UserError

ROWS = 300_000


def _part(said: str, path: Path, prefix: str = "") -> Part:
    return Part(said=said, prefix=prefix, source=Files(paths=(path,)))


def _written(path: Path, rows: int, **columns: object) -> Path:
    numbers = np.arange(rows)
    parquet.write_table(pa.table({"row": numbers, **columns}), path, row_group_size=7_919)
    return path


def test_rows_are_joined_in_the_order_of_their_files_on_any_number_of_threads(tmp_path: Path) -> None:
    data = [_written(tmp_path / f"data{place}.parquet", ROWS // 3) for place in range(3)]
    answers = tmp_path / "answers.parquet"
    parquet.write_table(pa.table({"row": np.tile(np.arange(ROWS // 3), 3)}), answers, row_group_size=50_000)
    for threads in (1, 2):
        with opened(threads=threads) as engine:
            parts = (
                Part(said="the data", prefix="", source=Files(paths=tuple(data))),
                _part("the challenger's answers", answers, "challenger."),
                _part("the champion's answers", answers, "champion."),
            )
            view = engine.view("joined", Beside(parts=parts))
            assert tuple(view.columns) == ("row", "challenger.row", "champion.row")
            same = '"row" = "challenger.row" AND "row" = "champion.row"'
            counted = engine.reduce(f"SELECT count(*) AS n, count(*) FILTER (WHERE {same}) AS same FROM {view.name}")
            assert counted.to_pylist() == [{"n": ROWS, "same": ROWS}]


def test_files_of_other_lengths_are_refused(tmp_path: Path, engine: Engine) -> None:
    long, short = _written(tmp_path / "a.parquet", 1_200), _written(tmp_path / "b.parquet", 1)
    with pytest.raises(UserError, match=r"^the data has 1,200 rows and the champion's answers has 1 row: give files"):
        engine.view("v", Beside(parts=(_part("the data", long), _part("the champion's answers", short, "champion."))))


def test_names_that_would_be_one_are_refused(tmp_path: Path, engine: Engine) -> None:
    path = _written(tmp_path / "a.parquet", 2)
    with pytest.raises(UserError, match="the answers has a column 'row' whose name is taken"):
        engine.view("v", Beside(parts=(_part("the data", path), _part("the answers", path))))


def test_csv_files_and_frames_are_joined_too(tmp_path: Path, engine: Engine) -> None:
    (tmp_path / "a.csv").write_text("label\nyes\nno\n")
    parts = (
        Part(said="the data", prefix="", source=Csv(paths=(tmp_path / "a.csv",))),
        Part(said="the answers", prefix="its.", source=Held(name="answers", rows=pa.table({"label": ["no", "no"]}))),
    )
    view = engine.view("v", Beside(parts=parts))
    assert view.said == "a.csv"
    assert engine.reduce(f"SELECT * FROM {view.name}").to_pylist() == [
        {"label": "no", "its.label": "no"},
        {"label": "yes", "its.label": "no"},
    ]
