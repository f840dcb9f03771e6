"""May this be asked for now? One at a time in each lane, each message once, and nothing that could only be blocked."""

import pytest

from bot.exchange import ExitCode
from gates.refusal import UserError
from tests.hands import audited, checks, comment, drawn, edit, entry, open_by_hand, pull_request, tick
from tests.world import World
from workflows.forge import PullRequestState


def test_a_request_becomes_a_pull_request_with_exactly_one_environment_file_and_the_bots_own(quiet: World) -> None:
    reply = quiet.say("alice", "promote churn 1 to staging --reason 'a start'")
    assert (reply.code, reply.data["state"]) == (ExitCode.WAITING, "waiting")
    opened = pull_request(quiet, quiet.promotion(1))
    assert opened.branch == "mlops/P1-churn-1-staging"
    assert opened.author == "alice"
    base = quiet.forge.merge_base(opened.head)
    assert [change.path for change in quiet.forge.changes(base, opened.head)] == [
        *drawn(quiet, "P1"),
        "models/churn/evidence/staging/P1.html",
        "models/churn/evidence/staging/P1.json",
        "models/churn/evidence/staging/P1.md",
        "models/churn/staging.yaml",
    ]
    requested = entry(quiet, "P1", "requested").body
    assert (requested["person"], requested["reason"], requested["assurance"]) == ("alice", "a start", "asserted")


def test_a_second_request_in_a_lane_is_refused_with_the_name_of_the_first(quiet: World) -> None:
    quiet.say("alice", "promote churn 1 to staging")
    refused = quiet.say("carol", "promote churn 2 to staging")
    assert refused.code is ExitCode.REFUSED
    assert refused.text == (
        "P1 (churn 1 to staging, waiting) is open in this lane; one at a time. Next: mlops status P1."
    )
    assert quiet.state(1) == "waiting"


def test_the_same_requester_replaces_what_waits_and_its_pull_request_is_closed(quiet: World) -> None:
    quiet.say("alice", "promote churn 1 to staging")
    quiet.say("bob", "approve P1")
    quiet.say("alice", "promote churn 2 to staging")
    reply = quiet.say("alice", "promote churn 4 to staging")
    assert (reply.data["id"], reply.data["state"]) == ("P3", "waiting")
    assert quiet.state(1) == "promoted"
    replaced = quiet.promotion(2)
    assert (replaced.state, replaced.superseded_by, replaced.problem) == ("superseded", 3, "P3 took its place.")
    assert pull_request(quiet, replaced).state is PullRequestState.CLOSED
    assert entry(quiet, "P2", "superseded").body["by"] == "P3"
    assert quiet.say("bob", "approve P2").text.startswith("P2 is superseded, so there is nothing to approve now: P3")


def test_nobody_replaces_what_is_authorised(served: World) -> None:
    served.target.fail_switch = "The endpoint has no room."
    served.say("alice", "promote churn 2 to staging")
    with pytest.raises(Exception, match="no room"):
        served.say("bob", "approve P2")
    assert served.state(2) == "deploying"
    for words in ("promote churn 4 to staging", "rollback churn in staging to 1 --reason now"):
        refused = served.say("alice", words)
        assert refused.code is ExitCode.REFUSED
        assert "deploying" in refused.text or "champion" in refused.text
    assert "P2 is deploying; that cannot be changed" in served.say("alice", "withdraw P2").text
    assert "P2 is deploying; that cannot be changed" in served.say("alice", "recheck P2").text
    assert served.state(2) == "deploying"


@pytest.mark.full
def test_a_rollback_supersedes_what_anybody_else_has_open(served: World) -> None:
    served.promote_through("2", "staging")
    served.say("alice", "promote churn 4 to staging")
    reply = served.say("carol", "rollback churn in staging --reason complaints")
    assert (reply.data["state"], reply.data["version"]) == ("promoted", "1")
    assert (served.state(3), served.promotion(3).superseded_by) == ("superseded", 4)


