"""Are the same rows read, wherever they lie?"""
# ruff: noqa: S608 - the SQL is made of names of these tests

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from deltalake import write_deltalake
from pyarrow import parquet

from gates.measure.scan.engine import Engine, Kind
from gates.measure.scan.source import Csv, Database, Delta, Files, Held, Source

COLUMNS = ("id", "amount", "race")
ROWS = [(1, 10.5, "white"), (2, None, "black"), (3, 30.25, None), (4, -0.5, "it's \N{SNOWMAN}")]
TABLE = pa.table({name: [row[place] for row in ROWS] for place, name in enumerate(COLUMNS)})


def _one_file(folder: Path) -> Source:
    parquet.write_table(TABLE, folder / "it's [1]*.parquet")
    return Files(paths=(folder / "it's [1]*.parquet",))


def _files_of_other_types(folder: Path) -> Source:
    """The first has no fractions and no race, the second has its columns in another order."""
    first = pa.table({"id": pa.array([4], pa.int8()), "amount": [-0.5], "race": ["it's \N{SNOWMAN}"]})
    parquet.write_table(first, folder / "a.parquet")
    nothing = pa.table({"race": pa.nulls(1), "amount": pa.array([30.25], pa.float32()), "id": [3]})
    parquet.write_table(nothing, folder / "b.parquet")
    parquet.write_table(TABLE.slice(0, 2), folder / "c.parquet")
    return Files(paths=tuple(folder / name for name in ("a.parquet", "b.parquet", "c.parquet")))


def _csv(folder: Path) -> Source:
    (folder / "1.csv").write_text("id,amount,race\n1,10.5,white\n2,,black\n", encoding="utf-8")
    (folder / "2.csv").write_text("\ufeffid;amount;race\n3;30.25;NA\n", encoding="utf-8")
    (folder / "3.csv").write_text('id|amount|race\n4|-0.5|"it\'s \N{SNOWMAN}"\n', encoding="utf-8")
    return Csv(paths=tuple(folder / f"{number}.csv" for number in (1, 2, 3)))


def _delta(folder: Path) -> Source:
    write_deltalake(folder / "delta", TABLE)
    return Delta(path=folder / "delta")


def _delta_partitioned(folder: Path) -> Source:
    write_deltalake(folder / "written", TABLE, partition_by=["race"])
    (folder / "written").rename(folder / "a [1] #b")
    return Delta(path=folder / "a [1] #b")


def _sqlite(folder: Path) -> Source:
    with closing(sqlite3.connect(folder / "loans #1.db")) as connection:
        connection.execute('CREATE TABLE "scored.it\'s" (id, amount, race)')
        connection.executemany('INSERT INTO "scored.it\'s" VALUES (?, ?, ?)', ROWS)
        connection.commit()
    return Database(url=f"sqlite:///{folder}/loans%20%231.db", table="scored.it's")


def _duckdb(folder: Path) -> Source:
    with duckdb.connect(str(folder / "loans.duckdb")) as connection:
        connection.register("rows", TABLE)
        connection.execute('CREATE SCHEMA risk; CREATE TABLE risk."the ""best""" AS SELECT * FROM rows')
    return Database(url=f"duckdb:///{folder}/loans.duckdb", table='risk.the "best"')


STORES: dict[str, Callable[[Path], Source]] = {
    "one Parquet file": _one_file,
    "Parquet files of other types": _files_of_other_types,
    "CSV files": _csv,
    "Delta": _delta,
    "Delta with a column in its folders": _delta_partitioned,
    "SQLite": _sqlite,
    "DuckDB": _duckdb,
    "pandas": lambda _: Held(name="frame", rows=TABLE.to_pandas()),
    "Arrow table": lambda _: Held(name="table", rows=TABLE),
    "Arrow batch": lambda _: Held(name="batch", rows=TABLE.to_batches()[0]),
    "Arrow stream": lambda _: Held(name="stream", rows=TABLE.to_reader()),
    "Arrow dataset": lambda _: Held(name="dataset", rows=ds.dataset(TABLE)),
    "pandas with categories": lambda _: Held(name="frame", rows=TABLE.to_pandas().astype({"race": "category"})),
}


@pytest.mark.parametrize("store", STORES)
def test_the_same_rows_are_read_wherever_they_lie_and_more_than_once(
    store: str, tmp_path: Path, engine: Engine
) -> None:
    view = engine.view("loans", STORES[store](tmp_path))
    assert (view.rows, tuple(sorted(view.columns))) == (4, ("amount", "id", "race"))
    kinds = [view.column(name).kind for name in COLUMNS]
    assert kinds == [Kind.NUMBER, Kind.NUMBER, Kind.TEXT]
    for _ in range(2):
        read = engine.reduce(f"SELECT id, amount, race FROM {view.name}")
        assert [tuple(row.values()) for row in read.to_pylist()] == ROWS


def test_two_sources_are_read_side_by_side(tmp_path: Path, engine: Engine, loans: Path) -> None:
    reference = engine.view("reference", Files(paths=(loans,)), said="last year")
    current = engine.view("current", _csv(tmp_path))
    assert (reference.said, current.said) == ("last year", "1.csv and 2 more files")
    shared = f"SELECT count(*) AS n FROM {reference.name} JOIN {current.name} USING (id)"
    assert engine.reduce(shared).to_pylist() == [{"n": 4}]


def test_folders_that_hold_a_column_give_it(tmp_path: Path, engine: Engine, loans: Path) -> None:
    (tmp_path / "year=2026").mkdir()
    inner = loans.rename(tmp_path / "year=2026" / "loans.parquet")
    with_year = engine.view("with", Files(paths=(inner,), partitioned=True))
    assert with_year.column("year").kind is Kind.NUMBER
    assert "year" not in engine.view("without", Files(paths=(inner,))).columns


def test_a_csv_file_packed_by_gzip_is_read(tmp_path: Path, engine: Engine) -> None:
    pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}).to_csv(tmp_path / "p.csv.gz", index=False)
    view = engine.view("packed", Csv(paths=(tmp_path / "p.csv.gz",)))
    assert engine.reduce(f"SELECT * FROM {view.name}").to_pylist() == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]


def test_missing_values_of_pandas_are_missing(engine: Engine) -> None:
    frame = pd.DataFrame(
        {"x": [1.0, float("nan"), None], "t": pd.to_datetime(pd.Series(["2026-01-01", None, "2026-01-03"]))}
    )
    view = engine.view("frame", Held(name="frame", rows=frame))
    counted = engine.reduce(f"SELECT count(x) AS x, count(t) AS t FROM {view.name}")
    assert counted.to_pylist() == [{"x": 1, "t": 2}]


@pytest.mark.parametrize("rows", [[1, 2], {"a": 1}, "loans.csv", None])
def test_other_things_are_refused_by_their_type(rows: Any, engine: Engine) -> None:  # noqa: ANN401 - anything
    with pytest.raises(Exception, match=f"frame is a {type(rows).__name__}: give a pandas DataFrame or an Arrow table"):
        engine.view("frame", Held(name="frame", rows=rows))
