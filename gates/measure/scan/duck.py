"""How does DuckDB read rows and reduce them, on one machine and within its memory?"""

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gates.measure.scan.dialect import name
from gates.measure.scan.failures import said_as
from gates.measure.scan.kinds import column_of
from gates.measure.scan.opening import called, reading
from gates.measure.scan.parquet_files import reading as reading_parquet
from gates.measure.scan.session import Reading, Session, set_up
from gates.measure.scan.source import Source
from gates.measure.scan.view import View
from gates.measure.scan.watching import watched
from gates.refusal import UserError

SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "preserve_insertion_order": "false",
    "perfect_ht_threshold": "20",
}
"""Nothing is fetched from the network, and no variable of Python is read by its name.

Groups by up to 20 bits are counted in a table of all of them, rather than by their hashes.
"""
PROGRESS = "SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET progress_bar_time = 0"


@contextmanager
def connected(*, threads: int | None, memory: str) -> Iterator[Session]:
    """Connect for the body; what is copied or spilled lies in a folder that is removed afterwards."""
    import duckdb  # noqa: PLC0415 - heavy

    with tempfile.TemporaryDirectory(prefix="gatehouse-scan-") as folder:
        spilled, scratch = Path(folder, "spilled"), Path(folder, "copied")
        scratch.mkdir()
        config = {**SETTINGS, "memory_limit": memory, "temp_directory": str(spilled)}
        with duckdb.connect(config=config if threads is None else {**config, "threads": threads}) as connection:
            set_up(connection)
            yield Session(connection=connection, scratch=scratch)


class DuckEngine:
    """An engine on a DuckDB connection of its own."""

    def __init__(self, session: Session, *, tell: Callable[[float], None] | None = None) -> None:
        """Take a connection, and whom to tell how much of a query is done."""
        self._session = session
        self._tell = tell
        self._opened: list[str] = []
        self._views: dict[str, str] = {}
        self._stopped = False
        if tell is not None:
            session.connection.execute(PROGRESS)

    def view(self, as_: str, source: Source, *, said: str = "") -> View:
        """Open rows under a name; raises `UserError` for what cannot be read, and for no rows."""
        known_as = called(source, said)
        with watched(self._session.connection, self._tell):
            found = reading(source, self._session)
        view = self._named(as_, found, known_as)
        if not view.rows:
            raise UserError(f"{known_as} has no rows.")
        self._opened.append(known_as)
        return view

    def derive(self, as_: str, query: str, *, said: str = "", kept: bool = False) -> View:
        """Give a query's rows a name, as a view or, when `kept`, written down once for the scans that follow."""
        if not kept:
            return self._named(as_, Reading(query=query), said or as_)
        with said_as(said or as_), watched(self._session.connection, self._tell):
            copy = self._session.copied(self._storable(query))
        return self._named(as_, reading_parquet([copy], self._session), said or as_)

    def reduce(self, query: str) -> Any:  # noqa: ANN401 - a pyarrow Table
        """Return a query's rows as an Arrow table, ordered by all its columns."""
        if self._stopped:
            raise CancelledError
        connection = self._session.connection
        with said_as(" or ".join(self._opened) or "the rows"), watched(connection, self._tell):
            return connection.sql(f"SELECT * FROM ({query}) ORDER BY ALL").to_arrow_table()  # noqa: S608 - ours

    @contextmanager
    def another(self, *, tell: Callable[[float], None] | None = None) -> Iterator["DuckEngine"]:
        """Lend the body an engine that has the same rows under the same names, for another thread."""
        with self._session.another() as session:
            engine = DuckEngine(session, tell=tell)
            engine._opened = list(self._opened)
            for as_, query in self._views.items():
                session.connection.execute(_naming(as_, query))
            yield engine

    def stop(self) -> None:
        """Stop what another thread reduces with this engine, and let it reduce no more."""
        self._stopped = True
        self._session.connection.interrupt()

    def _storable(self, query: str) -> str:
        """Return a query whose widest integers are decimals: DuckDB writes HUGEINT to Parquet as doubles."""
        described = self._session.connection.sql(f"DESCRIBE {query}").fetchall()
        wide = [name(row[0]) for row in described if row[1] in {"HUGEINT", "UHUGEINT"}]
        if not wide:
            return query
        casts = ", ".join(f"CAST({column} AS DECIMAL(38,0)) AS {column}" for column in wide)
        return f"SELECT * REPLACE ({casts}) FROM ({query})"  # noqa: S608 - quoted

    def _named(self, as_: str, found: Reading, said: str) -> View:
        connection = self._session.connection
        with said_as(said):
            connection.execute(_naming(as_, found.query))
            described = connection.sql(f"DESCRIBE {name(as_)}").fetchall()
            rows = connection.execute(f"SELECT count(*) FROM {name(as_)}").fetchall()[0][0]  # noqa: S608 - quoted
        columns = {row[0]: column_of(row[0], row[1]) for row in described}
        self._views[as_] = found.query
        return View(name=name(as_), said=said, columns=columns, rows=rows, files=found.files)


def _naming(as_: str, query: str) -> str:
    return f"CREATE TEMP VIEW {name(as_)} AS {query}"
