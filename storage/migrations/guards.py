"""How does the database itself refuse to change what was written?

Triggers, so that a program with a bug, or a person with `sqlite3`, is stopped too. Whoever owns the file can remove
them; then the hashes and the signed receipts show it.
"""

from alembic import op


def make_append_only(table: str, *, found_by: tuple[str, ...]) -> None:
    """Guard a table against UPDATE and DELETE, and against INSERT OR REPLACE.

    `found_by` are conditions in SQL, one for each unique index, that find the row whose place NEW would take: SQLite's
    REPLACE removes such a row without asking the DELETE trigger. Apart from each other, so that each uses its index.
    """
    if op.get_context().dialect.name == "sqlite":
        _guard_sqlite(table, found_by)
    else:
        _guard_postgresql(table)


def require_next_number(table: str, column: str) -> None:
    """Let an insert into `table` only have the number after the largest one."""
    wrong = f"NEW.{column} <> (SELECT COALESCE(MAX({column}), 0) + 1 FROM {table})"  # noqa: S608 - names from a migration, not from people
    text = f"the next row of {table} has the next {column}"
    if op.get_context().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{text}'); END"
        op.execute(f"CREATE TRIGGER {table}_next BEFORE INSERT ON {table} WHEN {wrong} {refuse}")
        return
    op.execute(
        f"CREATE FUNCTION {table}_next() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {wrong} THEN RAISE EXCEPTION '{text}'; END IF; RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {table}_next BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_next()")


def _guard_sqlite(table: str, found_by: tuple[str, ...]) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    found = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {row})" for row in found_by)  # noqa: S608 - as above
    op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {found} {refuse}")


def _guard_postgresql(table: str) -> None:
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    call = f"EXECUTE FUNCTION {table}_append_only()"
    op.execute(f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {call}")
    op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}")
