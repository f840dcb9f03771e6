"""Does the ledger keep what happened, in order, found again, and never twice?"""

import hashlib
import sqlite3
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from storage.database import Database, Work
from storage.ledger import Entry, LedgerConflictError
from storage.merkle import leaf_hash, tree_hash


def test_an_entry_is_kept_as_canonical_bytes_beside_its_leaf_hash(database: Database, database_file: Path) -> None:
    with database.transaction() as work:
        entry = work.ledger.append(
            kind="authorised",
            project="bank",
            subject="P1",
            key="P1:abc",
            body={"tree": "t", "by": ["bob"]},
            at=1_800_000_000,
        )
    connection = sqlite3.connect(database_file)
    content, leaf = connection.execute("SELECT content, leaf FROM ledger").fetchone()
    connection.close()
    assert content == (
        b'{"at":1800000000,"body":{"by":["bob"],"tree":"t"},"key":"P1:abc","kind":"authorised","project":"bank","seq":1,'
        b'"subject":"P1"}'
    )
    assert leaf == hashlib.sha256(b"\x00" + content).digest()
    assert entry == Entry(
        seq=1, at=1_800_000_000, kind="authorised", project="bank", subject="P1", key="P1:abc",
        body={"tree": "t", "by": ["bob"]},
    )  # fmt: skip


def test_entries_are_numbered_from_one_without_gaps_even_after_a_failure(database: Database) -> None:
    with database.transaction() as work:
        assert [work.ledger.append(kind="look", body={}, at=1).seq for _ in range(3)] == [1, 2, 3]
    with pytest.raises(LedgerConflictError), database.transaction() as work:
        append_and_contradict(work)
    with database.transaction() as work:
        assert work.ledger.append(kind="look", body={}, at=2).seq == 4


def append_and_contradict(work: Work) -> None:
    for result in ("one thing", "another"):
        work.ledger.append(kind="observed", key="P1:merge", body={"result": result}, at=1)


def test_the_same_effect_written_twice_is_one_entry_as_it_was_first_written(database: Database) -> None:
    with database.transaction() as work:
        first = work.ledger.append(kind="intended", key="P1:merge", body={"head": "abc"}, at=1)
    with database.transaction() as work:
        again = work.ledger.append(kind="intended", key="P1:merge", body={"head": "abc"}, at=9)
        assert (again, work.ledger.size()) == (first, 1)


def test_two_stories_under_one_key_are_a_mistake_in_the_program(database: Database) -> None:
    with database.transaction() as work:
        work.ledger.append(kind="intended", key="P1:merge", body={"head": "abc"}, at=1)
    with pytest.raises(LedgerConflictError, match=r"'P1:merge' \(entry 1\) says"), database.transaction() as work:
        work.ledger.append(kind="intended", key="P1:merge", body={"head": "other"}, at=1)


def test_a_key_belongs_to_its_kind_and_no_key_may_repeat(database: Database) -> None:
    with database.transaction() as work:
        work.ledger.append(kind="intended", key="P1:merge", body={}, at=1)
        work.ledger.append(kind="observed", key="P1:merge", body={"result": "sha"}, at=2)
        work.ledger.append(kind="alarm", body={}, at=3)
        work.ledger.append(kind="alarm", body={}, at=3)
        found = work.ledger.find(kind="observed", key="P1:merge")
        assert found is not None
        assert found.seq == 2
        assert work.ledger.find(kind="observed", key="P2:merge") is None
        assert work.ledger.find(kind="alarm", key="") is None


def test_entries_are_found_by_what_they_are_about(database: Database) -> None:
    with database.transaction() as work:
        for subject in ("P1", "P12", "P1", ""):
            work.ledger.append(kind="look", subject=subject, body={}, at=1)
    with database.reading() as work:
        assert [entry.seq for entry in work.ledger.of("P1")] == [1, 3]
        assert [entry.subject for entry in work.ledger.all()] == ["P1", "P12", "P1", ""]


def test_the_root_at_any_size_is_the_tree_hash_of_that_many_entries(database: Database) -> None:
    with database.transaction() as work:
        for turn in range(5):
            work.ledger.append(kind="look", body={"turn": turn}, at=turn)
    with database.reading() as work:
        leaves = list(work.ledger.leaves())
        assert leaves == [leaf_hash(content) for content in work.ledger.contents()]
        assert [work.ledger.root(size) for size in range(6)] == [tree_hash(leaves[:size]) for size in range(6)]
        assert work.ledger.root() == work.ledger.root(5)
        with pytest.raises(ValueError, match="has 5 entries, so it has no root at size 6"):
            work.ledger.root(6)


VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(body=st.dictionaries(st.text(), VALUES, max_size=3), text=st.text())
def test_what_is_read_has_the_bytes_that_were_written(
    database: Database, body: dict[str, JsonValue], text: str
) -> None:
    with database.transaction() as work:
        entry = work.ledger.append(kind=text, project=text, subject="P1", body=body, at=1)
        stored = list(work.ledger.contents())[-1]
    assert entry.content() == stored


def test_a_key_is_found_by_an_index_and_not_by_reading_the_ledger(database: Database, database_file: Path) -> None:
    asked: list[str] = []
    with database.transaction() as work:
        work.ledger.append(kind="observed", key="P1:merge", body={}, at=1)
        pooled = work.ledger._session.connection().connection  # noqa: SLF001 - to hear what is asked
        connection = cast("sqlite3.Connection", pooled.dbapi_connection)
        connection.set_trace_callback(asked.append)
        work.ledger.find(kind="observed", key="P1:merge")
        connection.set_trace_callback(None)
    with sqlite3.connect(database_file) as reader:
        plan = [row[3] for query in asked for row in reader.execute(f"EXPLAIN QUERY PLAN {query}")]
    reader.close()
    assert plan == ["SEARCH ledger USING INDEX uq_ledger_kind_key (kind=? AND key=?)"]
