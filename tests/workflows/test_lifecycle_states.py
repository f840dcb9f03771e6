"""The drawing in workflows/states.py is the law: these are its moves, each is taken, and there are no others."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from gates.refusal import Unavailable
from tests.hands import Ear, change_rules, commit_as, journey, pull_request, sleepy, tick
from tests.world import World
from workflows import states
from workflows.states import MOVES, OPEN, UNDECIDED, IllegalMoveError, State, moved

ENDED = set(State) - OPEN - {State.PROMOTED}
ALL = {(before.value, after.value) for before, reachable in MOVES.items() for after in reachable}


def drawn() -> set[tuple[str, str]]:
    """Read the arrows of the drawing: a line that names no state before its arrow goes on from the one above."""
    found: set[tuple[str, str]] = set()
    before = ""
    for line in str(states.__doc__).splitlines():
        stations = [re.findall(r"[a-z_]+", part) for part in re.split(r"-{2,}>", line.split("(", 1)[0])]
        if len(stations) > 1:
            before = stations[0][0] if stations[0] else before
            for here, after in zip([[before], *stations[1:]], stations[1:], strict=False):
                found |= {(one, other) for one in here for other in after}
    return found


def test_the_drawing_shows_exactly_the_legal_moves() -> None:
    assert drawn() == ALL


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_a_move_that_is_not_drawn_is_refused_and_staying_is_allowed(before: State, after: State) -> None:
    if after == before or after in MOVES[before]:
        assert moved(before, after) is after
    else:
        with pytest.raises(IllegalMoveError, match=f"cannot go from {before} to {after}"):
            moved(before, after)


def test_what_has_ended_never_moves_again_and_only_the_undecided_can_be_taken_back() -> None:
    assert all(not MOVES[state] for state in ENDED)
    assert MOVES[State.PROMOTED] == {State.ROLLED_BACK}
    assert {state for state, after in MOVES.items() if State.WITHDRAWN in after} == UNDECIDED
    assert {state for state, after in MOVES.items() if State.SUPERSEDED in after} == UNDECIDED


# Stories, each with the way that its first promotion goes; together they take every legal move.

Story = Callable[[World], str]
STORIES: dict[str, tuple[Story, str]] = {}


def tells(way: str) -> Callable[[Story], Story]:
    """Note a story under its way."""

    def note(story: Story) -> Story:
        STORIES[story.__name__.removeprefix("_")] = (story, way)
        return story

    return note


@tells("evaluating waiting authorised deploying promoted rolled_back")
def _a_champion_loses_its_place_to_a_rollback(world: World) -> str:
    world.promote_through("2", "staging")
    world.say("carol", "rollback churn in staging --reason complaints")
    return "P2"


@tells("evaluating waiting rejected")
def _a_validator_rejects_what_waits(world: World) -> str:
    world.say("alice", "promote churn 2 to staging")
    world.say("bob", "reject P2 --reason 'not convinced'")
    return "P2"


@tells("evaluating blocked evaluating blocked rejected")
def _a_validator_rejects_what_a_gate_blocks_for_good(world: World) -> str:
    world.say("alice", "promote churn 3 to staging")
    world.say("bob", "recheck P2")
    world.say("bob", "reject P2 --reason 'it harms people'")
    return "P2"


@tells("evaluating blocked withdrawn")
def _a_blocked_one_is_withdrawn(world: World) -> str:
    world.say("alice", "promote churn 3 to staging")
    world.say("alice", "withdraw P2")
    return "P2"


@tells("evaluating waiting withdrawn")
def _a_waiting_ones_pull_request_is_closed_by_hand(world: World) -> str:
    world.say("alice", "promote churn 2 to staging")
    world.forge.close(2, comment="I changed my mind.")
    tick(world)
    return "P2"


@tells("evaluating blocked superseded")
def _a_blocked_one_is_replaced(world: World) -> str:
    world.say("alice", "promote churn 3 to staging")
    world.say("alice", "promote churn 2 to staging")
    return "P2"


@tells("evaluating waiting superseded")
def _a_waiting_one_is_replaced(world: World) -> str:
    world.say("alice", "promote churn 2 to staging")
    world.say("alice", "promote churn 4 to staging")
    return "P2"


@tells("evaluating superseded")
def _one_whose_scoring_sleeps_is_replaced(world: World) -> str:
    _ask_while_scoring_sleeps(world)
    world.scorer.unavailable = None
    world.say("alice", "promote churn 4 to staging")
    return "P2"


@tells("evaluating withdrawn")
def _one_whose_scoring_sleeps_is_withdrawn(world: World) -> str:
    _ask_while_scoring_sleeps(world)
    world.say("alice", "withdraw P2")
    return "P2"


@tells("evaluating failed")
def _one_whose_scoring_sleeps_is_merged_past_the_bot(world: World) -> str:
    _ask_while_scoring_sleeps(world)
    here = pull_request(world, world.promotion(2))
    world.forge.merge(here.number, expected_head=here.head, message="I could not wait", at=world.clock())
    world.scorer.unavailable = None
    world.clock.now += 600
    tick(world)
    return "P2"


@tells("evaluating waiting expired")
def _nobody_decides_in_time(world: World) -> str:
    world.say("alice", "promote churn 2 to staging")
    world.clock.now += 2 * 86_400
    tick(world)
    return "P2"


@tells("evaluating waiting failed")
def _a_version_that_does_not_start(world: World) -> str:
    world.target.fail_prepare["2"] = "it answers with an error"
    world.promote_through("2", "staging")
    return "P2"


@tells("evaluating waiting evaluating waiting blocked evaluating waiting")
def _one_is_rechecked_then_tampered_with_then_mended(world: World) -> str:
    world.say("alice", "promote churn 2 to staging")
    world.say("bob", "recheck P2")
    branch = pull_request(world, world.promotion(2)).branch
    commit_as(world, "carol@example.org", branch, {"README.md": b"I was here."})
    tick(world)
    commit_as(world, "carol@example.org", branch, {"README.md": None})
    tick(world)
    return "P2"


@tells("evaluating waiting authorised evaluating waiting authorised deploying promoted")
def _somebody_pushes_just_before_the_merge(world: World) -> str:
    world.say("alice", "promote churn 2 to staging")
    branch = pull_request(world, world.promotion(2)).branch
    push = {"models/churn/MODEL_CARD.md": b"# A better card"}
    world.told = Ear("merging", lambda: commit_as(world, "carol@example.org", branch, push))
    world.say("bob", "approve P2")
    return "P2"


@tells("evaluating waiting authorised failed")
def _the_pull_request_is_closed_just_before_the_merge(world: World) -> str:
    world.say("alice", "promote churn 2 to staging")
    world.told = Ear("merging", lambda: world.forge.close(2, comment="Stop!"))
    world.say("bob", "approve P2")
    return "P2"


@tells("evaluating waiting authorised deploying failed")
def _a_target_that_cannot_switch(world: World) -> str:
    world.target.fail_switch = "The endpoint has no room."
    world.say("alice", "promote churn 2 to staging")
    world.told = Ear("switching", lambda: world.clock.sleep(3600))
    world.say("bob", "approve P2")
    return "P2"


def _ask_while_scoring_sleeps(world: World) -> None:
    world.scorer.unavailable = "No machine is free."
    with pytest.raises(Unavailable, match="No machine is free"):
        world.say("alice", "promote churn 2 to staging")
    assert world.state(2) == "evaluating"


@pytest.mark.parametrize("name", STORIES)
def test_a_promotion_goes_the_way_that_its_story_tells(name: str, served: World) -> None:
    story, way = STORIES[name]
    assert journey(served, story(served)) == way.split()


def told_moves() -> Iterator[tuple[str, str]]:
    for _, way in STORIES.values():
        stations = way.split()
        yield from pairwise(stations)


def test_the_stories_take_every_legal_move() -> None:
    assert set(told_moves()) == ALL


def test_the_rules_can_change_under_an_authorised_promotion_and_it_is_judged_again(served: World) -> None:
    forge = sleepy(served, 2)
    served.say("alice", "promote churn 2 to staging")
    with pytest.raises(Unavailable, match="asleep"):
        served.say("bob", "approve P2")
    assert served.state(2) == "authorised"
    change_rules(served, "policies/churn.yaml", "margin: 0.02", "margin: 0.03")
    forge.asleep = frozenset()
    served.clock.now += 600
    tick(served)
    assert journey(served, "P2") == ["evaluating", "waiting", "authorised", "evaluating", "waiting"]
    assert "The policy changed" in served.promotion(2).problem
    assert served.registry.alias("churn", "staging") == "1"
