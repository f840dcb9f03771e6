"""What becomes of a pull request opened by hand: pushed to again, given up, tampered with, none of ours?"""

from collections.abc import Mapping

import pytest

from bot.exchange import ExitCode
from tests.clone import Clone
from tests.hands import checks, comment, commit_as, edit, entries, git, on_main, open_by_hand, pull_request, tick
from tests.world import MODEL, World
from workflows.forge import PullRequestState

pytestmark = pytest.mark.full

STAGING_FILE = "models/churn/staging.yaml"
CARD = "models/churn/MODEL_CARD.md"


def manifest(version: str, digest: str = "") -> str:
    line = f"digest: {digest}\n" if digest else ""
    return f"model: churn\nenvironment: staging\nversion: '{version}'\n{line}"


def test_a_further_push_that_changes_the_version_voids_decisions(served: World) -> None:
    open_by_hand(served, "alice", edit("production", "1"))
    tick(served)
    assert served.say("bob", "approve P2").code is ExitCode.WAITING
    before = served.promotion(2).evidence_digest
    served.promote_through("2", "staging")
    commit_as(served, "alice@example.org", "my-change", edit("production", "2"))
    tick(served)
    promotion = served.promotion(2)
    assert (promotion.state, promotion.version, promotion.evidence_digest == before) == ("waiting", "2", False)
    assert "The version asking changed from v1" in promotion.problem
    decisions = served.say(None, "status P2").data["decisions"]
    assert isinstance(decisions, list)
    assert [one["counts"] for one in decisions if isinstance(one, dict)] == [False]
    assert served.say("carol", "approve P2").code is ExitCode.WAITING


def test_who_pushes_to_the_branch_may_not_approve_it(quiet: World) -> None:
    open_by_hand(quiet, "alice", edit("staging", "1"))
    tick(quiet)
    commit_as(quiet, "bob@example.org", "my-change", {STAGING_FILE: f"# a note\n{manifest('1')}".encode()})
    reply = quiet.say("bob", "approve P1")
    assert (reply.code, "Bob committed or pushed to this branch" in reply.text) == (ExitCode.REFUSED, True)


@pytest.mark.parametrize("how", ["branch deleted", "pull request closed"])
def test_giving_the_branch_up_withdraws_it(quiet: World, how: str) -> None:
    open_by_hand(quiet, "alice", edit("staging", "1"))
    tick(quiet)
    if how == "branch deleted":
        git(quiet, "update-ref", "-d", "refs/heads/my-change")
    else:
        quiet.forge.close(1, comment="never mind")
    tick(quiet)
    assert quiet.state(1) == "withdrawn"


def test_withdrawing_it_closes_the_pull_request_and_a_new_push_asks_anew(quiet: World) -> None:
    alice = Clone.of(quiet, "alice")
    alice.commit({STAGING_FILE: manifest("1")})
    alice.push("again")
    tick(quiet)
    quiet.say("alice", "withdraw P1")
    assert quiet.forge.pull_request(1).state is PullRequestState.CLOSED
    tick(quiet)
    with quiet.installation.database.reading() as work:
        assert len(work.promotions.all("default")) == 1
    alice.commit({STAGING_FILE: manifest("2")}, "another one")
    assert "Pull request 2 opened by alice" in alice.push("again", "--force")
    tick(quiet)
    assert (quiet.state(2), quiet.promotion(2).version) == ("waiting", "2")


@pytest.mark.parametrize("files", [{CARD: b"best model ever"}, {"models/churn/evidence/staging/P1.json": b"{}"}])
def test_a_branch_that_writes_only_what_the_bot_writes_is_refused(
    quiet: World, files: Mapping[str, bytes | None]
) -> None:
    open_by_hand(quiet, "alice", files)
    tick(quiet)
    assert checks(quiet, 1) == {"mlops/promotion": "failure"}
    assert "`unexpected_files`" in comment(quiet, 1)


def test_a_card_that_a_person_adds_to_their_promotion_is_written_over(quiet: World) -> None:
    open_by_hand(quiet, "alice", {**edit("staging", "1"), CARD: b"best model ever"})
    tick(quiet)
    assert quiet.say("bob", "approve P1").code is ExitCode.DONE
    assert on_main(quiet, CARD) is None


def test_evidence_that_somebody_writes_over_on_the_branch_never_reaches_main(quiet: World) -> None:
    open_by_hand(quiet, "alice", edit("staging", "1"))
    tick(quiet)
    page = "models/churn/evidence/staging/P1.md"
    written = quiet.forge.read(pull_request(quiet, quiet.promotion(1)).head, page)
    assert written is not None
    commit_as(quiet, "alice@example.org", "my-change", {page: b"all is well"})
    quiet.say("bob", "approve P1")
    assert on_main(quiet, page) in {None, written}


@pytest.mark.parametrize("login", ["zoe", "gatehouse"])
def test_nobody_can_approve_what_somebody_unknown_opened(quiet: World, login: str) -> None:
    stranger = Clone.of(quiet, login)
    stranger.commit({STAGING_FILE: manifest("1")})
    stranger.push("mine")
    tick(quiet)
    reply = quiet.say("bob", "approve P1")
    assert reply.code is ExitCode.REFUSED
    assert quiet.state(1) in {"waiting", "blocked"}
    tick(quiet)
    assert quiet.registry.alias(MODEL, "staging") is None


def test_a_branch_that_appeared_without_a_push_has_no_known_author(quiet: World) -> None:
    commit_as(quiet, "alice@example.org", "found", edit("staging", "1"))
    tick(quiet)
    assert quiet.promotion(1).requester == "somebody unknown"
    quiet.say("bob", "approve P1")
    assert quiet.registry.alias(MODEL, "staging") is None


@pytest.mark.parametrize(
    "content",
    [b"model: churn\nenvironment: staging\nversion: null\n", None],
    ids=["version null", "file removed"],
)
def test_a_model_is_retired_by_hand(served: World, content: bytes | None) -> None:
    open_by_hand(served, "alice", {STAGING_FILE: content})
    tick(served)
    assert (served.state(2), served.promotion(2).kind.value) == ("waiting", "retire")
    assert served.say("bob", "approve P2").code is ExitCode.DONE
    assert served.registry.alias(MODEL, "staging") is None
    assert served.target.serving(served.project.slot(MODEL, "staging")) is None
    assert served.say("carol", "sync").code is ExitCode.DONE


def test_a_pull_request_that_is_none_of_ours_stays_neutral(quiet: World) -> None:
    open_by_hand(quiet, "alice", {"README.md": b"hello", "models/churn/notes.md": b"hello"})
    reply = quiet.say("carol", "sync")
    assert (reply.data["found"], checks(quiet, 1)) == ([], {"mlops/promotion": "neutral"})
    assert entries(quiet, "P1") == ()


def test_what_a_repository_says_does_not_act_in_checks_comments_and_terminals(quiet: World) -> None:
    content = 'model: "@everyone <img src=x> [a](http://evil.example) | \x85 `x`"\nenvironment: staging\nversion: "1"\n'
    open_by_hand(quiet, "alice", {STAGING_FILE: content.encode()})
    reply = quiet.say("carol", "sync")
    said = comment(quiet, 1)
    for acting in ("@everyone", "<img", "](http://", "\x85"):
        assert acting not in said
    assert "\x85" not in reply.text
    assert "\x1b" not in reply.text
