"""What do other rules change for what is open, and which rules hold when something cuts in?"""

import pytest

from bot.exchange import ExitCode
from gates.refusal import Unavailable
from tests.hands import entries, git, move_main, on_main, sleepy, tick
from tests.proposals import PATH, PEOPLE_FILE, TIGHTER, change, propose
from tests.world import MODEL, PEOPLE, POLICY, World

pytestmark = pytest.mark.full


def test_a_second_change_is_looked_at_again_when_the_first_is_accepted(quiet: World) -> None:
    propose(quiet)
    propose(quiet, {PATH: POLICY.encode(), PEOPLE_FILE: f"{PEOPLE}# tidy\n".encode()}, branch="second")
    assert [change(quiet, number).state for number in (1, 2)] == ["waiting", "waiting"]
    quiet.say("grace", "approve R1")
    assert change(quiet, 2).state == "blocked"
    assert "has changed since this branch left it: merge main into the branch" in change(quiet, 2).problem
    assert quiet.say("grace", "approve R2").code is ExitCode.REFUSED

    merge = git(quiet, "merge-tree", "--write-tree", "main", "second")
    commit = git(
        quiet, "commit-tree", merge, "-p", "second", "-p", "main", "-m", "Merge main", email="alice@example.org"
    )
    git(quiet, "update-ref", "refs/heads/second", commit)
    tick(quiet)
    assert quiet.say("grace", "approve R2").code is ExitCode.DONE
    assert on_main(quiet, PATH) == TIGHTER


def test_rules_may_go_back_to_what_they_were(quiet: World) -> None:
    propose(quiet)
    quiet.say("grace", "approve R1")
    propose(quiet, {PATH: POLICY.encode()}, branch="back")
    assert quiet.say("grace", "approve R2").code is ExitCode.DONE
    propose(quiet, branch="forth")
    assert quiet.say("erin", "approve R3").code is ExitCode.DONE
    assert on_main(quiet, PATH) == TIGHTER
    assert quiet.say("carol", "sync").code is ExitCode.DONE


def test_a_change_of_policy_voids_decisions_and_says_what_changed(served: World) -> None:
    served.say("alice", "promote churn 1 to production")
    served.say("bob", "approve P2")
    propose(served)
    served.say("grace", "approve R1")
    promotion = served.promotion(2)
    assert (promotion.state, promotion.problem) == (
        "waiting",
        "The policy changed (gates). So it was judged and is asked anew.",
    )
    decisions = served.say(None, "status P2").data["decisions"]
    assert isinstance(decisions, list)
    assert [one["counts"] for one in decisions if isinstance(one, dict)] == [False]


def test_a_change_of_people_recounts_and_voids_nothing(served: World) -> None:
    served.say("alice", "promote churn 1 to production")
    served.say("bob", "approve P2")
    evidence = served.promotion(2).evidence_digest
    demoted = PEOPLE.replace("bob: {roles: [validator]", "bob: {roles: [data-scientist]").replace(
        "dana: {roles: [data-steward]", "dana: {roles: [data-steward, validator]"
    )
    propose(served, {PATH: POLICY.encode(), PEOPLE_FILE: demoted.encode()})
    served.say("grace", "approve R1")
    assert (served.state(2), served.promotion(2).evidence_digest) == ("waiting", evidence)
    assert served.say("carol", "approve P2").code is ExitCode.WAITING
    assert served.say("dana", "approve P2").code is ExitCode.DONE


def test_a_model_that_a_change_adds_can_be_promoted(quiet: World) -> None:
    entry = on_main(quiet, "models/churn/model.yaml")
    assert entry is not None
    other = entry.replace(b"model: churn", b"model: other")
    propose(quiet, {PATH: POLICY.encode(), "models/other/model.yaml": other})
    assert quiet.say("erin", "approve R1").code is ExitCode.DONE
    held = quiet.registry._models[MODEL].files["1"]  # noqa: SLF001 - the same files under another name
    quiet.registry.register("other", held)
    assert quiet.say("alice", "promote other 1 to staging").code is ExitCode.WAITING
    assert quiet.say("bob", "approve P1").code is ExitCode.DONE
    assert "other in staging: v1 (P1)" in quiet.say(None, "status").text


def test_while_main_has_other_rules_no_change_is_decided(quiet: World) -> None:
    propose(quiet)
    move_main(quiet, {PATH: POLICY.replace("limit: 0.2", "limit: 0.9").encode()})
    tick(quiet)
    assert change(quiet, 1).state == "blocked"
    assert "is not the one that was accepted" in change(quiet, 1).problem
    for environment in ("staging", "production"):
        quiet.say("carol", f"sync churn in {environment} --restore")
    tick(quiet)
    assert change(quiet, 1).state == "waiting"


def test_a_merge_past_the_bot_is_no_acceptance(quiet: World) -> None:
    propose(quiet)
    head = quiet.forge.pull_request(1).head
    merge = git(quiet, "commit-tree", f"{head}^{{tree}}", "-p", "main", "-p", head, "-m", "I am in a hurry")
    git(quiet, "update-ref", "refs/heads/main", merge)
    assert quiet.say("carol", "sync").code is ExitCode.REFUSED
    assert (change(quiet, 1).state, "merged before it was accepted" in change(quiet, 1).problem) == ("closed", True)
    assert "is not in force" in quiet.say(None, "status").text


def test_an_acceptance_survives_a_crash_between_its_merge_and_its_entry(
    quiet: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose(quiet)
    merge = quiet.forge.merge

    def dies(*words: object, **more: object) -> str:
        merge(*words, **more)  # type: ignore[arg-type]  # handed on as they came
        raise Unavailable("The power went out.")

    monkeypatch.setattr(quiet.forge, "merge", dies)
    quiet.say("grace", "approve R1")
    monkeypatch.undo()
    assert quiet.say("carol", "sync").code is ExitCode.DONE
    assert (change(quiet, 1).state, on_main(quiet, PATH)) == ("accepted", TIGHTER)
    assert [entry.kind for entry in entries(quiet, "main of default")] == ["rulebook_accepted"]
    assert quiet.say("alice", "promote churn 1 to staging").code is ExitCode.WAITING


def test_a_merge_that_sleeps_is_done_when_the_forge_wakes(quiet: World) -> None:
    forge = sleepy(quiet, 1)
    propose(quiet)
    with pytest.raises(Unavailable):
        quiet.say("grace", "approve R1")
    assert on_main(quiet, PATH) == POLICY.encode()
    forge.asleep = frozenset()
    quiet.clock.sleep(600)
    tick(quiet)
    assert (change(quiet, 1).state, on_main(quiet, PATH)) == ("accepted", TIGHTER)
