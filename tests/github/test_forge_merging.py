"""Does a merge happen once, of exactly the head that was meant, or say which of four reasons forbids it?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gates.refusal import Unavailable
from tests.github.forge_stage import BRANCH, STAGING, Stage, forge_stage
from workflows.forge import Check, CheckState, MergeProblem, MergeRefusedError

GREEN = Check(name="mlops/promotion", state=CheckState.SUCCESS, summary="Authorised")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with forge_stage(tmp_path) as opened:
        yield opened


def merge(stage: Stage, number: int, head: str | None = None) -> str:
    expected = head or stage.people.head(BRANCH)
    return stage.forge.merge(number, expected_head=expected, message="Promote churn 2\n\nP1 by alice.", at=0)


def refused(stage: Stage, number: int, head: str | None = None) -> MergeRefusedError:
    with pytest.raises(MergeRefusedError) as raised:
        merge(stage, number, head)
    return raised.value


class TestMerge:
    """The merge itself."""

    def test_it_is_a_merge_commit_with_our_words_and_may_be_repeated(self, stage: Stage) -> None:
        start, number = stage.people.head(), stage.ask()
        head = stage.people.head(BRANCH)
        merged = merge(stage, number)
        commit = stage.people.repository.objects.commit(merged)
        assert commit is not None
        assert commit.parents == (start, head)
        assert commit.message.strip() == "Promote churn 2\n\nP1 by alice."
        assert merge(stage, number, head) == merged == stage.forge.main_head()

    @pytest.mark.parametrize("allowed", [{"squash"}, {"rebase"}, {"squash", "rebase"}])
    def test_what_the_repository_allows_is_used(self, stage: Stage, allowed: set[str]) -> None:
        stage.people.repository.allowed_merges = allowed
        start, number = stage.people.head(), stage.ask()
        merged = merge(stage, number)
        assert stage.forge.parent_of(merged) == start
        assert stage.forge.pull_request(number).merge_commit == merged

    def test_a_way_that_was_just_forbidden_is_followed_by_the_next(self, stage: Stage) -> None:
        number = stage.ask()
        stage.people.repository.allowed_merges = {"squash"}
        assert merge(stage, number) == stage.people.head()

    def test_a_repository_that_allows_no_way_says_what_to_allow(self, stage: Stage) -> None:
        number = stage.ask()
        stage.people.repository.allowed_merges = set()
        with pytest.raises(Unavailable, match="acme/models allows no way of merging on GitHub: allow merge commits"):
            merge(stage, number)

    @pytest.mark.parametrize("times", [1, 4])
    def test_a_lost_answer_is_found_out_by_looking(self, stage: Stage, times: int) -> None:
        number = stage.ask()
        stage.github.fail("/merge$", 0, times=times, after=True)
        assert merge(stage, number) == stage.people.head()
        assert len(stage.forge.main_since(None)) == 2

    def test_an_answer_that_was_lost_before_anything_happened_is_the_engines(self, stage: Stage) -> None:
        number = stage.ask()
        stage.github.fail("/merge$", 502, times=4)
        with pytest.raises(Unavailable, match="GitHub does not carry out PUT"):
            merge(stage, number)
        assert merge(stage, number) == stage.people.head()


class TestRefusals:
    """The four reasons."""

    def test_a_head_that_moved_before_or_during_the_merge(self, stage: Stage) -> None:
        number, main = stage.ask(), stage.people.head()
        old = stage.people.head(BRANCH)
        stage.github.before("/merge$", lambda: stage.people.push("bob", BRANCH, {"evil": "x"}))
        for _ in range(2):
            assert refused(stage, number, old).problem is MergeProblem.STALE_HEAD
        assert stage.people.head() == main

    def test_a_conflict(self, stage: Stage) -> None:
        stage.people.push("alice", "main", {STAGING: "version: '1'\n"})
        number = stage.ask()
        stage.people.push("alice", "main", {STAGING: "version: '9'\n"})
        refusal = refused(stage, number)
        assert (refusal.problem, str(refusal)) == (
            MergeProblem.CONFLICT,
            f"Pull request 1 conflicts with main in {STAGING}: merge main into {BRANCH} and settle it.",
        )

    def test_the_rules_of_main_in_githubs_own_words(self, stage: Stage) -> None:
        stage.people.protect("main", {"mlops/promotion": stage.github.app.id})
        number = stage.ask()
        refusal = refused(stage, number)
        assert refusal.problem is MergeProblem.PROTECTED
        assert 'Required status check "mlops/promotion" is expected' in str(refusal)
        stage.forge.put_checks(stage.people.head(BRANCH), [GREEN])
        assert merge(stage, number) == stage.people.head()

    def test_the_end_that_came_before(self, stage: Stage) -> None:
        number = stage.ask()
        head = stage.people.head(BRANCH)
        stage.people.close("alice", number)
        assert refused(stage, number, head).problem is MergeProblem.NOT_OPEN

    def test_an_end_that_comes_during_the_merge(self, stage: Stage) -> None:
        number = stage.ask()
        stage.github.before("/merge$", lambda: stage.people.close("alice", number))
        assert refused(stage, number).problem is MergeProblem.NOT_OPEN

    def test_somebody_who_merges_the_same_head_meanwhile_is_as_good(self, stage: Stage) -> None:
        number = stage.ask()
        stage.github.before("/merge$", lambda: stage.people.merge("alice", number))
        assert merge(stage, number) == stage.people.head()


class TestWouldMerge:
    """Asking before."""

    def test_githubs_background_work_is_waited_for(self, stage: Stage) -> None:
        number = stage.ask()
        stage.people.mergeable_unknown(3)
        assert stage.forge.would_merge(number) is None
        assert 1 <= len(stage.time.slept) <= 3

    def test_githubs_background_work_is_waited_for_within_a_moment_too(self, stage: Stage) -> None:
        number = stage.ask()
        stage.people.mergeable_unknown(3)
        with stage.forge.moment():
            assert stage.forge.would_merge(number) is None

    def test_work_that_takes_too_long_is_the_engines(self, stage: Stage) -> None:
        number = stage.ask()
        stage.people.mergeable_unknown(99)
        with pytest.raises(Unavailable, match="does not say yet whether pull request 1 can be merged"):
            stage.forge.would_merge(number)

    def test_conflicts_and_ends_are_told_and_missing_checks_are_not(self, stage: Stage) -> None:
        stage.people.protect("main", {"mlops/promotion": stage.github.app.id})
        stage.people.push("alice", "main", {STAGING: "1"}, past_protection=True)
        number = stage.ask()
        assert stage.forge.would_merge(number) is None
        stage.people.push("alice", "main", {STAGING: "9"}, past_protection=True)
        conflict = stage.forge.would_merge(number)
        assert conflict is not None
        assert conflict.problem is MergeProblem.CONFLICT
        stage.people.close("alice", number)
        closed = stage.forge.would_merge(number)
        assert closed is not None
        assert closed.problem is MergeProblem.NOT_OPEN
