"""Is the ledger on a real PostgreSQL what it is on SQLite: kept, guarded, and found again by the same words?"""

from collections.abc import Iterator

import pytest
from pydantic import JsonValue
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from storage.database import SCHEMA, Database
from storage.ledger_search import Between, Wanted
from tests.postgresql import postgresql

pytestmark = pytest.mark.full
HAPPENED: tuple[tuple[str, str, str, JsonValue, int], ...] = (
    ("requested", "bank", "P1", {"requester": "alice", "reason": "fresher"}, 10),
    ("approval", "bank", "P1", {"person": "bob", "reason": "100 % \\ fine"}, 11),
    ("approval", "bank", "P2", {"person": 'al"ice\\', "reason": "'; DROP TABLE ledger; --"}, 12),
    ("note", "shop", "P2", {"words": '"person":"bob"'}, 13),
    ("note", "shop", "", {"by": "δάφνη \U0001f600"}, 14),
    ("approval", "shop", "P3", {"person": "bobby"}, 15),
)
WANTED = {
    "everything": (Wanted(), [1, 2, 3, 4, 5, 6]),
    "a person": (Wanted(person="bob"), [2]),
    "a requester": (Wanted(person="alice"), [1]),
    "a login to escape": (Wanted(person='al"ice\\'), [3]),
    "a login of other letters": (Wanted(person="δάφνη \U0001f600"), [5]),
    "what LIKE would take for a pattern": (Wanted(person="b%"), []),
    "kinds": (Wanted(kinds=("note", "requested")), [1, 4, 5]),
    "subjects of a project": (Wanted(subjects=("P1", "P2"), project="bank"), [1, 2, 3]),
    "a stretch of time": (Wanted(since=11, until=14), [2, 3, 4]),
    "all at once": (Wanted(kinds=("approval",), project="bank", person="bob", since=11, until=12), [2]),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with postgresql(tmp_path_factory.mktemp("postgresql")) as address:
        database = Database(address.replace("postgresql://", "postgresql+psycopg://", 1))
        database.upgrade()
        assert database.current() == SCHEMA
        with database.transaction() as work:
            for kind, project, subject, body, at in HAPPENED:
                assert isinstance(body, dict)
                work.ledger.append(kind=kind, project=project, subject=subject, body=body, at=at)
        yield database
        database.close()


@pytest.mark.parametrize(("wanted", "found"), WANTED.values(), ids=WANTED)
def test_entries_are_found(told: Database, wanted: Wanted, found: list[int]) -> None:
    with told.reading() as work:
        assert [row.number for row in work.ledger.stretch(wanted, Between(oldest_first=True), 100)] == found
        assert work.ledger.amount(wanted) == len(found)


def test_pages_lead_from_the_newest_entry_to_the_first(told: Database) -> None:
    with told.reading() as work:
        assert [row.number for row in work.ledger.stretch(Wanted(), Between(), 2)] == [6, 5]
        assert [row.number for row in work.ledger.stretch(Wanted(), Between(below=5), 2)] == [4, 3]
        assert [row.number for row in work.ledger.stretch(Wanted(), Between(above=4, oldest_first=True), 9)] == [5, 6]
        assert work.ledger.kinds() == ("approval", "note", "requested")


@pytest.mark.parametrize("statement", ["UPDATE ledger SET kind = 'x'", "DELETE FROM ledger", "TRUNCATE ledger"])
def test_the_database_itself_refuses_to_change_what_happened(told: Database, statement: str) -> None:
    engine = create_engine(told.url)
    with pytest.raises(DBAPIError, match="ledger"), engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
