"""How is a table of a DuckDB file read, where it lies?"""

from pathlib import Path

from gates.measure.scan.dialect import name, text
from gates.measure.scan.failures import first_lines
from gates.measure.scan.session import Reading, Session
from gates.measure.scan.tables import chosen
from gates.refusal import UserError

TABLES = "SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = "


def reading(path: Path, table: str, session: Session) -> Reading:
    """Return how to read a table or view of a file, attached to be read only."""
    import duckdb  # noqa: PLC0415 - heavy

    attached = f"file {next(session.numbers)}"
    try:
        session.connection.execute(f"ATTACH {text(str(path))} AS {name(attached)} (TYPE duckdb, READ_ONLY)")
    except duckdb.Error as error:
        raise UserError(f"{path} cannot be opened as a DuckDB file: {first_lines(error)}") from error
    found = session.connection.execute(TABLES + text(attached)).fetchall()
    schema, known = chosen(table, found, where=str(path), default="main")
    return Reading(query=f"SELECT * FROM {name(attached)}.{name(schema)}.{name(known)}")  # noqa: S608 - quoted
