"""Is NaN found wherever rows lie, though no footer tells of it?"""
# ruff: noqa: S608 - the SQL is made of names of these tests

import math
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from deltalake import write_deltalake
from pyarrow import parquet

from gates.measure.scan.dialect import number
from gates.measure.scan.engine import Engine
from gates.measure.scan.source import Database, Delta, Files, Held, Source

NAN = math.nan
TABLE = pa.table({"x": [0.0, NAN, 0.5, None], "f": pa.array([0.0, NAN, 0.5, None], pa.float32())})
FOUND = {
    "count(*) FILTER (WHERE isnan({0}))": 1,
    "sum(CASE WHEN isnan({0}) THEN 1 ELSE 0 END)": 1,
    "sum(CASE WHEN {0} > 1 THEN 1 ELSE 0 END)": 1,
    "sum(CASE WHEN {0} BETWEEN 0 AND 1 THEN 1 ELSE 0 END)": 2,
    "count(nullif({0}, CAST('NaN' AS DOUBLE)))": 2,
    "max(CASE WHEN isnan({0}) THEN NULL ELSE {0} END)": 0.5,
}
KEPT = {"isnan({0})": 1, "{0} > 1": 1, "{0} <= 1": 2, "NOT isnan({0})": 2, "{0} >= 0.5": 2, "{0} <> 0.5": 2}


def _parquet(folder: Path) -> Source:
    parquet.write_table(TABLE, folder / "x.parquet")
    return Files(paths=(folder / "x.parquet",))


def _delta(folder: Path) -> Source:
    write_deltalake(folder / "delta", TABLE)
    return Delta(path=folder / "delta")


def _duckdb(folder: Path) -> Source:
    with duckdb.connect(str(folder / "x.duckdb")) as connection:
        connection.register("rows", TABLE)
        connection.execute("CREATE TABLE x AS SELECT * FROM rows")
    return Database(url=f"duckdb:///{folder}/x.duckdb", table="x")


STORES: dict[str, Callable[[Path], Source]] = {
    "Parquet": _parquet,
    "Delta": _delta,
    "DuckDB": _duckdb,
    "Arrow table": lambda _: Held(name="table", rows=TABLE),
    "Arrow stream": lambda _: Held(name="stream", rows=TABLE.to_reader()),
    "Arrow dataset": lambda _: Held(name="dataset", rows=ds.dataset(TABLE)),
}


@pytest.mark.parametrize("store", STORES)
def test_nan_is_found_wherever_it_lies(store: str, tmp_path: Path, engine: Engine) -> None:
    view = engine.view("v", STORES[store](tmp_path))
    for column in ("x", "f"):
        for asked, wanted in FOUND.items():
            query = f"SELECT {asked.format(column)} AS found FROM {view.name}"
            assert (asked, engine.reduce(query).to_pylist()) == (asked, [{"found": wanted}])
        for where, wanted in KEPT.items():
            query = f"SELECT count(*) AS found FROM {view.name} WHERE {where.format(column)}"
            assert (where, engine.reduce(query).to_pylist()) == (where, [{"found": wanted}])


@pytest.mark.parametrize("store", STORES)
def test_a_number_is_missing_where_it_is_none(store: str, tmp_path: Path, engine: Engine) -> None:
    view = engine.view("v", STORES[store](tmp_path))
    query = f"SELECT count({number('x')}) AS x, max({number('f')}) AS f FROM {view.name}"
    assert engine.reduce(query).to_pylist() == [{"x": 2, "f": 0.5}]


def test_an_arrow_dataset_of_parquet_files_tells_of_nan_too(tmp_path: Path, engine: Engine) -> None:
    _parquet(tmp_path)
    view = engine.view("v", Held(name="dataset", rows=ds.dataset(tmp_path / "x.parquet")))
    for where, wanted in KEPT.items():
        query = f"SELECT count(*) AS found FROM {view.name} WHERE {where.format('x')}"
        assert (where, engine.reduce(query).to_pylist()) == (where, [{"found": wanted}])


def test_nan_of_pandas_is_missing(engine: Engine) -> None:
    view = engine.view("v", Held(name="frame", rows=pd.DataFrame({"x": [0.5, NAN]})))
    assert engine.reduce(f"SELECT count(x) AS n FROM {view.name}").to_pylist() == [{"n": 1}]
