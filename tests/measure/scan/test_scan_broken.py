"""Is what cannot be read refused with one sentence that says where and what to do?"""
# ruff: noqa: S608 - the SQL is made of names of these tests

import gzip
import os
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from gates.measure.scan.engine import Engine, Kind
from gates.measure.scan.said import said_source
from gates.measure.scan.source import Csv, Database, Files, Held
from gates.refusal import UserError

NOBODY = 65534


def test_a_column_of_lists_is_shown_and_refused_where_single_values_are_needed(tmp_path: Path, engine: Engine) -> None:
    path = tmp_path / "nested.parquet"
    nested = {"x": [[1.0], [2.0]], "s": [{"a": 1}, {"a": 2}], "b": [b"1", b"2"]}
    parquet.write_table(pa.table(nested), path)
    view = engine.view("nested", Files(paths=(path,)))
    assert {column.kind for column in view.columns.values()} == {Kind.OTHER}
    said = (
        "Column 'x' of nested.parquet is of type DOUBLE[], which is neither number, truth value, text nor date: "
        "give a column of such."
    )
    with pytest.raises(UserError, match=f"^{re.escape(said)}$"):
        view.plain("x")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Amount", "loans.parquet has no column 'Amount'; did you mean amount? It has id, amount, race."),
        ("rase", "loans.parquet has no column 'rase'; did you mean race? It has id, amount, race."),
        ("label", "loans.parquet has no column 'label'; it has id, amount, race."),
    ],
)
def test_a_misspelt_column_is_answered_with_those_that_are_near(
    loans: Path, engine: Engine, asked: str, said: str
) -> None:
    view = engine.view("loans", Files(paths=(loans,)))
    with pytest.raises(UserError, match=f"^{re.escape(said)}$"):
        view.column(asked)


CSV_FILES = {
    "line 4 has 1 values, the header has 2": "a,b\n1,2\n3,4\n5\n6,7\n",
    "line 30002 has 3 values, the header has 2": "a,b\n" + "1,2\n" * 30_000 + "1,2,3\n",
    "line 3 opens a quote that nothing closes": 'a,b\n1,2\n3,"4\n',
    "has no rows": "a,b\n",
    "its first line is empty, where the columns' names should be": "\n\na,b\n",
    "its lines end with CR alone; save it with LF or CR LF": "a,b\r1,2\r",
    "more than one column named ''": "a,,\n1,2,3\n",
    "more than one column named a": "a,b,a\n1,2,3\n",
    "more than one column named A, a, which differ in case only": "A,a\n1,2\n",
}


@pytest.mark.parametrize("said", CSV_FILES)
def test_a_broken_csv_file_is_refused_with_its_line(tmp_path: Path, engine: Engine, said: str) -> None:
    (tmp_path / "broken.csv").write_text(CSV_FILES[said], newline="")
    with pytest.raises(UserError, match=f"broken.csv.*{re.escape(said)}"):
        engine.view("broken", Csv(paths=(tmp_path / "broken.csv",)))


BYTES = {
    "is empty": b"",
    "cannot be read as Parquet": b"PAR1 and no more",
    "is neither Parquet nor CSV in UTF-8": b"\x7fELF\x00\x01\x02",
    r"is an SQLite database: write sqlite:///.*#TABLE": b"SQLite format 3\x00",
    "is a zip archive or an Excel workbook": b"PK\x03\x04rest",
    "looks like JSON": b'{"a": 1}\n',
    "its header is not UTF-8": b"\xff\xfea,b\n1,2\n",
    "line 3 is not UTF-8": b"a,b\n1,x\n2,\xff\xfe\n",
    "cannot be read": b"\x1f\x8bno gzip at all",
}


@pytest.mark.parametrize("said", BYTES)
def test_a_file_of_other_bytes_is_refused(tmp_path: Path, engine: Engine, said: str) -> None:
    path = tmp_path / "other"
    path.write_bytes(BYTES[said])
    with pytest.raises(UserError, match=said):
        engine.view("other", said_source(str(path)))


def test_a_parquet_file_cut_short_is_refused(loans: Path, engine: Engine) -> None:
    loans.write_bytes(loans.read_bytes()[:-9])
    with pytest.raises(UserError, match=r"loans.parquet cannot be read as Parquet"):
        engine.view("loans", Files(paths=(loans,)))


