"""Where does each promotion stand, and which ones are open?"""

from dataclasses import replace

import pytest

from gates.evidence import Kind
from gates.refusal import UserError
from storage.database import Database, Work
from storage.lanes import Lane
from storage.promotions import OPEN_STATES, BlockedBy, Created, Promotion

LANE = Lane(project="bank", model="loan-approval", environment="production")


def create(work: Work, *, message_id: str | None = None, lane: Lane = LANE, version: str = "2") -> Created:
    return work.promotions.create(
        project=lane.project, model=lane.model, version=version, environment=lane.environment, kind=Kind.PROMOTE,
        requester="alice", requester_account="alice@forge", reason="better", surface="terminal",
        message_id=message_id, at=100,
    )  # fmt: skip


def in_state(work: Work, state: str, *, lane: Lane = LANE, digest: str | None = None) -> Promotion:
    return work.promotions.save(replace(create(work, lane=lane).promotion, state=state, digest=digest))


def test_a_new_promotion_is_being_evaluated_and_knows_its_name_and_lane(database: Database) -> None:
    with database.transaction() as work:
        created = create(work, message_id="m1")
    promotion = created.promotion
    assert not created.repeated
    assert (promotion.name, promotion.state, promotion.lane) == ("P1", "evaluating", LANE)
    with database.reading() as work:
        assert work.promotions.get("bank", 1) == promotion


def test_the_same_message_asks_once(database: Database) -> None:
    with database.transaction() as work:
        first = create(work, message_id="m1", version="2").promotion
    with database.transaction() as work:
        assert create(work, message_id="m1", version="3") == (first, True)
        assert create(work, message_id="m2") == (replace(first, id=2, message_id="m2"), False)
        other = Lane(project="shop", model="loan-approval", environment="production")
        assert create(work, message_id="m1", lane=other).promotion.id == 3


def test_promotions_without_a_message_are_never_the_same(database: Database) -> None:
    with database.transaction() as work:
        assert [create(work).promotion.id for _ in range(3)] == [1, 2, 3]


def test_every_field_comes_back_as_it_was_saved(database: Database) -> None:
    with database.transaction() as work:
        first, second = create(work).promotion, create(work).promotion
        full = replace(
            first, state="blocked", assurance="asserted", digest="d", branch="mlops/P1-x", pull_request=7,
            pull_request_url="pull/7", head="h", subject_digest="s", evidence_digest="e",
            blocked_by=(
                BlockedBy(reason_code="gate_failed", summary="it harms", who=("bob", "carol"), next="recheck P1"),
                BlockedBy(reason_code="another_open", summary="P0 is open"),
            ),
            waiting_since=2**40, deadline=2**41, superseded_by=second.id, authorised_head="h", authorised_tree="t",
            merge_commit="m", updated_at=200, problem="it broke",
        )  # fmt: skip
        assert work.promotions.save(full) == full
    with database.reading() as work:
        assert work.promotions.get("bank", 1) == full


def test_a_promotion_that_nobody_asked_for_is_refused_by_name(database: Database) -> None:
    with database.transaction() as work:
        create(work)
    with database.reading() as work:
        with pytest.raises(UserError, match="no promotion P12 in bank: mlops status"):
            work.promotions.get("bank", 12)
        with pytest.raises(UserError, match="no promotion P1 in shop"):
            work.promotions.get("shop", 1)
        assert work.promotions.find(12) is None


def test_what_was_never_created_cannot_be_saved(database: Database) -> None:
    with database.transaction() as work:
        ghost = replace(create(work).promotion, id=9)
        with pytest.raises(LookupError, match="P9 was never created"):
            work.promotions.save(ghost)


def test_only_open_promotions_hold_a_lane_and_the_oldest_comes_first(database: Database) -> None:
    ended = ("promoted", "rejected", "withdrawn", "expired", "superseded", "failed", "rolled_back")
    staging = replace(LANE, environment="staging")
    with database.transaction() as work:
        for state in (*ended, *sorted(OPEN_STATES)):
            in_state(work, state)
        in_state(work, "waiting", lane=staging)
        in_lane = work.promotions.open_in_lane(LANE)
        assert [promotion.state for promotion in in_lane] == sorted(OPEN_STATES)
        assert work.promotions.open("bank") == (*in_lane, *work.promotions.open_in_lane(staging))
        assert work.promotions.open("shop") == ()
        assert len(work.promotions.of_lane(LANE)) == len(in_lane) + len(ended)
        assert len(work.promotions.of_model("bank", "loan-approval")) == len(work.promotions.all("bank"))


def test_the_champion_comes_from_the_newest_promotion_that_still_stands(database: Database) -> None:
    with database.transaction() as work:
        assert work.promotions.latest_promoted(LANE) is None
        in_state(work, "promoted", digest="a")
        second = in_state(work, "promoted", digest="b")
        in_state(work, "rolled_back", digest="c")
        in_state(work, "failed", digest="d")
        assert work.promotions.latest_promoted(LANE) == second
        assert work.promotions.promoted_digests(LANE) == {"a", "b", "c"}
        assert work.promotions.promoted_digests(replace(LANE, environment="staging")) == frozenset()


def test_a_pull_request_leads_to_its_newest_promotion(database: Database) -> None:
    with database.transaction() as work:
        for _ in range(2):
            work.promotions.save(replace(create(work).promotion, pull_request=7))
        found = work.promotions.by_pull_request("bank", 7)
        assert found is not None
        assert found.id == 2
        assert work.promotions.by_pull_request("shop", 7) is None
