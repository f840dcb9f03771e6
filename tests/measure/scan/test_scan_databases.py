"""Is a table of a database read as it stands, and what is not there told without a password?"""
# ruff: noqa: S608 - the SQL is made of names of these tests

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from gates.measure.scan.engine import Engine, Kind
from gates.measure.scan.postgres_tables import hidden
from gates.measure.scan.source import Database
from gates.refusal import UserError
from tests.postgresql import postgresql

SECRET = "s3/cr@t#1"
ESCAPED = "s3%2Fcr%40t%231"


@pytest.fixture
def loans(tmp_path: Path) -> Path:
    """An SQLite file whose first rows say little of the later ones."""
    path = tmp_path / "loans.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE scored (late, mixed, whole INTEGER, big, blob, mad)")
        rows = [(None, 1, n, 2**62, b"x", 1) for n in range(5000)]
        connection.executemany("INSERT INTO scored VALUES (?, ?, ?, ?, ?, ?)", [*rows, ("x", 1.5, 7, 1, b"", "one")])
        connection.execute("CREATE VIEW sane AS SELECT late, mixed, whole, big, blob FROM scored")
        connection.execute("CREATE TABLE empty (a)")
        connection.commit()
    return path


def test_values_of_sqlite_that_come_late_decide_on_the_type(loans: Path, engine: Engine) -> None:
    view = engine.view("sane", Database(url=f"sqlite:///{loans}", table="sane"))
    kinds = {name: (column.kind, column.integer) for name, column in view.columns.items()}
    assert kinds == {
        "late": (Kind.TEXT, False),
        "mixed": (Kind.NUMBER, False),
        "whole": (Kind.NUMBER, True),
        "big": (Kind.NUMBER, True),
        "blob": (Kind.OTHER, False),
    }
    row = engine.reduce(
        f"SELECT count(*) AS n, count(late) AS late, sum(mixed * 2) AS m, max(big) AS b FROM {view.name}"
    )
    assert row.to_pylist() == [{"n": 5001, "late": 1, "m": 10_003.0, "b": 2**62}]


def test_columns_of_sqlite_without_values_are_of_the_type_they_were_declared(tmp_path: Path, engine: Engine) -> None:
    with closing(sqlite3.connect(tmp_path / "gaps.db")) as connection:
        connection.execute("CREATE TABLE t (a BIGINT, b VARCHAR(9), c DOUBLE, d, e NUMERIC, f CLOB)")
        connection.execute("INSERT INTO t (a) VALUES (NULL)")
        connection.commit()
    view = engine.view("t", Database(url=f"sqlite:///{tmp_path}/gaps.db", table="t"))
    types = {name: column.type for name, column in view.columns.items()}
    assert types == {"a": "BIGINT", "b": "VARCHAR", "c": "DOUBLE", "d": "VARCHAR", "e": "DOUBLE", "f": "VARCHAR"}


def test_a_table_is_read_only(loans: Path, engine: Engine) -> None:
    before = loans.read_bytes()
    engine.view("sane", Database(url=f"sqlite:///{loans}", table="sane"))
    assert loans.read_bytes() == before
    assert sorted(path.name for path in loans.parent.iterdir()) == ["loans.db"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("scord", "loans.db has no table 'scord'; did you mean scored?"),
        ("xyz", "loans.db has no table 'xyz'; it has empty, sane, scored."),
        ("scored; DROP TABLE scored", "has no table 'scored; DROP TABLE scored'"),
        ("scored", "Column 'mad' of table scored holds values of several types (integer, text)"),
        ("empty", "empty has no rows."),
    ],
)
def test_what_cannot_be_read_of_sqlite_is_refused(loans: Path, engine: Engine, table: str, said: str) -> None:
    with pytest.raises(UserError, match=re.escape(said)):
        engine.view("v", Database(url=f"sqlite:///{loans}", table=table))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:///{0}/loan.db", "There is no file {0}/loan.db; did you mean loans.db?"),
        ("duckdb:///{0}/none/other.db", "There is no file {0}/none/other.db."),
        ("sqlite:///{0}/text.db", "text.db cannot be read as an SQLite database"),
        ("duckdb:///{0}/text.db", "text.db cannot be opened as a DuckDB file"),
        ("mysql://host/db", "There is no way to read mysql://"),
    ],
)
def test_a_database_that_is_none_is_refused(loans: Path, engine: Engine, url: str, said: str) -> None:
    (loans.parent / "text.db").write_text("no database at all, but a text that is long enough to be one" * 20)
    with pytest.raises(UserError, match=re.escape(said.format(loans.parent))):
        engine.view("v", Database(url=url.format(loans.parent), table="scored"))


