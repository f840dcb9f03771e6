"""Does everything that belongs together get written together, or not at all?"""

import sqlite3
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError, OperationalError

from gates.evidence import Kind
from gates.refusal import UserError
from policies.decision import Decision
from storage.database import SCHEMA, Database, Work
from storage.lanes import Lane, LaneState
from storage.link_codes import LinkCode
from storage.posts import PostRow

LANE = Lane(project="bank", model="loan-approval", environment="production")


def write_a_promotion(work: Work) -> None:
    work.promotions.create(
        project="bank", model="loan-approval", version="2", environment="production", kind=Kind.PROMOTE,
        requester="alice", requester_account="alice", reason="", surface="terminal", message_id="m1", at=100,
    )  # fmt: skip


def write_a_decision(work: Work) -> None:
    work.decisions.add(
        "P1",
        Decision(
            person="bob", account="bob", approves=True, reason="", surface="terminal", assurance="platform",
            evidence_digest="e" * 64, at=100,
        ),
    )  # fmt: skip


REVIEW = Decision(
    person="bob", account="bob", approves=True, reason="", surface="github_review", assurance="platform",
    evidence_digest="e" * 64, at=100, source="review 80",
)  # fmt: skip


def write_a_rulebook_change(work: Work) -> None:
    work.rulebook_changes.create(project="bank", pull_request=4, url="", head="h", digest="d", author="dave", at=100)


WRITES = (
    write_a_promotion,
    write_a_rulebook_change,
    write_a_decision,
    lambda work: work.lanes.save(LaneState(lane=LANE, frozen="out_of_band", since=100)),
    lambda work: work.lanes.set_main_seen("bank", "abc"),
    lambda work: work.ledger.append(kind="requested", project="bank", subject="P1", key="P1", body={}, at=100),
    lambda work: work.outbox.put("look:P1", "look", str(LANE), {}, 100),
    lambda work: work.messages.remember("terminal", "m1", {"text": "done"}, 100),
    lambda work: work.inbox.put("github", "d1", {"kind": "look"}, 100),
    lambda work: work.inbox.set_swept_until("github", "bank", 100),
    lambda work: work.decisions.add("P1", REVIEW),
    lambda work: work.decisions.revoke("P1", "review 80", why="the review was dismissed", at=101),
    lambda work: work.posts.save(PostRow(platform="slack", promotion="P1", project="bank", channel="C0GENERAL")),
    lambda work: work.conversations.put("teams", "user:t/o", {"id": "1"}, 100),
    lambda work: work.link_codes.make("h", LinkCode(platform="slack", account="T/U", project="bank", expires_at=700)),
    lambda work: work.link_codes.missed("slack", "T/U", now=100, forgotten_at=700),
)
"""One line for each table that a transaction may write."""


def rows(database_file: Path) -> dict[str, int]:
    """Count the rows of every table, with nothing of ours in between."""
    connection = sqlite3.connect(database_file)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    counts = {t: connection.execute(f"SELECT COUNT(*) FROM {t}").fetchone()[0] for t in tables}  # noqa: S608 - our own names
    connection.close()
    return {table: count for table, count in counts.items() if table != "alembic_version"}


class PowerCutError(Exception):
    """What a process dies of between two lines."""


def write_and_die(work: Work, died_after: int) -> None:
    for write in WRITES[:died_after]:
        write(work)
    raise PowerCutError


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(died_after=st.integers(0, len(WRITES) - 1))
def test_a_transaction_that_dies_between_any_two_lines_leaves_nothing(
    database: Database, database_file: Path, died_after: int
) -> None:
    with pytest.raises(PowerCutError), database.transaction() as work:
        write_and_die(work, died_after)
    assert set(rows(database_file).values()) == {0}


