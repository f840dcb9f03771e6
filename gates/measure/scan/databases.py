"""How does an engine read a table of a database?

SQLite and PostgreSQL hand over Arrow batches (ADBC), which are copied to a Parquet file, so that all scans see the same
rows; a DuckDB file is read where it lies. Nothing is ever written to a database.
"""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from gates.measure.scan.duckdb_tables import reading as reading_duckdb
from gates.measure.scan.near import near
from gates.measure.scan.postgres_tables import reading as reading_postgres
from gates.measure.scan.session import Reading, Session
from gates.measure.scan.source import Database
from gates.measure.scan.sqlite_tables import reading as reading_sqlite
from gates.refusal import UserError

SCHEMES = ("sqlite", "postgresql", "postgres", "duckdb")


def reading(database: Database, session: Session) -> Reading:
    """Return how to read a table's rows; raises `UserError` for what cannot be read."""
    scheme = database.url.partition("://")[0]
    if scheme == "sqlite":
        return reading_sqlite(_file(database.url), database.table, session)
    if scheme == "duckdb":
        return reading_duckdb(_file(database.url), database.table, session)
    if scheme in SCHEMES:
        return reading_postgres(database, session)
    raise UserError(f"There is no way to read {scheme}://: give sqlite://, postgresql:// or duckdb://.")


def _file(url: str) -> Path:
    """Return a database's file: `sqlite:///loans.db` is a relative path, `sqlite:////srv/loans.db` an absolute one."""
    path = Path(unquote(urlsplit(url).path.removeprefix("/")))
    if path.is_file():
        return path
    close = near(path.name, (some.name for some in path.parent.iterdir())) if path.parent.is_dir() else ()
    meant = f"; did you mean {close[0]}?" if close else "."
    raise UserError(f"There is no file {path}{meant}")
