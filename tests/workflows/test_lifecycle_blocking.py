"""What blocks a promotion, what does it tell, and what frees it? Looked at from outside, by hands that anyone has."""

import pytest

from bot.exchange import ExitCode
from tests.hands import (
    change_rules,
    checks,
    commit_as,
    edit,
    entries,
    git,
    journey,
    move_main,
    on_main,
    open_by_hand,
    pull_request,
    tick,
)
from tests.world import MODEL, World

MINE = f"models/{MODEL}/staging.yaml"


def reason(world: World, number: int) -> str:
    """Return the one reason code that stands in the way, as `why --json` tells it."""
    told = world.say("bob", f"why P{number}").data
    lines = told["blocked_by"]
    assert isinstance(lines, list)
    codes = {str(line["reason_code"]) for line in lines if isinstance(line, dict)}
    assert len(codes) == 1, codes
    assert all(isinstance(line, dict) and line["summary"] and line["next"] for line in lines)
    return codes.pop()


def blocked_for(world: World, number: int) -> list[str]:
    """Return the reason codes for which it was ever blocked, in order."""
    return [str(one.body["reason_code"]) for one in entries(world, f"P{number}") if one.kind == "blocked"]


def waiting(world: World) -> str:
    """Ask for v2 in staging; return the branch."""
    assert world.say("alice", "promote churn 2 to staging").code is ExitCode.WAITING
    return pull_request(world, world.promotion(2)).branch


def test_files_that_nobody_expects_block_until_they_are_gone_and_the_decision_stays(served: World) -> None:
    branch = waiting(served)
    change = {"policies/churn.yaml": b"policy: churn\n", "train.py": b"print()\n"}
    commit_as(served, "carol@example.org", branch, change)
    reply = served.say("bob", "approve P2")
    assert (reply.code, served.state(2)) == (ExitCode.REFUSED, "blocked")
    assert reason(served, 2) == "unexpected_files"
    assert "also changes policies/churn.yaml, train.py" in reply.text
    assert checks(served, 2)["mlops/promotion"] == "failure"
    base = served.forge.merge_base(pull_request(served, served.promotion(2)).head)
    commit_as(served, "carol@example.org", branch, {path: served.forge.read(base, path) for path in change})
    tick(served)
    assert served.state(2) == "promoted"


BAD_MANIFESTS = {
    "staging.yaml": b"model: churn\nenvironment: staging\nversion: [2]\n",
    "production": b"model: churn\nenvironment: production\nversion: '2'\n",
    "the version was changed": b"model: churn\nenvironment: staging\nversion: '2'\ndigest: '" + b"0" * 64 + b"'\n",
    "is not in the pull request": None,
}


@pytest.mark.full
def test_an_environment_file_that_says_something_else_is_a_bad_manifest_until_it_is_mended(served: World) -> None:
    branch = waiting(served)
    good = served.forge.read(pull_request(served, served.promotion(2)).head, MINE)
    for words, content in BAD_MANIFESTS.items():
        commit_as(served, "carol@example.org", branch, {MINE: content})
        tick(served)
        assert (served.state(2), reason(served, 2)) == ("blocked", "bad_manifest")
        assert words in served.promotion(2).blocked_by[0].summary
    commit_as(served, "carol@example.org", branch, {MINE: good})
    tick(served)
    assert served.state(2) == "waiting"


def test_a_version_that_a_push_put_into_the_branch_is_measured_and_asks_anew(served: World) -> None:
    branch = waiting(served)
    commit_as(served, "carol@example.org", branch, edit("staging", "4"))
    reply = served.say("bob", "approve P2")
    assert reply.code is ExitCode.WAITING
    assert served.promotion(2).version == "4"
    assert "The version asking changed from v2" in reply.text
    assert journey(served, "P2") == ["evaluating", "waiting", "evaluating", "waiting"]


@pytest.mark.full
def test_a_main_that_moved_under_the_same_file_is_a_conflict_until_it_is_mended(served: World) -> None:
    waiting(served)
    before = on_main(served, MINE)
    move_main(served, {MINE: (before or b"").replace(b"'1'", b"'4'")})
    served.say("bob", "approve P2")
    assert (served.state(2), reason(served, 2)) == ("blocked", "conflict")
    assert MINE in served.promotion(2).blocked_by[0].summary
    git(served, "update-ref", "refs/heads/main", f"{served.forge.main_head()}~1")
    served.say("bob", "recheck P2")
    assert served.state(2) == "promoted"


@pytest.mark.full
def test_a_version_deleted_from_the_registry_blocks_and_one_put_back_is_the_one_decided_about(served: World) -> None:
    waiting(served)
    files = {"answers.json": b"[]", "MLmodel": b""}
    kept = dict(served.registry._models[MODEL].files["2"])  # noqa: SLF001 - the hand of somebody with a backup
    version = served.registry.version(MODEL, "2")
    served.registry.delete(MODEL, "2")
    assert served.say("bob", "approve P2").code is ExitCode.REFUSED
    assert reason(served, 2) == "unknown_version"
    assert "There is no churn v2" in served.promotion(2).blocked_by[0].summary
    held = served.registry._models[MODEL]  # noqa: SLF001 - as above
    held.versions["2"], held.files["2"] = version, files
    tick(served)
    assert (served.state(2), reason(served, 2)) == ("blocked", "bad_manifest")
    held.files["2"] = kept
    tick(served)
    assert served.state(2) == "promoted"


