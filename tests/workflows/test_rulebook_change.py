"""How does a change of the rules come into force, and what can go wrong on the way?"""

import json

import pytest

from bot.exchange import ExitCode, Reply
from gates.refusal import Unavailable
from storage.rulebook_changes import RulebookChange
from tests.clone import Clone
from tests.hands import (
    Files,
    checks,
    commit_as,
    edit,
    entries,
    git,
    move_main,
    on_main,
    open_by_hand,
    sleepy,
    tick,
)  # fmt: skip
from tests.world import MODEL, PEOPLE, POLICY, World
from workflows.forge import PullRequestState

PATH = "policies/churn.yaml"
PEOPLE_FILE = "policies/people.yaml"
TIGHTER = POLICY.replace("limit: 0.2", "limit: 0.1").encode()


def change(world: World, number: int) -> RulebookChange:
    with world.installation.database.reading() as work:
        found = work.rulebook_changes.find(number)
    assert found is not None
    return found


def comment(world: World, number: int) -> str:
    record = json.loads((world.repository / "pulls" / f"{number}.json").read_text())
    return str(record["comments"]["gatehouse:rulebook"])


def propose(world: World, files: Files | None = None, *, login: str = "alice", branch: str = "rules") -> Reply:
    """Push a change of the policy, beside or instead of it the files given, and let it be found."""
    open_by_hand(world, login, {PATH: TIGHTER, **(files or {})}, branch=branch)
    return world.say("carol", "sync")


def test_a_push_that_changes_a_rule_is_a_change_of_its_own(quiet: World) -> None:
    alice = Clone.of(quiet, "alice")
    alice.commit({PATH: TIGHTER.decode()}, "Tighten fairness")
    alice.push("tighter")
    reply = quiet.say("carol", "sync")
    assert reply.data["found"] == ["Pull request 1 changes the rulebook: R1. Next: mlops status R1"]
    assert quiet.say("carol", "sync").data["found"] == []

    status = quiet.say(None, "status R1")
    assert status.code is ExitCode.WAITING
    assert status.data["pull_request"] == {"number": 1, "url": quiet.forge.pull_request(1).url}
    assert checks(quiet, 1) == {"mlops/rulebook": "pending"}
    assert comment(quiet, 1) == (
        "R1 changes the rulebook. Waiting for a governor: erin, grace. Next: mlops approve R1."
    )
    assert "R1 is waiting: rulebook change by alice" in quiet.say(None, "status").text


def test_a_governor_accepts_it_and_main_has_it(quiet: World) -> None:
    propose(quiet)
    reply = quiet.say("grace", "approve R1 --reason stricter")
    assert (reply.code, change(quiet, 1).state) == (ExitCode.DONE, "accepted")
    assert on_main(quiet, PATH) == TIGHTER
    assert quiet.forge.pull_request(1).state is PullRequestState.MERGED
    assert checks(quiet, 1) == {"mlops/rulebook": "success"}
    kinds = [entry.kind for entry in entries(quiet, "R1")]
    assert kinds == ["rulebook_proposed", "approved", "rulebook_accepted", "intended", "observed", "rulebook_merged"]
    accepted = entries(quiet, "R1")[2]
    assert accepted.body == {
        "digest": change(quiet, 1).digest,
        "head": quiet.forge.pull_request(1).head,
        "people": ["grace"],
    }
    assert quiet.say("carol", "sync").code is ExitCode.DONE
    assert "R1 rulebook accepted: grace" in quiet.say(None, "audit R1").text


def test_only_governors_decide(quiet: World) -> None:
    propose(quiet)
    for login in ("bob", "carol", "dana"):
        reply = quiet.say(login, "approve R1")
        assert (reply.code, "Who may decide: erin, grace" in reply.text) == (ExitCode.REFUSED, True)
    assert "decision_refused" in [entry.kind for entry in entries(quiet, "R1")]
    assert change(quiet, 1).state == "waiting"


def test_the_author_and_whoever_committed_may_not_accept_it(quiet: World) -> None:
    propose(quiet, login="grace")
    commit_as(quiet, "grace@example.org", "rules", {PATH: TIGHTER + b"# more\n"})
    reply = quiet.say("grace", "approve R1")
    assert reply.code is ExitCode.REFUSED
    assert reply.text == "Grace wrote this change. Who may decide: erin, with mlops approve R1."
    assert quiet.say("erin", "approve R1").code in {ExitCode.DONE, ExitCode.WAITING}


def test_a_governor_whose_commit_is_on_the_branch_is_barred_though_another_opened_it(quiet: World) -> None:
    propose(quiet)
    commit_as(quiet, "grace@example.org", "rules", {PATH: TIGHTER + b"# a hand of grace\n"})
    tick(quiet)
    reply = quiet.say("grace", "approve R1")
    assert (reply.code, reply.text.startswith("Grace worked on this change")) == (ExitCode.REFUSED, True)


def test_who_makes_themselves_governor_is_not_one_yet(quiet: World) -> None:
    more = PEOPLE.replace("alice: {roles: [data-scientist]", "alice: {roles: [data-scientist, governor]")
    promoted = more.replace("bob: {roles: [validator]", "bob: {roles: [validator, governor]")
    propose(quiet, {PATH: POLICY.encode(), PEOPLE_FILE: promoted.encode()})
    for login in ("alice", "bob"):
        assert quiet.say(login, "approve R1").code is ExitCode.REFUSED
    assert quiet.say("erin", "approve R1").code is ExitCode.DONE
    assert on_main(quiet, PEOPLE_FILE) == promoted.encode()


