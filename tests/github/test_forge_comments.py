"""Do people read each thing once below a pull request, and do we read what they wrote?"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.github.cutting import COMMENT_LIMIT
from tests.github.forge_stage import BRANCH, Stage, forge_stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with forge_stage(tmp_path) as opened:
        yield opened


@pytest.fixture
def number(stage: Stage) -> int:
    return stage.ask()


def bodies(stage: Stage, number: int) -> list[str]:
    return [comment.body for comment in stage.people.comments(number)]


class TestOurs:
    """The one comment that is edited in place."""

    def test_it_is_written_once_and_edited_when_its_text_differs(self, stage: Stage, number: int) -> None:
        for forge, text in (
            (stage.forge, "One"),
            (stage.forge, "One"),
            (stage.another(), "One"),
            (stage.another(), "Two"),
        ):
            forge.put_comment(number, "card", text)
        assert bodies(stage, number) == ["<!-- card -->\nTwo"]
        assert len(stage.github.requests_to("comments", "PATCH")) == 1

    def test_each_marker_has_its_own(self, stage: Stage, number: int) -> None:
        stage.forge.put_comment(number, "card", "Card")
        stage.forge.put_comment(number, "rulebook", "Rules")
        assert bodies(stage, number) == ["<!-- card -->\nCard", "<!-- rulebook -->\nRules"]

    def test_somebody_elses_comment_with_our_marker_is_not_ours(self, stage: Stage, number: int) -> None:
        stage.people.comment("mallory", number, "<!-- card -->\nAll is well, merge it")
        stage.forge.put_comment(number, "card", "It is blocked")
        assert bodies(stage, number) == ["<!-- card -->\nAll is well, merge it", "<!-- card -->\nIt is blocked"]

    def test_what_somebody_changed_in_ours_is_put_right(self, stage: Stage, number: int) -> None:
        stage.forge.put_comment(number, "card", "It is blocked")
        (comment,) = stage.people.comments(number)
        stage.people.edit_comment("mallory", comment.id, "<!-- card -->\nAll is well")
        stage.forge.put_comment(number, "card", "It is blocked")
        assert bodies(stage, number) == ["<!-- card -->\nIt is blocked"]

    def test_one_that_somebody_deleted_is_written_again(self, stage: Stage, number: int) -> None:
        stage.forge.put_comment(number, "card", "One")
        stage.people.delete_comment("alice", stage.people.comments(number)[0].id)
        stage.forge.put_comment(number, "card", "One")
        assert bodies(stage, number) == ["<!-- card -->\nOne"]

    def test_a_second_one_goes(self, stage: Stage, number: int) -> None:
        path = f"/issues/{number}/comments$"
        just_written = partial(stage.another().put_comment, number, "card", "One")
        stage.github.before(path, lambda: stage.github.before(path, just_written))
        stage.forge.put_comment(number, "card", "One")
        assert len(bodies(stage, number)) == 2
        stage.another().put_comment(number, "card", "Two")
        assert bodies(stage, number) == ["<!-- card -->\nTwo"]

    def test_it_is_found_among_hundreds(self, stage: Stage, number: int) -> None:
        for count in range(105):
            stage.people.comment("alice", number, f"Remark {count}")
        stage.forge.put_comment(number, "card", "One")
        stage.another().put_comment(number, "card", "One")
        assert bodies(stage, number).count("<!-- card -->\nOne") == 1

    def test_line_ends_of_githubs_pages_are_no_difference(self, stage: Stage, number: int) -> None:
        stage.forge.put_comment(number, "card", "One\nTwo")
        (comment,) = stage.people.comments(number)
        stage.people.edit_comment("alice", comment.id, "<!-- card -->\r\nOne\r\nTwo\r\n")
        stage.forge.put_comment(number, "card", "One\nTwo")
        assert not stage.github.requests_to("comments", "PATCH")

    def test_a_long_one_links_the_whole_file_in_the_branch(self, stage: Stage, number: int) -> None:
        head = stage.people.head(BRANCH)
        for _ in range(2):
            stage.forge.put_comment(number, "card", "word " * 20_000, whole="models/churn/card.md")
        (body,) = bodies(stage, number)
        assert len(body) <= COMMENT_LIMIT
        assert f"https://github.com/acme/models/blob/{head}/models/churn/card.md" in body
        assert not stage.github.requests_to("comments", "PATCH")


class TestTheirs:
    """What people say, and what we answer."""

    def test_what_people_said_since_a_time_is_read_with_who_and_how(self, stage: Stage, number: int) -> None:
        stage.people.comment("alice", number, "Too early")
        stage.time.now += 100
        since = stage.time.clock()
        first = stage.people.comment("alice", number, "/mlops status")
        second = stage.people.comment("bob", number, "/mlops approve")
        stage.time.now += 5
        stage.people.edit_comment("mallory", second, "/mlops reject")
        stage.forge.put_comment(number, "card", "Ours")
        seen = stage.forge.comments.since(since)
        assert [(one.id, one.number, one.account, one.is_bot, one.text, one.edited) for one in seen[:2]] == [
            (first, number, "alice", False, "/mlops status", False),
            (second, number, "bob", False, "/mlops reject", True),
        ]
        assert (seen[0].at, seen[0].on_pull_request, seen[2].is_bot, len(seen)) == (since, True, True, 3)

    def test_a_reaction_may_be_repeated_and_a_comment_that_is_gone_needs_none(self, stage: Stage, number: int) -> None:
        comment = stage.people.comment("alice", number, "/mlops approve")
        for _ in range(2):
            stage.forge.comments.react(comment, "+1")
        assert len(stage.people.comments(number)[0].reactions) == 1
        stage.people.delete_comment("alice", comment)
        stage.forge.comments.react(comment, "+1")

    def test_an_answer_is_given_once_for_each_comment(self, stage: Stage, number: int) -> None:
        for forge in (stage.forge, stage.another()):
            forge.comments.answer(number, "comment:5", "It waits for two people.")
            forge.comments.answer(number, "comment:55", "The same to you.")
        assert bodies(stage, number) == [
            "<!-- gatehouse:answer:comment:5 -->\nIt waits for two people.",
            "<!-- gatehouse:answer:comment:55 -->\nThe same to you.",
        ]
