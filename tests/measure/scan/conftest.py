"""Rows of one little table, however they are stored."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from gates.measure.scan.dialect import name
from gates.measure.scan.duck import DuckEngine, connected
from gates.measure.scan.engine import Engine, opened
from gates.measure.scan.session import Session

LOANS = {
    "id": [1, 2, 3, 4],
    "amount": [10.5, None, 30.25, -0.5],
    "race": ["white", "black", None, "it's \N{SNOWMAN}"],
}


@pytest.fixture(scope="package")
def session() -> Iterator[Session]:
    """One connection for all of these tests, for it takes longer to open than most of them."""
    with connected(threads=1, memory="512MB") as session:
        yield session


@pytest.fixture
def engine(session: Session) -> Iterator[Engine]:
    yield DuckEngine(session)
    for (called,) in session.connection.sql(
        "SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal"
    ).fetchall():
        session.connection.execute(f"DROP VIEW {name(called)}")


@pytest.fixture(scope="module")
def lasting() -> Iterator[Engine]:
    """An engine for many examples of one law, each of which gives its rows a name of its own."""
    with opened(threads=1) as engine:
        yield engine


@pytest.fixture
def loans(tmp_path: Path) -> Path:
    """A Parquet file of four loans."""
    path = tmp_path / "loans.parquet"
    parquet.write_table(pa.table(LOANS), path)
    return path
