"""Does every entry of the ledger say something to a person, and only what its body holds?"""

import pytest
from pydantic import JsonValue

from bot.house.entry_words import words_of
from bot.house.trails import CHANGED, event_from
from storage.ledger import Entry
from storage.ledger_search import Between, Wanted
from tests.hands import edit, move_main
from tests.world import World


def said(kind: str, body: dict[str, JsonValue]) -> str:
    return words_of(Entry(seq=1, at=0, kind=kind, project="default", subject="P1", key="", body=body))


def last_said(world: World, kind: str) -> str:
    """Return what the page, the spreadsheet and the trail say of the newest entry of a kind."""
    with world.installation.database.reading() as work:
        rows = work.ledger.stretch(Wanted(kinds=(kind,)), Between(), 1)
    return event_from(rows[0]).text


def test_no_entry_of_a_life_is_silent(lived_in: World) -> None:
    move_main(lived_in, edit("staging", "4"))
    lived_in.say("carol", "sync")
    lived_in.say("carol", "sync churn in staging --restore")
    lived_in.say("carol", "rollback churn in staging --reason complaints")
    lived_in.say("carol", "retire churn in production --reason replaced")
    lived_in.say("alice", "promote churn 5 to staging")
    lived_in.say("alice", "withdraw P6")
    with lived_in.installation.database.reading() as work:
        entries = tuple(map(event_from, work.ledger.stretch(Wanted(), Between(oldest_first=True), None)))
    assert {one.kind for one in entries if not one.text or one.text == CHANGED} == set()
    assert {"authorised", "deploying", "promoted", "rolled_back", "looked"} <= {one.kind for one in entries}


def test_a_move_names_what_moved_where_and_who_decided(lived_in: World) -> None:
    assert last_said(lived_in, "authorised") == "staging to v2, by bob"
    assert last_said(lived_in, "promoted") == "staging to v2"


def test_a_comparison_names_both_versions_and_what_came_out(served: World) -> None:
    served.say(None, "compare churn 3")
    assert last_said(served, "compared") == "v3 with v1 in staging: fail"


def test_a_comparison_before_anything_serves_names_one_version(quiet: World) -> None:
    quiet.say(None, "compare churn 2")
    assert last_said(quiet, "compared").startswith("v2 alone in staging: ")


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        (
            "authorised",
            {"subject": {"environment": "staging", "challenger": None}, "decisions": []},
            "staging to nothing",
        ),
        ("promoted", {"version": None, "environment": "staging", "receipt": "a" * 64}, "staging to nothing"),
        ("promoted", {"receipt": "a" * 64, "evidence_digest": "e" * 64}, "receipt aaaaaaaaaaaa"),
        ("compared", {"evidence_digest": "e" * 64, "version": "3", "with": "2"}, "v3 with v2"),
        ("compared", {"evidence_digest": "e" * 64, "version": "3", "with": None}, "v3 with what served"),
        ("deploying", {"merge_commit": "c" * 40, "state": "deploying"}, "cccccccccccc"),
        ("given_up", {"reason": "it did not answer"}, "it did not answer"),
        ("rulebook_proposed", {"pull_request": 3, "author": "dana", "title": "Stricter"}, "dana: Stricter"),
        ("rulebook_read", {"digest": "d" * 64}, "dddddddddddd"),
        ("rulebook_withdrawn", {"digest": "d" * 64, "problem": ""}, "dddddddddddd"),
    ],
)
def test_rare_entries_and_those_of_older_releases_speak_too(kind: str, body: dict[str, JsonValue], words: str) -> None:
    assert said(kind, body) == words