def test_a_view_of_duckdb_is_read_and_near_names_are_told(tmp_path: Path, engine: Engine) -> None:
    with duckdb.connect(str(tmp_path / "f.db")) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS a; CREATE VIEW scored AS SELECT a + 1 AS a FROM t")
    view = engine.view("v", Database(url=f"duckdb:///{tmp_path}/f.db", table="scored"))
    assert engine.reduce(f"SELECT a FROM {view.name}").to_pylist() == [{"a": 2}]
    with pytest.raises(UserError, match=r"has no table 'scores'; did you mean scored\?"):
        engine.view("w", Database(url=f"duckdb:///{tmp_path}/f.db", table="scores"))


@pytest.mark.parametrize("said", [f"no entry for {SECRET}", f"bad address postgresql://me:{ESCAPED}@host/db", ESCAPED])
def test_no_password_is_left_in_what_a_server_says(said: str) -> None:
    shown = hidden(said, f"postgresql://me:{ESCAPED}@host/db?password={ESCAPED}")
    assert SECRET not in shown
    assert ESCAPED not in shown


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://me:{ESCAPED}@localhost:1/db",
        f"postgresql://me:{SECRET}@localhost:1/db",
        "postgresql://me:s3/cr@localhost:1/db",
        "postgresql://me:s3cr@t@localhost:1/db",
        "postgresql://me:s3cr@[::1/db",
        "postgresql://localhost:1/db?password=s3cr",
    ],
)
def test_a_server_that_does_not_answer_is_told_without_the_password(engine: Engine, url: str) -> None:
    with pytest.raises(UserError) as refused:
        engine.view("v", Database(url=url, table="scored"))
    assert "s3" not in str(refused.value)
    assert "PostgreSQL" in str(refused.value)


def test_a_view_is_called_as_it_was_said_without_the_password(loans: Path, engine: Engine) -> None:
    source = Database(url=f"sqlite:///{loans}", table="sane")
    said = "postgresql://me:s3/cr@t@host/db?password=s3cr#risk.sane"
    assert engine.view("a", source, said=said).said == "postgresql://...@host/db?password=...#risk.sane"
    assert engine.view("b", source, said="last year").said == "last year"
    assert engine.view("c", source).said == "sane"


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL."""
    with postgresql(tmp_path_factory.mktemp("postgres")) as address:
        yield address


TYPES = """
CREATE SCHEMA risk; CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE DOMAIN score AS numeric(6,3);
CREATE TABLE risk."the ""best"" one" (id bigint, x real, n numeric(12,2), wide numeric, s score, m mood, c char(3),
  u uuid, day date, moment timestamptz, ok boolean, l int[], j jsonb);
INSERT INTO risk."the ""best"" one" VALUES
  (1, 0.5, 1.25, 1e30, 0.125, 'sad', 'a', '00000000-0000-0000-0000-000000000001', '2026-01-02',
   '2026-01-02 01:00+02', true, '{1,2}', '{}'),
  (2, 'NaN', 'NaN', 'NaN', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
"""


@pytest.mark.full
@pytest.mark.filterwarnings("ignore::Warning:platformdirs")
def test_all_types_of_postgresql_are_read(server: str, engine: Engine) -> None:
    import psycopg  # noqa: PLC0415 - only here

    with psycopg.connect(server) as connection:
        connection.execute(TYPES)
    view = engine.view("v", Database(url=server, table='risk.the "best" one'))
    assert {name: column.type for name, column in view.columns.items()} == {
        "id": "BIGINT",
        "x": "FLOAT",
        "n": "DECIMAL(12,2)",
        "wide": "DOUBLE",
        "s": "DECIMAL(6,3)",
        "m": "VARCHAR",
        "c": "VARCHAR",
        "u": "VARCHAR",
        "day": "DATE",
        "moment": "TIMESTAMP WITH TIME ZONE",
        "ok": "BOOLEAN",
        "l": "INTEGER[]",
        "j": "VARCHAR",
    }
    read = engine.reduce(
        f"SELECT id, n, c, m, CAST(CAST(moment AS DATE) AS VARCHAR) AS moment FROM {view.name}"
    ).to_pylist()
    assert [str(value) for value in read[0].values()] == ["1", "1.25", "a", "sad", "2026-01-01"]
    assert list(read[1].values())[1:] == [None] * 4
    with pytest.raises(UserError, match=r"did you mean risk.the \"best\" one\?"):
        engine.view("w", Database(url=server, table="risk.best one"))
