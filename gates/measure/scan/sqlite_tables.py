"""How is a table of an SQLite file read, whose columns hold values of any type?

ADBC takes a column's type from the rows it sees first and fails at the first value of another one. So the types are
counted first, and the query begins with a row that shows them, which is then left out.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gates.measure.scan.dialect import name
from gates.measure.scan.failures import first_lines
from gates.measure.scan.parquet_files import reading as reading_parquet
from gates.measure.scan.session import Reading, Session
from gates.measure.scan.tables import chosen
from gates.refusal import UserError

MARK = "shows the types"
TAKE, WHERE = f"SELECT * EXCLUDE ({name(MARK)})", f"{name(MARK)} = 0"
TABLES = "SELECT 'main', name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%'"
EXAMPLES = {"integer": "0", "real": "0.0", "text": "''", "blob": "x''"}
FLAGS = {"integer": 1, "real": 2, "text": 4, "blob": 8}


def reading(path: Path, table: str, session: Session) -> Reading:
    """Return how to read a copy of a table; `UserError` where a column holds both numbers and texts."""
    import adbc_driver_sqlite.dbapi as adbc  # noqa: PLC0415 - heavy

    uri = f"file:{quote(str(path))}?mode=ro"
    known, types = _looked_at(path, uri, table)
    try:
        with adbc.connect(uri) as connection, connection.cursor() as cursor:
            cursor.execute(_query(known, types))
            copy = session.streamed(_checked(cursor.fetch_record_batch()), str(path), take=TAKE, where=WHERE)
    except (adbc.Error, OSError) as error:
        raise UserError(f"Table {known} of {path} cannot be read: {first_lines(error)}") from error
    return reading_parquet([copy], session)


def _checked(rows: Any) -> Any:  # noqa: ANN401 - a pyarrow RecordBatchReader
    """Return the same stream, which fails at text that is not UTF-8: SQLite takes any bytes for text."""
    import pyarrow as pa  # noqa: PLC0415 - heavy

    def batches() -> Iterator[Any]:
        for batch in rows:
            batch.validate(full=True)
            yield batch

    return pa.RecordBatchReader.from_batches(rows.schema, batches())


def _looked_at(path: Path, uri: str, table: str) -> tuple[str, dict[str, str]]:
    """Return the table that is meant, and a type for each of its columns."""
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            _, known = chosen(table, connection.execute(TABLES).fetchall(), where=str(path), default="main")
            declared = {row[1]: row[2] for row in connection.execute(f"PRAGMA table_xinfo({name(known)})")}
            asked = ", ".join(map(_flags, declared))
            flags = connection.execute(f"SELECT {asked} FROM {name(known)}").fetchone()  # noqa: S608 - quoted
    except sqlite3.Error as error:
        raise UserError(f"{path} cannot be read as an SQLite database: {first_lines(error)}") from error
    columns = zip(declared.items(), flags, strict=True)
    return known, {column: _type(known, column, said, flag or 0) for (column, said), flag in columns}


def _flags(column: str) -> str:
    """Return, in SQL, the sum of the flags of all types that a column's values have."""
    return " + ".join(f"max(typeof({name(column)}) = '{type_}') * {flag}" for type_, flag in FLAGS.items())


def _type(table: str, column: str, declared: str, flags: int) -> str:
    """Return the one type of a column's values; numbers with and without a point go together."""
    found = {type_ for type_, flag in FLAGS.items() if flags & flag}
    if found == {"integer", "real"}:
        return "real"
    if len(found) > 1:
        raise UserError(
            f"Column {column!r} of table {table} holds values of several types ({', '.join(sorted(found))}): "
            "read a view that casts it to one."
        )
    return found.pop() if found else _declared(declared.upper())


def _declared(said: str) -> str:
    """Return the type that an empty column was declared to have (SQLite, "Determination Of Column Affinity")."""
    if "INT" in said:
        return "integer"
    if not said or any(word in said for word in ("CHAR", "CLOB", "TEXT", "BLOB")):
        return "text"
    return "real"


def _query(table: str, types: dict[str, str]) -> str:
    examples = ", ".join(f"{EXAMPLES[type_]} AS {name(column)}" for column, type_ in types.items())
    casts = ", ".join(f"CAST({name(column)} AS {type_.upper()})" for column, type_ in types.items())
    return f"SELECT 1 AS {name(MARK)}, {examples} UNION ALL SELECT 0, {casts} FROM {name(table)}"  # noqa: S608 - quoted
