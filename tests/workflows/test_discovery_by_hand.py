"""Is a pull request that a person opens by hand the same promotion, and what becomes of one that cannot begin?"""

import pytest

from bot.exchange import ExitCode
from tests.clone import Clone
from tests.hands import checks, comment, commit_as, edit, on_main, open_by_hand, pull_request, tick
from tests.world import MODEL, World, reopened

STAGING_FILE = "models/churn/staging.yaml"
CARD = "models/churn/MODEL_CARD.md"


def manifest(version: str, digest: str = "") -> str:
    line = f"digest: {digest}\n" if digest else ""
    return f"model: churn\nenvironment: staging\nversion: '{version}'\n{line}"


def reasons(world: World, number: int) -> list[str]:
    return [line.reason_code for line in world.promotion(number).blocked_by]


@pytest.mark.full
def test_a_push_of_the_environment_file_starts_the_same_promotion_once(quiet: World) -> None:
    alice = Clone.of(quiet, "alice")
    alice.commit({STAGING_FILE: manifest("1")})
    said = alice.push("promote-churn-1")
    assert "Pull request 1 opened by alice: promote it by hand" in said

    reply = quiet.say("carol", "sync")
    assert reply.data["found"] == ["Pull request 1, opened by hand, is P1. Next: mlops status P1"]
    assert reply.text.splitlines()[-1] == "Pull request 1, opened by hand, is P1. Next: mlops status P1"
    for _ in range(2):
        assert quiet.say("carol", "sync").data["found"] == []
        tick(quiet)

    promotion = quiet.promotion(1)
    assert (promotion.state, promotion.requester, promotion.surface, promotion.reason) == (
        "waiting",
        "alice",
        "pull_request",
        "promote it by hand",
    )
    refused = quiet.say("alice", "approve P1")
    assert (refused.code, "asked for this promotion" in refused.text) == (ExitCode.REFUSED, True)
    assert quiet.say("bob", "approve P1").code is ExitCode.DONE
    assert quiet.registry.alias(MODEL, "staging") == "1"
    assert f"digest: {promotion.digest}".encode() in (on_main(quiet, STAGING_FILE) or b"")
    with quiet.installation.database.reading() as work:
        assert len(work.promotions.all("default")) == 1
    assert quiet.say("carol", "sync").code is ExitCode.DONE


def test_it_is_found_by_the_sweep_and_after_a_restart_too(quiet: World) -> None:
    open_by_hand(quiet, "alice", edit("staging", "1"))
    again = reopened(quiet)
    tick(again)
    assert again.state(1) == "waiting"
    again.installation.database.close()


def test_a_digest_that_is_left_as_it_was_is_filled_in_by_the_bot(served: World) -> None:
    before = on_main(served, STAGING_FILE)
    assert before is not None
    open_by_hand(served, "alice", {STAGING_FILE: before.replace(b"'1'", b"'2'")})
    tick(served)
    assert served.state(2) == "waiting"
    promotion = served.promotion(2)
    written = served.forge.read(pull_request(served, promotion).head, STAGING_FILE)
    assert f"digest: {promotion.digest}".encode() in (written or b"")


def test_a_digest_that_is_right_is_taken_as_it_is(served: World) -> None:
    digest = served.promotion(1).digest
    assert digest is not None
    open_by_hand(
        served,
        "alice",
        {"models/churn/production.yaml": manifest("1", digest).replace("staging", "production").encode()},
    )
    tick(served)
    assert served.state(2) == "waiting"


