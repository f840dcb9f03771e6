"""How does a change of the rules come into force, and what can go wrong on the way?"""

import pytest

from bot.exchange import ExitCode
from tests.clone import Clone
from tests.hands import checks, commit_as, edit, entries, git, on_main, open_by_hand, tick
from tests.proposals import PATH, PEOPLE_FILE, TIGHTER, change, comment, propose
from tests.world import PEOPLE, POLICY, World
from workflows.forge import PullRequestState


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
    assert checks(quiet, 1) == {"mlops/rulebook": "waiting", "mlops/promotion": "waiting"}
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
    assert checks(quiet, 1) == {"mlops/rulebook": "success", "mlops/promotion": "success"}
    kinds = [entry.kind for entry in entries(quiet, "R1")]
    assert kinds == [
        *("rulebook_proposed", "rulebook_read", "approved", "rulebook_accepted"),
        *("intended", "observed", "rulebook_merged"),
    ]
    accepted = entries(quiet, "R1")[3]
    blob = quiet.forge.changes(quiet.forge.parent_of(quiet.forge.main_head()) or "", quiet.forge.main_head())[0].after
    assert accepted.body == {
        "digest": change(quiet, 1).digest,
        "head": quiet.forge.pull_request(1).head,
        "change": {PATH: blob},
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


@pytest.mark.full
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
    assert checks(quiet, 1) == {"mlops/rulebook": "failure", "mlops/promotion": "failure"}
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
