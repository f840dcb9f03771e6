"""How is a database opened so that one writer, many readers and a power cut do no harm?"""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from gates.refusal import UserError

PATIENCE_SECONDS = 30
"""How long a writer waits for the writer before it."""

WRITES = "gatehouse_writes"
ADVISORY_LOCK = 0x6761_7465
"""Names the one writer's lock on PostgreSQL: "gate" in ASCII."""


def make_engine(url: URL) -> Engine:
    """Return an engine for SQLite or PostgreSQL; `UserError` for anything else. Opens nothing."""
    backend = url.get_backend_name()
    if backend == "sqlite":
        return _sqlite(url)
    if backend == "postgresql":
        return _postgresql(url)
    raise UserError(f"storage.url names {backend}; Gatehouse keeps its state in sqlite or postgresql.")


def options(url: URL, *, writes: bool) -> dict[str, Any]:
    """Return the execution options of a connection that writes, or that reads one moment."""
    if writes or url.get_backend_name() == "sqlite":
        return {WRITES: writes}
    return {WRITES: writes, "isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _sqlite(url: URL) -> Engine:
    if url.database in {None, "", ":memory:"}:
        raise UserError("storage.url names an SQLite database in memory, which forgets: name a file.")
    engine = create_engine(url, connect_args={"timeout": PATIENCE_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver would begin transactions by its own rules; `_begin_sqlite` does it by ours.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock first: a reader that turned writer half-way could only fail.
    writes = connection.get_execution_options()[WRITES]
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: URL) -> Engine:
    engine = create_engine(url, pool_pre_ping=True)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _begin_postgresql(connection: Connection) -> None:
    # One writer here too: ledger numbers stay without gaps, and lanes see each other's work.
    if connection.get_execution_options().get(WRITES, False):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
