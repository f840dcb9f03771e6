"""Do random tables come out of every store as they went in, whatever is in them?"""
# ruff: noqa: S608 - the SQL is made of names of these tests

import itertools
import math
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from deltalake import write_deltalake
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import csv, parquet

from gates.measure.scan.dialect import number
from gates.measure.scan.engine import Engine
from gates.measure.scan.source import Csv, Database, Delta, Files, Held, Source
from gates.measure.scan.values import values_of

WORDS = st.text(st.characters(exclude_characters="\x00\r", codec="utf-8"), max_size=5)
DOUBLES = st.floats(allow_nan=False) | st.sampled_from([0.0, -0.0, math.inf, 5e-324])
TRICKY = frozenset({"NA", "N/A", "NaN", "nan", "null", "NULL", "", "true", "false"})
COUNTER = itertools.count()
Rows = Sequence[tuple[int, float | None, str | None]]
ROWS = st.lists(
    st.tuples(st.integers(-(2**63), 2**63 - 1), st.none() | DOUBLES, st.none() | WORDS), min_size=1, max_size=12
)


def _table(rows: Rows) -> pa.Table:
    whole, doubles, words = zip(*rows, strict=True)
    return pa.table({"n": whole, "x": pa.array(doubles, pa.float64()), "s": pa.array(words, pa.string())})


def _files(folder: Path, rows: Rows) -> Source:
    half = len(rows) // 2
    for place, part in enumerate((_table(rows).slice(0, half), _table(rows).slice(half))):
        parquet.write_table(part, folder / f"{place}.parquet")
    return Files(paths=(folder / "0.parquet", folder / "1.parquet"))


def _delta(folder: Path, rows: Rows) -> Source:
    write_deltalake(folder / "delta", _table(rows))
    return Delta(path=folder / "delta")


def _sqlite(folder: Path, rows: Rows) -> Source:
    with closing(sqlite3.connect(folder / "rows.db")) as connection:
        connection.execute("CREATE TABLE rows (n INTEGER, x REAL, s TEXT)")
        connection.executemany("INSERT INTO rows VALUES (?, ?, ?)", rows)
        connection.commit()
    return Database(url=f"sqlite:///{folder}/rows.db", table="rows")


def _duckdb(folder: Path, rows: Rows) -> Source:
    with duckdb.connect(str(folder / "rows.duckdb")) as connection:
        connection.register("held", _table(rows))
        connection.execute("CREATE TABLE rows AS SELECT * FROM held")
    return Database(url=f"duckdb:///{folder}/rows.duckdb", table="rows")


STORES: Mapping[str, Callable[[Path, Rows], Source]] = {
    "Parquet": _files,
    "Delta": _delta,
    "SQLite": _sqlite,
    "DuckDB": _duckdb,
    "Arrow": lambda _, rows: Held(name="rows", rows=_table(rows)),
    "stream": lambda _, rows: Held(name="rows", rows=_table(rows).to_reader(max_chunksize=3)),
}


def _key(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Order rows, the missing values last; text by its bytes."""
    whole, double, word = row
    return whole, double is None, double or 0.0, word is None, (word or "").encode()


@pytest.mark.parametrize("store", STORES)
@settings(max_examples=6)
@given(rows=ROWS)
def test_rows_come_out_as_they_went_in(
    lasting: Engine, tmp_path_factory: pytest.TempPathFactory, store: str, rows: Rows
) -> None:
    view = lasting.view(f"rows {next(COUNTER)}", STORES[store](tmp_path_factory.mktemp("rows"), rows))
    read = lasting.reduce(f"SELECT n, x + 0.0 AS x, s FROM {view.name}").to_pylist()
    assert [tuple(row.values()) for row in read] == sorted(rows, key=_key)
    counted = values_of(lasting, view, "s", most=99)
    assert sum(some.rows for some in counted) == view.rows == len(rows)
    assert {some.value for some in counted} == {word for _, _, word in rows}


@settings(max_examples=10)
@given(rows=ROWS)
def test_rows_come_out_of_csv_as_they_went_in(
    lasting: Engine, tmp_path_factory: pytest.TempPathFactory, rows: Rows
) -> None:
    """Words that CSV takes for other things are left out, and infinities, which make texts of a column."""
    words = ["w" if word is None or word.strip() in TRICKY or "\n" in word else f"w{word}" for *_, word in rows]
    doubles = [0.5 if double is None or math.isinf(double) else double for _, double, _ in rows]
    table = pa.table({"n": [whole for whole, *_ in rows], "x": doubles, "s": words})
    path = tmp_path_factory.mktemp("csv") / "rows.csv"
    csv.write_csv(table, path, csv.WriteOptions(quoting_style="all_valid"))
    view = lasting.view(f"csv {next(COUNTER)}", Csv(paths=(path,)))
    query = f"SELECT CAST(n AS VARCHAR) AS n, s, count({number('x')}) AS there FROM {view.name} GROUP BY 1, 2"
    read = {(row["n"], row["s"]): row["there"] for row in lasting.reduce(query).to_pylist()}
    pairs = [(str(whole), word) for whole, word in zip(table["n"].to_pylist(), words, strict=True)]
    assert read == {pair: pairs.count(pair) for pair in pairs}