def test_a_message_heard_twice_asks_once(quiet: World) -> None:
    first = quiet.say("alice", "promote churn 1 to staging", message_id="chat-17")
    again = quiet.say("alice", "promote churn 1 to staging", message_id="chat-17")
    assert first.data["id"] == again.data["id"] == "P1"
    quiet.say("bob", "approve P1")
    late = quiet.say("alice", "promote churn 1 to staging", message_id="chat-17")
    assert (late.data["id"], late.data["state"]) == ("P1", "promoted")
    with quiet.installation.database.reading() as work:
        assert len(work.promotions.all("default")) == 1
    assert quiet.ledger("P1").count("requested") == 1


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("promote churn 1 to staging", "churn v1 is the champion in staging already. Next: mlops status churn."),
        (
            "promote churn 2 to production",
            "churn v2 has not served in staging yet",
        ),
        (
            "retire churn in production --reason old",
            "Nothing serves churn in production, so there is nothing to retire",
        ),
        ("rollback churn in staging --reason bad", "No earlier version of churn was promoted to staging"),
        ("rollback churn in staging to 2 --reason bad", "churn v2 was never promoted to staging"),
    ],
)
def test_what_could_only_be_blocked_is_refused_at_once_and_leaves_no_trace(
    served: World, words: str, answer: str
) -> None:
    refused = served.say("alice", words)
    assert refused.code is ExitCode.REFUSED
    assert refused.text.startswith(answer)
    with served.installation.database.reading() as work:
        assert len(work.promotions.all("default")) == 1
    assert len(served.forge.open_pull_requests()) == 0


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("promote churn 9 to staging", "There is no churn v9; the latest is v5"),
        ("promote churm 1 to staging", "No model churm is registered: perhaps `churn` is meant"),
        ("promote churn 1 to stagin", "There is no environment 'stagin'"),
    ],
)
def test_a_name_that_nothing_has_is_wrong_usage(served: World, words: str, answer: str) -> None:
    with pytest.raises(UserError) as mistake:
        served.say("alice", words)
    assert str(mistake.value).startswith(answer)


def test_who_says_not_who_they_are_or_is_linked_to_nobody_looks_and_does_not_ask(quiet: World) -> None:
    with pytest.raises(UserError, match="Say who you are"):
        quiet.say(None, "promote churn 1 to staging")
    refused = quiet.say("mallory", "promote churn 1 to staging")
    assert refused.text.startswith("The account mallory is linked to no person, so it may look and not act")
    for words in ("status", "status churn", "history churn"):
        assert quiet.say("mallory", words).code is ExitCode.DONE


def test_a_second_pull_request_opened_by_hand_is_told_another_open_and_begins_when_the_lane_is_free(
    asked: World,
) -> None:
    by_hand = open_by_hand(asked, "alice", edit("staging", "4"))
    tick(asked)
    assert checks(asked, by_hand.number)["mlops/promotion"] == "failure"
    assert "`another_open`" in comment(asked, by_hand.number)
    assert asked.state(2) == "waiting"
    asked.say("alice", "withdraw P2")
    tick(asked)
    begun = asked.promotion(3)
    assert (begun.state, begun.pull_request, begun.version) == ("waiting", by_hand.number, "4")
    assert begun.requester == "alice"


def test_a_pull_request_opened_by_hand_goes_the_same_way_to_the_end(served: World) -> None:
    by_hand = open_by_hand(served, "alice", edit("staging", "2"))
    tick(served)
    refused = served.say("alice", "approve P2")
    assert refused.text.startswith("Alice asked for this promotion")
    served.say("bob", "approve P2")
    assert served.state(2) == "promoted"
    assert served.forge.pull_request(by_hand.number).state is PullRequestState.MERGED
    assert served.registry.alias("churn", "staging") == "2"
    assert not audited(served).problems


def test_a_frozen_lane_takes_no_promotion_and_says_how_to_thaw_it(served: World) -> None:
    served.registry.set_alias("churn", "staging", "2")
    tick(served)
    refused = served.say("alice", "promote churn 2 to staging")
    assert refused.code is ExitCode.REFUSED
    assert "churn in staging is frozen" in refused.text
    assert "mlops sync churn in staging --restore" in refused.text


@pytest.mark.full
def test_what_was_frozen_stays_so_through_a_rollback_until_a_person_restores_it(served: World) -> None:
    served.promote_through("2", "staging")
    served.registry.set_alias("churn", "staging", "4")
    tick(served)
    assert served.say("carol", "rollback churn in staging --reason bad").data["state"] == "promoted"
    assert "is frozen" in served.say("alice", "promote churn 4 to staging").text
    served.say("carol", "sync churn in staging --restore")
    assert served.say("alice", "promote churn 4 to staging").data["state"] == "waiting"