@pytest.mark.full
def test_a_pull_request_by_hand_is_held_out_of_order_until_the_environment_before_has_served_it(served: World) -> None:
    open_by_hand(served, "alice", edit("production", "2"))
    tick(served)
    assert (served.state(2), reason(served, 2)) == ("blocked", "out_of_order")
    assert "has not served in staging yet" in served.promotion(2).blocked_by[0].summary
    served.say("alice", "promote churn 2 to staging")
    served.say("bob", "approve P3")
    assert (served.state(3), served.state(2)) == ("promoted", "waiting")


def test_a_pull_request_by_hand_for_what_serves_already_is_held(served: World) -> None:
    open_by_hand(served, "alice", edit("staging", "1"))
    tick(served)
    assert (served.state(2), reason(served, 2)) == ("blocked", "already_serving")


def test_an_unknown_version_asked_for_by_hand_is_held_and_says_so(served: World) -> None:
    open_by_hand(served, "alice", edit("staging", "77"))
    tick(served)
    assert (served.state(2), reason(served, 2)) == ("blocked", "unknown_version")
    assert "approve" in served.say("bob", "approve P2").text
    assert served.state(2) == "blocked"


def test_a_pull_request_with_two_environment_files_is_held(served: World) -> None:
    open_by_hand(served, "alice", {**edit("staging", "2"), **edit("production", "2")})
    tick(served)
    assert (served.state(2), reason(served, 2)) == ("blocked", "unexpected_files")


def test_rules_that_nobody_accepted_block_everything_until_main_has_the_accepted_ones(served: World) -> None:
    waiting(served)
    rules = on_main(served, "policies/churn.yaml") or b""
    move_main(served, {"policies/churn.yaml": rules.replace(b"margin: 0.02", b"margin: 0.5")})
    tick(served)
    assert blocked_for(served, 2)[:1] == ["rulebook_untrusted"]
    assert served.state(2) == "blocked"
    assert served.say("bob", "approve P2").code is ExitCode.REFUSED
    git(served, "update-ref", "refs/heads/main", f"{served.forge.main_head()}~1")
    served.say("carol", "sync churn in staging --restore")
    tick(served)
    assert served.state(2) == "waiting"


def test_rules_that_cannot_be_read_block_too(served: World) -> None:
    waiting(served)
    move_main(served, {"policies/churn.yaml": b"policy: [churn\n"})
    tick(served)
    assert blocked_for(served, 2)[:1] == ["rulebook_invalid"]
    assert served.state(2) == "blocked"


@pytest.mark.full
def test_a_policy_that_forgets_the_environment_blocks_what_waits_for_it(served: World) -> None:
    waiting(served)
    change_rules(served, "policies/churn.yaml", "  staging:", "  stage:")
    assert (served.state(2), reason(served, 2)) == ("blocked", "no_policy")
    change_rules(served, "policies/churn.yaml", "  stage:", "  staging:")
    assert served.state(2) == "waiting"


@pytest.mark.full
def test_a_rulebook_that_drops_the_model_blocks_what_waits(served: World) -> None:
    waiting(served)
    change_rules(served, "models/churn/model.yaml", "model: churn", "model: other", moved_to="models/other/model.yaml")
    assert (served.state(2), reason(served, 2)) == ("blocked", "unknown_model")


@pytest.mark.full
def test_a_frozen_lane_holds_what_waits_in_it_and_a_restored_one_lets_it_go_on(served: World) -> None:
    waiting(served)
    served.say("bob", "recheck P2")
    served.registry.set_alias(MODEL, "staging", "4")
    tick(served)
    tick(served)
    assert (served.state(2), reason(served, 2)) == ("blocked", "out_of_band")
    assert "mlops sync churn in staging --restore" in served.say("bob", "why P2").text
    served.say("carol", "sync churn in staging --restore")
    tick(served)
    assert served.state(2) == "waiting"


def test_approving_what_is_blocked_is_refused_with_what_blocks_it(served: World) -> None:
    served.say("alice", "promote churn 3 to staging")
    refused = served.say("bob", "approve P2")
    assert refused.code is ExitCode.REFUSED
    assert refused.text.startswith("P2 is blocked, so there is nothing to approve now: fairness: true_positive_rate")
    assert refused.text.endswith("Next: mlops why P2.")
    assert not served.say("bob", "status P2").data["decisions"]


def test_a_main_that_asks_for_the_version_already_is_told_as_out_of_band_and_not_as_a_mistake(served: World) -> None:
    served.promote_through("2", "staging")
    past = served.forge.read(str(served.promotion(1).merge_commit), MINE)
    move_main(served, {MINE: past})
    reply = served.say("carol", "rollback churn in staging --reason bad")
    assert (reply.code, reason(served, 3)) == (ExitCode.REFUSED, "out_of_band")
    assert "mlops sync churn in staging --restore" in reply.text
