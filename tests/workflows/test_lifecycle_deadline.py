"""How long does a promotion wait? So long from the moment it waits for people, and not at all once authorised."""

import pytest

from bot.exchange import ExitCode
from gates.refusal import Unavailable
from tests.hands import change_rules, commit_as, entry, pull_request, sleepy, tick
from tests.world import START, World
from workflows.forge import PullRequestState

TWO_DAYS = 2 * 86_400


def test_the_deadline_counts_from_entering_waiting_and_not_from_the_request(served: World) -> None:
    served.scorer.unavailable = "No machine is free."
    with pytest.raises(Unavailable):
        served.say("alice", "promote churn 2 to staging")
    assert served.promotion(2).deadline is None
    served.scorer.unavailable = None
    served.clock.now = START + 5_000
    tick(served)
    assert (served.promotion(2).waiting_since, served.promotion(2).deadline) == (
        START + 5_000,
        START + 5_000 + TWO_DAYS,
    )


def test_it_is_alive_one_second_before_its_deadline_and_expired_at_it(asked: World) -> None:
    asked.clock.now = START + TWO_DAYS - 1
    tick(asked)
    assert asked.state(2) == "waiting"
    asked.clock.now += 1
    assert asked.state(2) == "waiting"
    tick(asked)
    expired = asked.promotion(2)
    assert (expired.state, expired.problem) == ("expired", "Nobody decided before its deadline.")
    assert pull_request(asked, expired).state is PullRequestState.CLOSED
    assert entry(asked, "P2", "expired").body["from"] == "waiting"


def test_an_approval_after_the_deadline_comes_too_late(asked: World) -> None:
    asked.clock.now = START + TWO_DAYS
    reply = asked.say("bob", "approve P2")
    assert (reply.code, reply.data["state"]) == (ExitCode.REFUSED, "expired")
    assert asked.registry.alias("churn", "staging") == "1"


def test_a_recheck_neither_moves_the_deadline_nor_outlives_it(asked: World) -> None:
    asked.clock.now += 86_400
    asked.say("alice", "recheck P2")
    assert asked.promotion(2).deadline == START + TWO_DAYS
    asked.clock.now = START + TWO_DAYS
    assert asked.say("alice", "recheck P2").data["state"] == "expired"


@pytest.mark.full
def test_what_was_blocked_and_waits_again_has_its_whole_time(asked: World) -> None:
    branch = pull_request(asked, asked.promotion(2)).branch
    commit_as(asked, "carol@example.org", branch, {"README.md": b"hello"})
    tick(asked)
    assert (asked.state(2), asked.promotion(2).deadline) == ("blocked", None)
    asked.clock.now = START + 3 * 86_400
    commit_as(asked, "carol@example.org", branch, {"README.md": None})
    tick(asked)
    assert (asked.state(2), asked.promotion(2).deadline) == ("waiting", START + 5 * 86_400)


@pytest.mark.full
def test_a_changed_subject_is_a_new_question_with_the_time_of_the_new_policy(asked: World) -> None:
    asked.clock.now += 86_400
    change_rules(
        asked, "policies/churn.yaml", "    expires_after: 2d\n  production", "    expires_after: 5d\n  production"
    )
    tick(asked)
    assert asked.promotion(2).deadline == START + 6 * 86_400


@pytest.mark.full
def test_nothing_expires_once_authorised(served: World) -> None:
    forge = sleepy(served, 2)
    served.say("alice", "promote churn 2 to staging")
    with pytest.raises(Unavailable):
        served.say("bob", "approve P2")
    served.clock.now = START + 30 * 86_400
    forge.asleep = frozenset()
    tick(served)
    assert served.state(2) == "promoted"
