"""What does the forge see of pull requests, and of whom they are the work?"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gates.refusal import Unavailable, UserError
from tests.github.forge_stage import BRANCH, STAGING, Stage, forge_stage
from tests.github.standin.objects import Entry, Signature
from workflows.forge import PullRequestState

BOT = "gatehouse[bot]"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with forge_stage(tmp_path) as opened:
        yield opened


def forged(stage: Stage, author: Signature, committer: Signature, *, pusher: str, branch: str = "fix") -> str:
    """Push a commit that names whomever it likes."""
    objects, start = stage.people.repository.objects, stage.people.head()
    tree = objects.overlay(None, {"forged": Entry("100644", objects.write("blob", b"x"))})
    sha = objects.write_commit(tree, (start,), author, committer, "Forged\n")
    stage.people.point(pusher, branch, sha)
    return sha


def by(stage: Stage, login: str) -> Signature:
    """Return how somebody signs."""
    account = stage.github.app.robot if login == BOT else stage.github.person(login)
    return Signature(name=login, email=account.email, at=1)


class TestOpening:
    """Pull requests of the bot."""

    def test_one_is_opened_once_with_its_labels(self, stage: Stage) -> None:
        stage.forge.commit(BRANCH, {STAGING: b"2"}, message="m", at=0)
        for labels in (["mlops"], ["mlops", "production"], ["mlops"]):
            pull = stage.forge.open_pull_request(BRANCH, title="Promote", body="Why", author="alice", labels=labels)
            assert (pull.number, pull.author, pull.ours, pull.into_main) == (1, BOT, True, True)
        assert stage.people.labels(1) == ["mlops", "production"]
        assert len(stage.github.requests_to("labels", "POST")) == 2

    def test_after_the_merge_the_same_head_opens_no_other(self, stage: Stage) -> None:
        number = stage.ask()
        head = stage.people.head(BRANCH)
        merged = stage.forge.merge(number, expected_head=head, message="Promote", at=0)
        again = stage.forge.open_pull_request(BRANCH, title="Promote", body="", author="alice", labels=["late"])
        assert (again.number, again.state, again.merge_commit) == (1, PullRequestState.MERGED, merged)
        assert stage.people.labels(1) == []

    def test_a_lost_answer_does_not_open_a_second_one(self, stage: Stage) -> None:
        stage.forge.commit(BRANCH, {STAGING: b"2"}, message="m", at=0)
        stage.github.fail("pulls$", 502, method="POST", after=True)
        with pytest.raises(Unavailable):
            stage.ask()
        assert stage.ask() == 1

    def test_somebody_who_opened_it_meanwhile_is_no_mistake(self, stage: Stage) -> None:
        stage.forge.commit(BRANCH, {STAGING: b"2"}, message="m", at=0)
        stage.github.before("compare", lambda: stage.people.open_pull_request("alice", BRANCH, "Mine"))
        pull = stage.forge.open_pull_request(BRANCH, title="Promote", body="", author="alice")
        assert (pull.number, pull.author, pull.ours) == (1, "alice", False)

    def test_a_branch_that_adds_nothing_or_is_not_there_opens_nothing(self, stage: Stage) -> None:
        stage.forge.commit(BRANCH, {"gone": None}, message="m", at=0)
        with pytest.raises(UserError, match="holds nothing that main lacks"):
            stage.forge.open_pull_request(BRANCH, title="t", body="", author="alice")
        with pytest.raises(UserError, match="There is no branch mlops/P9-x"):
            stage.forge.open_pull_request("mlops/P9-x", title="t", body="", author="alice")

    def test_a_forks_branch_of_the_same_name_is_another_branch(self, stage: Stage) -> None:
        stage.people.push("mallory", BRANCH, {STAGING: "evil"}, fork=True)
        stage.people.open_pull_request("mallory", BRANCH, "Mine", fork=True)
        assert stage.ask() == 2


class TestSeeing:
    """All pull requests."""

    def test_a_number_that_was_never_given_is_a_user_error(self, stage: Stage) -> None:
        with pytest.raises(UserError, match="There is no pull request 7 in acme/models"):
            stage.forge.pull_request(7)

    def test_those_that_people_opened_are_seen_by_number(self, stage: Stage) -> None:
        for login in ("zoe", "bob"):
            stage.people.push(login, f"{login}s", {login: "x"})
            stage.people.open_pull_request(login, f"{login}s", f"By {login}")
        seen = stage.forge.open_pull_requests()
        assert [(one.number, one.author, one.title, one.ours, one.fork) for one in seen] == [
            (1, "zoe", "By zoe", False, False),
            (2, "bob", "By bob", False, False),
        ]
        assert seen == tuple(stage.forge.pull_request(number) for number in (1, 2))

    def test_a_fork_is_known_even_when_it_is_gone(self, stage: Stage) -> None:
        stage.people.push("mallory", "fix", {"a": "b"}, fork=True)
        number = stage.people.open_pull_request("mallory", "fix", "Mine", fork=True)
        seen = stage.forge.pull_request(number)
        assert (seen.fork, seen.branch, seen.author) == (True, "fix", "mallory")
        assert not stage.github.requests_to("/activity")

    def test_one_that_was_pointed_elsewhere_is_not_into_main(self, stage: Stage) -> None:
        number = stage.ask()
        stage.people.push("bob", "other", {"c": "d"})
        stage.people.retarget("alice", number, "other")
        assert stage.forge.pull_request(number).into_main is False

    def test_an_end_shows_its_state_and_an_open_one_has_no_merge_commit(self, stage: Stage) -> None:
        number = stage.ask()
        assert stage.forge.pull_request(number).merge_commit is None
        stage.people.close("alice", number)
        assert stage.forge.pull_request(number).state is PullRequestState.CLOSED
        stage.people.reopen("alice", number)
        merged = stage.people.merge("alice", number)
        seen = stage.forge.pull_request(number)
        assert (seen.state, seen.merge_commit) == (PullRequestState.MERGED, merged)

    def test_closing_says_why_once_and_takes_the_bots_branch_away(self, stage: Stage) -> None:
        number = stage.ask()
        for forge in (stage.forge, stage.forge, stage.another()):
            forge.close(number, comment="Withdrawn by alice.")
        assert [one.body for one in stage.people.comments(number)] == [
            "<!-- gatehouse:closing -->\nWithdrawn by alice."
        ]
        assert stage.people.repository.branch(BRANCH) is None
        assert stage.forge.pull_request(number).state is PullRequestState.CLOSED

    def test_closing_somebodys_leaves_them_their_branch(self, stage: Stage) -> None:
        stage.people.push("bob", "bobs", {"a": "b"})
        number = stage.people.open_pull_request("bob", "bobs", "Mine")
        stage.forge.close(number, comment="Not now.")
        assert stage.people.head("bobs")


class TestContributors:
    """Who had a hand in it."""

    def test_the_bot_is_none_when_github_signed_its_commits(self, stage: Stage) -> None:
        assert stage.forge.pull_request(stage.ask()).contributors == frozenset()

    def test_the_bot_is_none_by_its_own_record_where_github_signs_nothing(self, stage: Stage) -> None:
        number = stage.ask()
        stage.github.hub.signed.clear()
        assert stage.forge.pull_request(number).contributors == frozenset()
        assert stage.another().pull_request(number).contributors == frozenset()
        (stage.folder / "forge" / "commits").unlink()
        assert stage.another().pull_request(number).contributors == {BOT, "web-flow"}

    def test_our_name_in_somebodys_commit_clears_nobody(self, stage: Stage) -> None:
        forged(stage, by(stage, BOT), by(stage, BOT), pusher="mallory")
        number = stage.people.open_pull_request("bob", "fix", "Innocent")
        assert stage.forge.pull_request(number).contributors == {BOT, "mallory"}

    def test_githubs_name_without_its_signature_is_somebody(self, stage: Stage) -> None:
        github = Signature(name="GitHub", email="noreply@github.com", at=1)
        forged(stage, by(stage, "alice"), github, pusher="alice")
        number = stage.people.open_pull_request("alice", "fix", "Mine")
        assert stage.forge.pull_request(number).contributors in (
            {"alice", "web-flow"},
            {"alice", "noreply@github.com"},
        )

    def test_authors_committers_and_pushers_are_all_told(self, stage: Stage) -> None:
        stranger = Signature(name="Mallory", email="mallory@elsewhere.example", at=1)
        forged(stage, stranger, by(stage, "carol"), pusher="dave")
        number = stage.people.open_pull_request("erin", "fix", "Mine")
        assert stage.forge.pull_request(number).contributors == {"mallory@elsewhere.example", "carol", "dave"}

    def test_whose_push_was_forced_away_had_a_hand_in_it_too(self, stage: Stage) -> None:
        stage.people.push("bob", "fix", {"a": "b"})
        number = stage.people.open_pull_request("bob", "fix", "Mine")
        stage.people.push("carol", "fix", {"a": "c"}, force=True)
        assert stage.forge.pull_request(number).contributors == {"bob", "carol"}

    def test_somebody_who_pushes_to_the_bots_branch_is_seen(self, stage: Stage) -> None:
        number = stage.ask()
        stage.people.push("bob", BRANCH, {"extra": "b"}, email="nobody@nowhere.example")
        seen = stage.forge.pull_request(number)
        assert seen.contributors == {"bob", "nobody@nowhere.example"}
        assert seen.commits == 2

    def test_an_enterprise_server_without_activity_tells_the_commits_alone(self, stage: Stage) -> None:
        stage.people.push("bob", "fix", {"a": "b"}, email="bob@nowhere.example")
        number = stage.people.open_pull_request("bob", "fix", "Mine")
        stage.github.fail("/activity", 404)
        assert stage.forge.pull_request(number).contributors == {"bob@nowhere.example"}

    def test_more_commits_than_github_lists_are_all_seen(self, stage: Stage) -> None:
        objects, tip, base = stage.people.repository.objects, stage.people.head(), by(stage, "bob")
        tree = objects.overlay(None, {"x": Entry("100644", objects.write("blob", b"x"))})
        for number in range(255):
            who = replace(base, email=f"{number}@example.net") if number in (0, 254) else base
            tip = objects.write_commit(tree, (tip,), who, who, f"Commit {number}\n")
        stage.people.point("bob", "long", tip)
        pull = stage.forge.pull_request(stage.people.open_pull_request("bob", "long", "Long"))
        assert pull.commits == 255
        assert pull.contributors == {"bob", "0@example.net", "254@example.net"}
