"""Do lanes, decisions, rulebook changes, the outbox and answered messages come back as they were left?"""

from dataclasses import replace

import pytest

from gates.evidence import VersionRef
from gates.refusal import UserError
from policies.decision import Decision
from storage.database import Database, Work
from storage.lanes import Lane, LaneState
from storage.rulebook_changes import RulebookChange

LANE = Lane(project="bank", model="loan-approval", environment="production")
APPROVAL = Decision(
    person="bob", account="bob", approves=True, reason="well measured", surface="terminal", assurance="platform",
    evidence_digest="e" * 64, at=100,
)  # fmt: skip


def test_a_lane_never_saved_is_empty_and_not_frozen(database: Database) -> None:
    with database.reading() as work:
        assert work.lanes.get(LANE) == LaneState(lane=LANE)
        assert work.lanes.all("bank") == ()
        assert work.lanes.main_seen("bank") is None


def test_a_lane_comes_back_as_it_was_saved_and_can_be_saved_again(database: Database) -> None:
    state = LaneState(
        lane=LANE, champion=VersionRef(version="2", digest="d"), frozen="out_of_band", frozen_detail="moved by hand",
        since=2**40, main_commit="abc",
    )  # fmt: skip
    with database.transaction() as work:
        work.lanes.save(LaneState(lane=LANE))
        work.lanes.save(state)
        work.lanes.save(LaneState(lane=replace(LANE, environment="staging")))
        work.lanes.save(LaneState(lane=replace(LANE, project="shop")))
    with database.reading() as work:
        assert work.lanes.get(LANE) == state
        assert [str(found.lane) for found in work.lanes.all("bank")] == [
            "bank/loan-approval/production",
            "bank/loan-approval/staging",
        ]


def test_the_last_commit_of_main_is_remembered_for_each_project(database: Database) -> None:
    with database.transaction() as work:
        work.lanes.set_main_seen("bank", "abc")
        work.lanes.set_main_seen("bank", "def")
        work.lanes.set_main_seen("shop", "123")
    with database.reading() as work:
        assert (work.lanes.main_seen("bank"), work.lanes.main_seen("shop")) == ("def", "123")


def test_the_same_decision_said_twice_is_one(database: Database) -> None:
    with database.transaction() as work:
        assert work.decisions.add("P1", APPROVAL)
        assert not work.decisions.add("P1", replace(APPROVAL, reason="again", surface="pull_request", at=200))
        assert work.decisions.of("P1") == (APPROVAL,)


def test_another_person_content_or_opinion_is_another_decision(database: Database) -> None:
    others = (
        replace(APPROVAL, approves=False),
        replace(APPROVAL, evidence_digest="f" * 64),
        replace(APPROVAL, person="carol", account="carol"),
        replace(APPROVAL, person=None, account="bob"),
        replace(APPROVAL, person=None, account="stranger"),
    )
    with database.transaction() as work:
        assert all(work.decisions.add("P1", decision) for decision in (APPROVAL, *others))
        assert work.decisions.add("R1", APPROVAL)
    with database.reading() as work:
        assert work.decisions.of("P1") == (APPROVAL, *others)
        assert work.decisions.of("R1") == (APPROVAL,)
        assert work.decisions.of("P2") == ()


def change(work: Work, pull_request: int, project: str = "bank") -> tuple[RulebookChange, bool]:
    return work.rulebook_changes.create(
        project=project, pull_request=pull_request, url="pull/4", head="h", digest="d", author="dave", at=100
    )


def test_a_pull_request_is_one_rulebook_change_however_often_it_is_seen(database: Database) -> None:
    with database.transaction() as work:
        first, repeated = change(work, 4)
        assert (first.name, first.state, repeated) == ("R1", "waiting", False)
        assert change(work, 4) == (first, True)
        assert change(work, 5)[0].name == "R2"
        assert change(work, 4, "shop")[0].name == "R3"


def test_a_rulebook_change_comes_back_as_it_was_saved(database: Database) -> None:
    with database.transaction() as work:
        accepted = replace(change(work, 4)[0], state="accepted", head="h2", digest="d2", updated_at=200)
        work.rulebook_changes.save(accepted)
        waiting = change(work, 5)[0]
    with database.reading() as work:
        changes = work.rulebook_changes
        assert changes.get("bank", 1) == changes.find(1) == changes.by_pull_request("bank", 4) == accepted
        assert (changes.all("bank"), changes.open("bank")) == ((accepted, waiting), (waiting,))
        assert changes.find(9) is None
        with pytest.raises(UserError, match="no rulebook change R1 in shop"):
            changes.get("shop", 1)
    with pytest.raises(LookupError, match="R9 was never created"), database.transaction() as work:
        work.rulebook_changes.save(replace(accepted, id=9))


def test_a_workflow_asked_for_twice_is_started_once_and_at_the_sooner_time(database: Database) -> None:
    with database.transaction() as work:
        first = work.outbox.put("look:P1", "look", str(LANE), {"promotion": 1}, 50)
        assert work.outbox.put("look:P1", "look", str(LANE), {"promotion": 1}, 40) == replace(first, due_at=40)
        assert work.outbox.put("look:P1", "look", str(LANE), {"promotion": 1}, 90).due_at == 40
        assert len(work.outbox.pending()) == 1


def test_what_is_done_is_not_asked_for_again_under_the_same_key(database: Database) -> None:
    with database.transaction() as work:
        row = work.outbox.put("look:P1", "look", str(LANE), {}, 50)
        work.outbox.done(row.id, 60)
        work.outbox.done(row.id, 70)
        assert work.outbox.put("look:P1", "look", str(LANE), {}, 80).done_at == 60
        assert (work.outbox.pending(), work.outbox.next_due()) == ((), None)


def test_what_failed_waits_for_its_next_time_and_keeps_its_error(database: Database) -> None:
    with database.transaction() as work:
        row = work.outbox.put("look:P1", "look", str(LANE), {}, 50)
        work.outbox.failed(row.id, "the forge does not answer", 70)
        work.outbox.failed(row.id, "the forge is tired", 90)
    with database.reading() as work:
        assert work.outbox.due(89) == ()
        assert work.outbox.due(90) == (replace(row, due_at=90, attempts=2, last_error="the forge is tired"),)


def test_the_longest_overdue_comes_first_and_lanes_are_told_apart(database: Database) -> None:
    with database.transaction() as work:
        for key, lane, due_at in (("c", "x", 30), ("a", "x", 10), ("b", "y", 10), ("d", "y", 99)):
            work.outbox.put(key, "look", lane, {}, due_at)
        assert [row.key for row in work.outbox.due(30)] == ["a", "b", "c"]
        assert [row.key for row in work.outbox.pending("y")] == ["b", "d"]
        assert work.outbox.next_due() == 10


def test_an_outbox_row_that_is_not_there_cannot_be_done(database: Database) -> None:
    with database.transaction() as work, pytest.raises(LookupError, match="no row 7"):
        work.outbox.done(7, 1)


def test_a_message_heard_twice_has_the_first_answer(database: Database) -> None:
    with database.transaction() as work:
        assert work.messages.seen("terminal", "m1") is None
        assert work.messages.remember("terminal", "m1", {"text": "P1 is open"}, 1) == {"text": "P1 is open"}
    with database.transaction() as work:
        assert work.messages.remember("terminal", "m1", {"text": "other"}, 2) == {"text": "P1 is open"}
        assert work.messages.seen("terminal", "m1") == {"text": "P1 is open"}
        assert work.messages.seen("console", "m1") is None
