"""Is what a platform told kept until it is settled, once, and in the order in which it is due?"""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import JsonValue

from storage.database import Database

LOOK: dict[str, JsonValue] = {"kind": "look", "project": "shop", "number": 12}


def test_what_is_told_twice_is_kept_once_settled_or_not(database: Database) -> None:
    with database.transaction() as work:
        assert work.inbox.put("github", "d-1", LOOK, 100)
        assert not work.inbox.put("github", "d-1", {"kind": "other"}, 200)
        (row,) = work.inbox.due("github", 100)
        assert (row.key, row.heard, row.received_at, row.due_at, row.attempts) == ("d-1", LOOK, 100, 100, 0)
        work.inbox.settled(row.id, 150)
    with database.transaction() as work:
        assert not work.inbox.put("github", "d-1", LOOK, 300)
        assert work.inbox.known("github", "d-1")
        assert work.inbox.due("github", 999) == ()


def test_platforms_name_their_deliveries_as_they_like(database: Database) -> None:
    with database.transaction() as work:
        assert work.inbox.put("github", "d-1", LOOK, 100)
        assert work.inbox.put("slack", "d-1", {"kind": "other"}, 100)
        assert [row.heard for row in work.inbox.due("slack", 100)] == [{"kind": "other"}]
        assert not work.inbox.known("teams", "d-1")


def test_the_longest_overdue_comes_first_and_nothing_comes_too_soon(database: Database) -> None:
    with database.transaction() as work:
        for key, at in (("c", 30), ("a", 10), ("b", 10), ("d", 99)):
            work.inbox.put("github", key, LOOK, at)
        assert [row.key for row in work.inbox.due("github", 30)] == ["a", "b", "c"]
        assert work.inbox.next_due("github") == 10
        assert work.inbox.next_due("slack") is None


def test_what_failed_waits_for_its_next_time_and_keeps_its_reason(database: Database) -> None:
    with database.transaction() as work:
        work.inbox.put("github", "d-1", LOOK, 100)
        (row,) = work.inbox.due("github", 100)
        work.inbox.postponed(row.id, "GitHub does not answer", 110)
        work.inbox.postponed(row.id, "GitHub is tired", 130)
    with database.reading() as work:
        assert work.inbox.due("github", 129) == ()
        (row,) = work.inbox.due("github", 130)
        assert (row.attempts, row.problem, row.received_at) == (2, "GitHub is tired", 100)
        assert work.inbox.next_due("github") == 130


def test_only_what_was_settled_long_ago_is_forgotten(database: Database) -> None:
    with database.transaction() as work:
        for key in ("old", "new", "waiting"):
            work.inbox.put("github", key, LOOK, 100)
        old, new, _ = work.inbox.due("github", 100)
        work.inbox.settled(old.id, 150, problem="put aside: bug-1")
        work.inbox.settled(new.id, 300)
        work.inbox.put("slack", "old", LOOK, 100)
        (elsewhere,) = work.inbox.due("slack", 100)
        work.inbox.settled(elsewhere.id, 150)
        assert work.inbox.forget("github", 300) == 1
        assert work.inbox.forget("github", 300) == 0
        known = [work.inbox.known("github", key) for key in ("old", "new", "waiting")]
        assert known == [False, True, True]
        assert work.inbox.known("slack", "old")


def test_each_project_remembers_until_when_it_was_asked(database: Database) -> None:
    with database.transaction() as work:
        assert work.inbox.swept_until("github", "shop") is None
        work.inbox.set_swept_until("github", "shop", 2**40)
        work.inbox.set_swept_until("github", "shop", 2**40 + 1)
        work.inbox.set_swept_until("github", "bank", 7)
    with database.reading() as work:
        assert work.inbox.swept_until("github", "shop") == 2**40 + 1
        assert work.inbox.swept_until("github", "bank") == 7
        assert work.inbox.swept_until("slack", "shop") is None


def test_a_delivery_is_kept_whole_or_not_at_all(database: Database) -> None:
    def half() -> None:
        with database.transaction() as work:
            assert work.inbox.put("github", "d-1", LOOK, 100)
            work.inbox.settled(7, 1)

    with pytest.raises(LookupError, match="no row 7"):
        half()
    with database.reading() as work:
        assert not work.inbox.known("github", "d-1")


def test_what_was_acted_on_is_forgotten_but_for_its_key(database: Database, database_file: Path) -> None:
    with database.transaction() as work:
        work.inbox.put("slack", "a", {"words": "link K7MQ-2XPA"}, 100)
        work.inbox.put("slack", "b", {"words": "status"}, 100)
        done, aside = work.inbox.due("slack", 100)
        work.inbox.settled(done.id, 150)
        work.inbox.settled(aside.id, 150, problem="put aside: bug-1")
    with database.transaction() as work:
        assert not work.inbox.put("slack", "a", {"words": "again"}, 200)
    with closing(sqlite3.connect(database_file)) as rows:
        kept = rows.execute("SELECT key, heard FROM inbox ORDER BY key").fetchall()
    assert [(key, json.loads(heard)) for key, heard in kept] == [("a", {}), ("b", {"words": "status"})]
