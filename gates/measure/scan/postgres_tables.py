"""How is a table of a PostgreSQL database read?

In one transaction that may only read; what Arrow has no type for is made text by the server, and numeric is made a
number again here.
"""

import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from gates.measure.scan.dialect import name, text
from gates.measure.scan.failures import first_lines
from gates.measure.scan.parquet_files import reading as reading_parquet
from gates.measure.scan.session import Reading, Session
from gates.measure.scan.source import Database
from gates.measure.scan.tables import chosen
from gates.refusal import UserError

TABLES = """SELECT n.nspname AS schema, c.relname AS name, n.nspname = current_schema() AS here
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"""
COLUMNS = """SELECT a.attname AS name, t.typcategory = 'A' AS listed,
format_type(coalesce(nullif(t.typbasetype, 0), t.oid),
            CASE t.typtype WHEN 'd' THEN t.typtypmod ELSE a.atttypmod END) AS type
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = {schema} AND c.relname = {table} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"""
ARROW = frozenset(
    {
        *("boolean", "smallint", "integer", "bigint", "real", "double precision", "text", "bytea", "date"),
        *("timestamp without time zone", "timestamp with time zone"),
    }
)
"""Types that come as Arrow's own."""
WIDEST_DECIMAL = 38


def reading(database: Database, session: Session) -> Reading:
    """Return how to read a copy of a table; no password is ever in an error's text."""
    _check_address(database.url)
    import adbc_driver_postgresql.dbapi as adbc  # type: ignore[import-untyped] # noqa: PLC0415 - no types; heavy

    try:
        with adbc.connect(database.url) as connection, connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY, ISOLATION LEVEL REPEATABLE READ")
            copy = _copied(cursor, database.table, session)
    except (adbc.Error, OSError) as error:
        said = hidden(first_lines(error), database.url)
        raise UserError(f"Table {database.table} of PostgreSQL cannot be read: {said}") from None
    return reading_parquet([copy], session)


def hidden(said: str, url: str) -> str:
    """Return a text without the address, and without the password in it, however it is written."""
    parts = urlsplit(url)
    secret = parts.password or ""
    secrets = {secret, unquote(secret), *parse_qs(parts.query).get("password", ())}
    for word in (url, *sorted(secrets, key=len, reverse=True)):
        said = said.replace(word, "...") if word else said
    return said


def _check_address(url: str) -> None:
    """Refuse an address that is read in two ways, before a part of its password is taken for the name of a machine."""
    try:
        parts = urlsplit(url)
        whole = parts.port is None or parts.port > 0
    except ValueError:
        whole = False
    if not whole or url.count("@") > ("@" in parts.netloc) or "#" in url:
        raise UserError(
            "The address of the PostgreSQL database cannot be read: write postgresql://USER:PASSWORD@HOST/DATABASE, "
            "with %40 for @, %2F for / and %23 for # in names and passwords."
        )


def _copied(cursor: Any, table: str, session: Session) -> Any:  # noqa: ANN401 - a database cursor, and a Path
    schema, known = _chosen(cursor, table)
    columns = _rows(cursor, COLUMNS.format(schema=text(schema), table=text(known)))
    asked = ", ".join(_asked(column["name"], column["type"], listed=column["listed"]) for column in columns)
    taken = ", ".join(_taken(column["name"], column["type"]) for column in columns)
    cursor.execute(f"SELECT {asked} FROM {name(schema)}.{name(known)}")  # noqa: S608 - quoted
    return session.streamed(cursor.fetch_record_batch(), f"Table {known}", take=f"SELECT {taken}")


def _chosen(cursor: Any, table: str) -> tuple[str, str]:  # noqa: ANN401 - a database cursor
    found = _rows(cursor, TABLES)
    here = next((row["schema"] for row in found if row["here"]), "public")
    return chosen(table, ((row["schema"], row["name"]) for row in found), where="The database", default=here)


def _rows(cursor: Any, query: str) -> list[dict[str, Any]]:  # noqa: ANN401 - a database cursor
    """Return the few rows of a catalogue."""
    cursor.execute(query)
    rows: list[dict[str, Any]] = cursor.fetch_arrow_table().to_pylist()
    return rows


def _asked(column: str, type_: str, *, listed: bool) -> str:
    """Return what the server is asked for: a type that Arrow has, a list, or text."""
    wanted = type_ if listed or type_ in ARROW else "text"
    return f"{name(column)}::{wanted} AS {name(column)}"


def _taken(column: str, type_: str) -> str:
    """Return what is made of the answer: numeric(12,2) is a decimal, with NaN missing; numeric is a double."""
    quoted = name(column)
    decimal = re.fullmatch(r"numeric\((\d+),(\d+)\)", type_)
    if decimal and int(decimal[2]) <= int(decimal[1]) <= WIDEST_DECIMAL:
        return f"CAST(nullif({quoted}, 'NaN') AS DECIMAL({decimal[1]},{decimal[2]})) AS {quoted}"
    if type_.startswith("numeric") and not type_.endswith("]"):
        return f"CAST({quoted} AS DOUBLE) AS {quoted}"
    return quoted