def test_a_parquet_file_with_a_hole_is_refused_when_its_rows_are_read(loans: Path, engine: Engine) -> None:
    whole = loans.read_bytes()
    loans.write_bytes(whole[:4] + b"\xff" * 200 + whole[204:])
    view = engine.view("loans", Files(paths=(loans,)))
    with pytest.raises(UserError, match=r"loans\.parquet cannot be read"):
        engine.reduce(f"SELECT sum(id) AS total FROM {view.name}")


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ({"x": ["a"]}, "Column 'x' is BIGINT in .*1.parquet and VARCHAR in .*2.parquet"),
        ({"x": [True]}, "Column 'x' is BIGINT in .*1.parquet and BOOLEAN in .*2.parquet"),
        ({"x": [[1]]}, r"Column 'x' is BIGINT in .*1.parquet and BIGINT\[\] in .*2.parquet"),
        ({"y": [1]}, "2.parquet has no column 'x', which .*1.parquet has"),
        ({"x": [1], "y": [1]}, "1.parquet has no column 'y', which .*2.parquet has"),
    ],
)
def test_files_of_other_columns_or_types_are_refused(
    tmp_path: Path, engine: Engine, second: dict[str, list[object]], said: str
) -> None:
    parquet.write_table(pa.table({"x": [1]}), tmp_path / "1.parquet")
    parquet.write_table(pa.table(second), tmp_path / "2.parquet")
    with pytest.raises(UserError, match=said):
        engine.view("both", said_source(str(tmp_path / "*.parquet")))


def test_columns_of_one_name_and_tables_without_rows_are_refused(tmp_path: Path, engine: Engine) -> None:
    twice = tmp_path / "twice.parquet"
    parquet.write_table(pa.table([pa.array([1]), pa.array([2])], names=["a", "a"]), twice)
    with pytest.raises(UserError, match=r"twice.parquet has more than one column named a: rename them"):
        engine.view("twice", Files(paths=(twice,)))
    none = tmp_path / "none.parquet"
    parquet.write_table(pa.table({"a": pa.array([], pa.int64())}), none)
    with pytest.raises(UserError, match=r"^none.parquet has no rows.$"):
        engine.view("none", Files(paths=(none,)))


def test_a_frame_of_mixed_or_doubled_columns_is_refused(engine: Engine) -> None:
    with pytest.raises(UserError, match="frame has a column that is not of one type"):
        engine.view("mixed", Held(name="frame", rows=pd.DataFrame({"a": [1, "x"]})))
    with pytest.raises(UserError, match="frame has more than one column named a"):
        engine.view("twice", Held(name="frame", rows=pd.DataFrame([[1, 2]], columns=["a", "a"])))


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="there are no such rights here")
def test_a_file_that_may_not_be_read_is_refused(loans: Path, engine: Engine) -> None:
    csv = loans.with_suffix(".csv")
    csv.write_text("a,b\n1,2\n")
    for path in (csv, loans):
        path.chmod(0)
    was = os.geteuid()
    if was == 0:
        os.seteuid(NOBODY)
    try:
        for source in (Csv(paths=(csv,)), Files(paths=(loans,))):
            with pytest.raises(UserError, match=r"cannot be read: Permission denied|cannot be read.*[Pp]ermission"):
                engine.view("hidden", source)
        with pytest.raises(UserError, match=r"[Pp]ermission"):
            said_source(str(loans))
    finally:
        os.seteuid(was)


def test_a_file_of_another_kind_than_it_was_said_to_be_is_refused(tmp_path: Path, loans: Path, engine: Engine) -> None:
    (tmp_path / "a.csv").write_text("a\n1\n")
    with pytest.raises(UserError, match=r"a.csv is no Parquet file"):
        engine.view("a", Files(paths=(loans, tmp_path / "a.csv")))
    with pytest.raises(UserError, match=r"is a folder: name a Parquet or CSV file"):
        engine.view("b", Files(paths=(tmp_path,)))


def test_a_library_that_is_missing_is_named(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rows.db").write_bytes(b"")
    monkeypatch.setitem(sys.modules, "adbc_driver_sqlite", None)
    with pytest.raises(UserError, match=r"^loans is read by the package adbc_driver_sqlite.*, which is not installed"):
        engine.view("missing", Database(url=f"sqlite:///{tmp_path}/rows.db", table="loans"))


def test_a_packed_file_that_was_cut_is_refused(tmp_path: Path, engine: Engine) -> None:
    path = tmp_path / "cut.csv.gz"
    rows = "".join(f"{row},{row * row}\n" for row in range(50_000))
    path.write_bytes(gzip.compress(f"a,b\n{rows}".encode())[:-2_000])
    with pytest.raises(UserError, match=r"cut.csv.gz cannot be read"):
        engine.view("cut", Csv(paths=(path,)))


def test_text_of_sqlite_that_is_no_text_is_refused(tmp_path: Path, engine: Engine) -> None:
    with closing(sqlite3.connect(tmp_path / "bad.db")) as connection:
        connection.execute("CREATE TABLE t AS SELECT CAST(x'ff41' AS TEXT) AS s, abs(1) AS n")
        connection.commit()
    with pytest.raises(UserError, match=r"bad.db cannot be read"):
        engine.view("bad", Database(url=f"sqlite:///{tmp_path}/bad.db", table="t"))


def test_a_stream_of_another_library_is_read(engine: Engine) -> None:
    class Stream:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return pa.table({"x": [1, 2]}).__arrow_c_stream__(requested_schema)

    view = engine.view("v", Held(name="stream", rows=Stream()))
    assert engine.reduce(f"SELECT sum(x) AS x FROM {view.name}").to_pylist() == [{"x": 3}]