def test_a_digest_of_something_else_is_blocked(quiet: World) -> None:
    open_by_hand(quiet, "alice", {STAGING_FILE: manifest("1", "ab" * 32).encode()})
    tick(quiet)
    assert (quiet.state(1), reasons(quiet, 1)) == ("blocked", ["bad_manifest"])


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        (manifest("1").replace("churn", "chrun"), "says chrun in staging, whose file is models/chrun/staging.yaml"),
        (manifest("1").replace("staging", "production"), "whose file is models/churn/production.yaml"),
        (manifest("1").replace("version", "verison"), "verison"),
        ("model: churn\nversion: [", "models/churn/staging.yaml"),
        ("", "models/churn/staging.yaml"),
    ],
    ids=["another model", "another environment", "a mistyped field", "no YAML", "empty"],
)
def test_a_file_that_cannot_be_meant_does_not_begin_and_is_told_why(quiet: World, content: str, mistake: str) -> None:
    open_by_hand(quiet, "alice", {STAGING_FILE: content.encode()})
    reply = quiet.say("carol", "sync")
    assert reply.code is ExitCode.DONE
    line = reply.text.splitlines()[-1]
    assert line.startswith("Pull request 1 cannot begin: ")
    assert mistake in line
    assert checks(quiet, 1) == {"mlops/promotion": "failure"}
    assert comment(quiet, 1).startswith("This pull request cannot begin. `bad_manifest`: ")


def test_it_begins_when_the_file_is_mended(quiet: World) -> None:
    open_by_hand(quiet, "alice", {STAGING_FILE: b"model: ["})
    tick(quiet)
    commit_as(quiet, "alice@example.org", "my-change", edit("staging", "1"))
    tick(quiet)
    assert quiet.state(1) == "waiting"
    assert "cannot begin" not in comment(quiet, 1)


@pytest.mark.parametrize(
    ("version", "reason"),
    [("99", "unknown_version"), ("1", "already_serving")],
)
def test_a_version_that_cannot_be_promoted_is_blocked_with_the_reason(served: World, version: str, reason: str) -> None:
    open_by_hand(served, "alice", {STAGING_FILE: f"# again\n{manifest(version)}".encode()})
    tick(served)
    assert (served.state(2), reasons(served, 2)) == ("blocked", [reason])


def test_an_environment_before_its_turn_is_blocked(quiet: World) -> None:
    open_by_hand(quiet, "alice", edit("production", "1"))
    tick(quiet)
    assert (quiet.state(1), reasons(quiet, 1)) == ("blocked", ["out_of_order"])


@pytest.mark.full
def test_a_second_one_in_the_lane_waits_its_turn_and_then_begins_by_itself(quiet: World) -> None:
    quiet.say("alice", "promote churn 1 to staging")
    open_by_hand(quiet, "alice", edit("staging", "2"))
    for _ in range(2):
        reply = quiet.say("carol", "sync")
        assert reply.text.splitlines()[-1] == (
            "Pull request 2 cannot begin: P1 (churn 1 to staging, waiting) is open in this lane; one at a time. "
            "Next: mlops status P1."
        )
    assert checks(quiet, 2) == {"mlops/promotion": "failure"}
    assert "`another_open`: P1 (churn 1 to staging, waiting) is open" in comment(quiet, 2)

    quiet.say("alice", "withdraw P1")
    tick(quiet)
    assert quiet.state(2) == "waiting"
    assert checks(quiet, 2)["mlops/promotion"] == "waiting"


@pytest.mark.full
def test_one_in_a_frozen_lane_is_told_so_and_begins_after_the_restore(served: World) -> None:
    served.registry.set_alias(MODEL, "staging", "2")
    served.say("carol", "sync")
    open_by_hand(served, "alice", edit("staging", "2"))
    tick(served)
    assert "`out_of_band`" in comment(served, 2)
    served.say("carol", "sync churn in staging --restore")
    tick(served)
    assert served.state(2) == "waiting"


@pytest.mark.full
def test_extra_files_block_it_until_they_are_gone(quiet: World) -> None:
    open_by_hand(quiet, "alice", {**edit("staging", "1"), "README.md": b"hello", "policies/churn.yaml": b"policy: x"})
    tick(quiet)
    assert (quiet.state(1), reasons(quiet, 1)) == ("blocked", ["unexpected_files"])
    assert "README.md" in quiet.say(None, "why P1").text
    policy = on_main(quiet, "policies/churn.yaml")
    commit_as(quiet, "alice@example.org", "my-change", {"README.md": None, "policies/churn.yaml": policy})
    tick(quiet)
    assert quiet.state(1) == "waiting"


def test_two_environments_in_one_pull_request_are_one_too_many(served: World) -> None:
    open_by_hand(served, "alice", {**edit("staging", "2"), **edit("production", "1")})
    tick(served)
    assert reasons(served, 2) == ["unexpected_files"]