def test_a_transaction_that_ends_leaves_every_line(database: Database, database_file: Path) -> None:
    with database.transaction() as work:
        for write in WRITES:
            write(work)
    assert rows(database_file) == {
        "promotion": 1, "rulebook_change": 1, "decision": 2, "lane": 1, "main_seen": 1, "ledger": 1, "outbox": 1,
        "message": 1, "inbox": 1, "inbox_mark": 1, "revocation": 1, "post": 1, "conversation": 1, "link_code": 1,
        "link_try": 1,
    }  # fmt: skip


def test_a_mistake_that_shows_only_at_the_end_undoes_the_whole_transaction(
    database: Database, database_file: Path
) -> None:
    with database.transaction() as work:
        write_a_rulebook_change(work)
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), database.transaction() as work:
        work.lanes.save(LaneState(lane=LANE, champion_promotion=77))
    assert {table for table, count in rows(database_file).items() if count} == {"rulebook_change"}


def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(database: Database) -> None:
    with database.reading() as before:
        assert before.ledger.size() == 0
        with database.transaction() as work:
            work.ledger.append(kind="requested", body={}, at=1)
        assert before.ledger.size() == 0
    with database.reading() as after:
        assert after.ledger.size() == 1


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(OperationalError, match="readonly"), database.reading() as work:
        work.ledger.append(kind="requested", body={}, at=1)


def test_a_transaction_inside_a_transaction_is_a_mistake_and_not_a_deadlock(database: Database) -> None:
    with (
        database.transaction(),
        pytest.raises(RuntimeError, match="transactions do not nest"),
        database.transaction(),
    ):
        pass


def test_after_a_transaction_that_failed_the_next_one_is_let_in(database: Database) -> None:
    with pytest.raises(PowerCutError), database.transaction():
        raise PowerCutError
    with database.transaction() as work:
        assert work.ledger.append(kind="requested", body={}, at=1).seq == 1


def test_threads_take_turns_and_no_number_is_lost_or_given_twice(database: Database) -> None:
    def append() -> None:
        for _ in range(10):
            with database.transaction() as work:
                work.ledger.append(kind="look", body={}, at=1)

    threads = [threading.Thread(target=append) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as work:
        assert [entry.seq for entry in work.ledger.all()] == list(range(1, 81))


def test_a_database_that_is_not_there_is_not_made_by_looking(database_file: Path) -> None:
    database = Database(f"sqlite:///{database_file}")
    with pytest.raises(UserError, match=r"no database at .*gatehouse.db yet: mlops db upgrade"), database.reading():
        pass
    assert database.current() is None
    assert not database_file.exists()


def test_a_database_of_an_older_schema_asks_for_the_upgrade(database_file: Path) -> None:
    database_file.parent.mkdir()
    sqlite3.connect(database_file).close()
    database_file.touch()
    database = Database(f"sqlite:///{database_file}")
    with (
        pytest.raises(UserError, match=f"has schema none, this program needs {SCHEMA}: mlops db upgrade"),
        database.transaction(),
    ):
        pass
    database.close()


def test_a_database_of_a_newer_schema_asks_for_the_newer_program(database: Database, database_file: Path) -> None:
    connection = sqlite3.connect(database_file)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(UserError, match=r"schema 9999, newer than .* mlops db upgrade"), database.reading():
        pass
    with pytest.raises(UserError, match="does not know"):
        database.upgrade()


def test_an_upgrade_that_is_repeated_changes_nothing(database: Database) -> None:
    with database.transaction() as work:
        work.ledger.append(kind="requested", body={}, at=1)
    database.upgrade()
    assert database.current() == SCHEMA
    with database.reading() as work:
        assert work.ledger.size() == 1


def test_the_database_is_opened_so_that_a_power_cut_loses_nothing(database: Database) -> None:
    with database.reading() as work:
        pragma = work.ledger._session.connection().exec_driver_sql  # noqa: SLF001 - what SQLite was told is seen nowhere else
        told = {name: pragma(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")}
        patience = pragma("PRAGMA busy_timeout").scalar()
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert patience == 30_000


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/gatehouse"])
def test_a_database_that_forgets_or_is_foreign_is_refused(url: str) -> None:
    with pytest.raises(UserError, match=r"storage\.url names"):
        Database(url)