def test_two_governors_where_the_rulebook_asks_for_two(quiet: World) -> None:
    strict = f"{PEOPLE}rulebook: {{governors: 2}}\n".encode()
    propose(quiet, {PATH: POLICY.encode(), PEOPLE_FILE: strict})
    assert quiet.say("grace", "approve R1").code is ExitCode.DONE  # decided under main's rules, which ask for one
    propose(quiet, branch="second")
    assert quiet.say("grace", "approve R2").code is ExitCode.WAITING
    assert quiet.say("erin", "approve R2").code is ExitCode.DONE
    assert on_main(quiet, PATH) == TIGHTER


def test_a_rejection_closes_it_for_good(quiet: World) -> None:
    propose(quiet)
    reply = quiet.say("erin", "reject R1 --reason 'too strict'")
    assert (reply.code, change(quiet, 1).state) == (ExitCode.DONE, "rejected")
    assert quiet.forge.pull_request(1).state is PullRequestState.CLOSED
    assert on_main(quiet, PATH) == POLICY.encode()
    assert quiet.say("grace", "approve R1").code is ExitCode.REFUSED


def test_closing_its_pull_request_ends_it(quiet: World) -> None:
    propose(quiet)
    git(quiet, "update-ref", "-d", "refs/heads/rules")
    tick(quiet)
    assert (change(quiet, 1).state, change(quiet, 1).problem) == ("closed", "pull request 1 is closed")


@pytest.mark.parametrize(
    ("content", "mistakes"),
    [
        (POLICY.replace("margin: 0.02", "margn: 0.02"), ["policies/churn.yaml, line", "margn"]),
        ("policy: [", ["policies/churn.yaml, line"]),
    ],
    ids=["mistyped", "no YAML"],
)
def test_mistakes_block_it_and_are_named_with_file_and_line(quiet: World, content: str, mistakes: list[str]) -> None:
    propose(quiet, {PATH: content.encode()})
    assert change(quiet, 1).state == "blocked"
    for text in (change(quiet, 1).problem, quiet.say(None, "status R1").text, quiet.say(None, "why R1").text):
        assert all(mistake in text for mistake in mistakes)
    assert checks(quiet, 1) == {"mlops/rulebook": "failure"}
    reply = quiet.say("grace", "approve R1")
    assert (reply.code, reply.text.startswith("R1 is blocked: The proposed rulebook has mistakes")) == (
        ExitCode.REFUSED,
        True,
    )
    commit_as(quiet, "alice@example.org", "rules", {PATH: TIGHTER})
    tick(quiet)
    assert quiet.say("grace", "approve R1").code is ExitCode.DONE


def test_other_files_have_no_place_in_it(quiet: World) -> None:
    propose(quiet, {"README.md": b"hello"})
    assert change(quiet, 1).problem == "It also changes README.md: put those in a pull request of their own."
    commit_as(quiet, "alice@example.org", "rules", {"README.md": None})
    tick(quiet)
    assert change(quiet, 1).state == "waiting"


def test_a_push_after_an_approval_asks_again(quiet: World) -> None:
    strict = f"{PEOPLE}rulebook: {{governors: 2}}\n".encode()
    propose(quiet, {PATH: POLICY.encode(), PEOPLE_FILE: strict})
    quiet.say("grace", "approve R1")
    propose(quiet, branch="second")
    assert quiet.say("grace", "approve R2").code is ExitCode.WAITING
    commit_as(quiet, "alice@example.org", "second", {PATH: POLICY.replace("limit: 0.2", "limit: 0.99").encode()})
    assert quiet.say("erin", "approve R2").code is ExitCode.WAITING
    assert on_main(quiet, PATH) == POLICY.encode()


def test_only_what_is_shown_can_be_approved(quiet: World) -> None:
    """A push that nobody has looked at yet is not what the approver saw."""
    propose(quiet)
    commit_as(quiet, "alice@example.org", "rules", {PATH: POLICY.replace("limit: 0.2", "limit: 0.99").encode()})
    quiet.say("grace", "approve R1")
    assert on_main(quiet, PATH) == POLICY.encode()


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


def test_what_a_proposal_says_does_not_act(quiet: World) -> None:
    hostile = POLICY.replace("policy: churn", 'policy: "@everyone <img src=x> [a](http://evil.example)"').encode()
    propose(quiet, {PATH: hostile, "@all <b> [x](http:e.example).md": b"hello"})
    said = comment(quiet, 1)
    for acting in ("@everyone", "@all", "<img", "<b>", "[a](", "[x]("):
        assert acting not in said


def test_an_environment_file_beside_a_rule_is_a_promotion_that_is_blocked(quiet: World) -> None:
    open_by_hand(quiet, "alice", {PATH: TIGHTER, **edit("staging", "1")})
    tick(quiet)
    assert quiet.state(1) == "blocked"
    with quiet.installation.database.reading() as work:
        assert work.rulebook_changes.all("default") == ()


def test_decisions_on_what_is_no_change_say_so(quiet: World) -> None:
    with pytest.raises(Exception, match="There is no rulebook change R7"):
        quiet.say("grace", "approve R7")
