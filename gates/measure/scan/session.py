"""What are sources opened with: a connection, and a folder for rows that must be copied?"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from gates.measure.scan.dialect import MACROS, name, text
from gates.measure.scan.failures import said_as


def set_up(connection: Any) -> None:  # noqa: ANN401 - a DuckDB connection
    """Tell a connection what our SQL counts on; without UTC, what day a moment falls on would hang on the machine."""
    for statement in ("SET TimeZone = 'UTC'", *MACROS):
        connection.execute(statement)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the rows of a source are read."""

    query: str
    """In SQL."""
    files: tuple[Path, ...] = ()
    """Parquet files that have all of these rows, these columns and no more; empty where there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A DuckDB connection, and the folder that goes with it."""

    connection: Any
    """duckdb has no types."""
    scratch: Path
    numbers: Iterator[int] = field(default_factory=count)
    """Keep names of files and of tables apart."""
    held: dict[str, Any] = field(default_factory=dict)
    """Rows in memory that queries read, by name."""

    def copied(self, query: str) -> Path:
        """Write a query's rows to a new Parquet file of the scratch folder."""
        into = self.scratch / f"{next(self.numbers)}.parquet"
        self.connection.execute(f"COPY ({query}) TO {text(str(into))} (FORMAT parquet)")
        return into

    def lent(self, rows: Any) -> str:  # noqa: ANN401 - an Arrow Table, Dataset or RecordBatchReader
        """Let queries read rows held in memory, by the name that is returned."""
        called = f"lent {next(self.numbers)}"
        self.connection.register(called, rows)
        self.held[called] = rows
        return called

    def taken_back(self, called: str) -> None:
        """Let no query read rows any more that were lent."""
        self.connection.unregister(called)
        del self.held[called]

    @contextmanager
    def another(self) -> Iterator["Session"]:
        """Connect once more, for another thread: what is in memory and in the folder is shared, named views are not."""
        with self.connection.cursor() as connection:
            set_up(connection)
            for called, rows in self.held.items():
                connection.register(called, rows)
            yield Session(connection=connection, scratch=self.scratch, numbers=self.numbers, held=dict(self.held))

    def tabled(self, rows: Any) -> str:  # noqa: ANN401 - a small Arrow Table
        """Make a table of a few rows, and return its name; a scan of lent rows could not say how much of it is done."""
        called = self.lent(rows)
        self.connection.execute(f"CREATE TEMP TABLE {name(called + ' kept')} AS SELECT * FROM {name(called)}")  # noqa: S608 - quoted
        self.taken_back(called)
        return called + " kept"

    def streamed(self, rows: Any, said: str, *, take: str = "SELECT *", where: str = "TRUE") -> Path:  # noqa: ANN401 - a pyarrow RecordBatchReader
        """Write a stream of Arrow batches to a Parquet file, for it can be read once only."""
        called = self.lent(rows)
        try:
            with said_as(said):
                return self.copied(f"{take} FROM {name(called)} WHERE {where}")
        finally:
            self.taken_back(called)

    @contextmanager
    def ordered(self) -> Iterator[None]:
        """Keep the order of rows in the body's queries, which costs memory."""
        before = self.connection.sql("SELECT current_setting('preserve_insertion_order')").fetchall()[0][0]
        self.connection.execute("SET preserve_insertion_order = true")
        try:
            yield
        finally:
            self.connection.execute(f"SET preserve_insertion_order = {str(before).lower()}")
