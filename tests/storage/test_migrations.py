"""Do the migrations make exactly the tables that the program believes in, on SQLite and on PostgreSQL?"""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.schema import CreateTable

from policies.decision import Decision
from storage.database import SCHEMA, Database
from storage.migration import newest_schema, upgrade_script
from storage.tables import Table


def test_the_program_works_with_the_newest_migration() -> None:
    assert newest_schema() == SCHEMA


@pytest.mark.usefixtures("database")
def test_a_migrated_database_has_the_tables_and_nothing_else(database_file: Path) -> None:
    engine = create_engine(f"sqlite:///{database_file}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Table.metadata) == []
    engine.dispose()


@pytest.mark.usefixtures("database")
def test_a_migrated_database_has_the_names_and_conditions_of_constraints_and_indexes(
    database_file: Path, tmp_path: Path
) -> None:
    # The comparison above is blind to primary keys' names, foreign keys' options and partial indexes.
    fresh = create_engine(f"sqlite:///{tmp_path}/fresh.db")
    Table.metadata.create_all(fresh)
    fresh.dispose()
    assert statements(database_file) == statements(tmp_path / "fresh.db")


def statements(file: Path) -> dict[str, list[str]]:
    """Return the lines of every table's and index's definition, sorted, for SQLite keeps them as text."""
    connection = sqlite3.connect(file)
    made = connection.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql NOT NULL")
    found = {name: sorted(line.strip(" \t,") for line in sql.splitlines()) for name, sql in made}
    connection.close()
    found.pop("alembic_version", None)
    return found


def test_postgresql_gets_the_same_tables_and_guards_of_its_own() -> None:
    script = upgrade_script("postgresql")
    for table in Table.metadata.sorted_tables:
        wanted = str(CreateTable(table).compile(dialect=PGDialect()))  # type: ignore[no-untyped-call]  # SQLAlchemy's own
        assert lines_of(wanted) <= lines_of(script), table.name
    assert script.count("CREATE TRIGGER") == 7
    assert "BEFORE UPDATE OR DELETE ON ledger" in script
    assert "BEFORE TRUNCATE ON ledger" in script


def lines_of(sql: str) -> set[str]:
    return {line.strip(" \t,;") for line in sql.splitlines()} - {""}


CHANGED = "subject, decider, person, account, approves, 'other', surface, assurance, evidence_digest, at FROM decision"
ATTACKS = [
    "UPDATE ledger SET at = 5",
    "UPDATE ledger SET content = x'00' WHERE seq = 1",
    "DELETE FROM ledger WHERE seq = 2",
    "INSERT OR REPLACE INTO ledger VALUES (2, 1, 'k', '', '', '', x'00', x'00')",
    "INSERT OR REPLACE INTO ledger VALUES (3, 1, 'authorised', '', '', 'P1', x'00', x'00')",
    "REPLACE INTO ledger SELECT * FROM ledger WHERE seq = 1",
    "INSERT INTO ledger VALUES (7, 1, 'k', '', '', '', x'00', x'00')",
    "INSERT INTO ledger VALUES (0, 1, 'k', '', '', '', x'00', x'00')",
    "UPDATE decision SET approves = 1",
    "DELETE FROM decision",
    "REPLACE INTO decision SELECT id, " + CHANGED,
    "REPLACE INTO decision SELECT 99, " + CHANGED,
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_database_itself_refuses_to_rewrite_history(database: Database, database_file: Path, attack: str) -> None:
    said = Decision(
        person="bob", account="bob", approves=False, reason="no", surface="terminal", assurance="platform",
        evidence_digest="e" * 64, at=1,
    )  # fmt: skip
    with database.transaction() as work:
        work.ledger.append(kind="authorised", key="P1", body={}, at=1)
        work.ledger.append(kind="look", body={}, at=1)
        work.decisions.add("P1", said)
    connection = sqlite3.connect(database_file)
    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|the next row of ledger has the next seq"):
        connection.execute(attack)
    connection.close()
