"""Do checks on GitHub say what they should, written once, and by nobody else?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.github.cutting import CHECK_LIMIT
from gates.refusal import Unavailable
from tests.github.forge_stage import STAGING, Stage, forge_stage
from tests.github.standin.checks import CheckRun
from workflows.forge import Annotation, Button, Check, CheckState

NAME = "mlops/promotion"
TOLD = (
    "{} wrote a {} named mlops/promotion on {}; it is overwritten. Require mlops/promotion from this App alone in the "
    "protection of main, so that nobody else's counts."
)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with forge_stage(tmp_path) as opened:
        opened.github.installation.permissions["statuses"] = "write"
        yield opened


@pytest.fixture
def head(stage: Stage) -> str:
    return stage.people.push("alice", "fix", {STAGING: "version: '2'\n"})


def check(state: CheckState = CheckState.SUCCESS, summary: str = "All is well", **more: object) -> Check:
    return Check(name=NAME, state=state, summary=summary, **more)  # type: ignore[arg-type] # the tests' own shorthand


def annotated(count: int, words: str = "wrong") -> Check:
    notes = tuple(Annotation(path=STAGING, line=number + 1, text=f"{words} {number}") for number in range(count))
    return check(CheckState.FAILURE, annotations=notes)


def run_of(stage: Stage, head: str) -> CheckRun:
    return stage.people.check_runs(head)[NAME]


def writes(stage: Stage) -> int:
    return len([one for one in stage.github.requests_to("check-runs|statuses") if one.method != "GET"])


class TestContent:
    """What people see."""

    @pytest.mark.parametrize(
        ("state", "status", "conclusion"),
        [
            (CheckState.PENDING, "in_progress", None),
            (CheckState.WAITING, "completed", "action_required"),
            (CheckState.SUCCESS, "completed", "success"),
            (CheckState.NEUTRAL, "completed", "neutral"),
            (CheckState.FAILURE, "completed", "failure"),
        ],
    )
    def test_each_state_has_githubs_word(
        self, stage: Stage, head: str, state: CheckState, status: str, conclusion: str | None
    ) -> None:
        assert stage.forge.put_checks(head, [check(state, "It is so", text="## More")]) == ()
        run = run_of(stage, head)
        seen = (run.app, run.status, run.conclusion, run.title, run.summary, run.text)
        assert seen == (stage.github.app, status, conclusion, "It is so", "It is so", "## More")

    def test_buttons_fit_and_name_what_they_do(self, stage: Stage, head: str) -> None:
        buttons = (Button.APPROVE, Button.REJECT, Button.RECHECK)
        stage.forge.put_checks(head, [check(CheckState.WAITING, buttons=buttons)])
        actions = run_of(stage, head).actions
        assert [(action["label"], action["identifier"]) for action in actions] == [
            ("Approve", "approve"),
            ("Reject", "reject"),
            ("Re-run", "recheck"),
        ]

    def test_annotations_stand_at_their_lines(self, stage: Stage, head: str) -> None:
        stage.forge.put_checks(head, [annotated(1)])
        (note,) = run_of(stage, head).annotations
        assert (note["path"], note["start_line"], note["end_line"], note["annotation_level"], note["message"]) == (
            STAGING, 1, 1, "failure", "wrong 0",
        )  # fmt: skip

    def test_a_long_text_links_the_whole_file_at_that_commit(self, stage: Stage, head: str) -> None:
        whole = "models/churn/evidence/staging/P1.md"
        stage.forge.put_checks(head, [check(text="word " * 20_000, whole=whole)])
        text = run_of(stage, head).text or ""
        assert len(text) <= CHECK_LIMIT
        assert text.endswith(f"[All of it is in the branch](https://github.com/acme/models/blob/{head}/{whole}).*")

    def test_a_long_summary_has_a_short_title(self, stage: Stage, head: str) -> None:
        stage.forge.put_checks(head, [check(summary="several words " * 30)])
        title = run_of(stage, head).title or ""
        assert title.endswith("words several…")
        assert len(title) <= 120


class TestWriting:
    """When something is written."""

    def test_what_stands_there_already_is_not_written_again(self, stage: Stage, head: str) -> None:
        checks = [check(), Check(name="mlops/format", state=CheckState.FAILURE, summary="No", text="Details")]
        stage.forge.put_checks(head, checks)
        for forge in (stage.forge, stage.another()):
            assert forge.put_checks(head, checks) == ()
        assert writes(stage) == 2

    def test_only_what_differs_is_written_and_in_place(self, stage: Stage, head: str) -> None:
        other = Check(name="mlops/format", state=CheckState.SUCCESS, summary="Formats")
        stage.forge.put_checks(head, [check(CheckState.PENDING), other])
        first = run_of(stage, head)
        stage.forge.put_checks(head, [check(CheckState.SUCCESS), other])
        assert (writes(stage), run_of(stage, head).id, run_of(stage, head).conclusion) == (3, first.id, "success")

    def test_a_changed_button_or_line_is_a_difference(self, stage: Stage, head: str) -> None:
        for buttons in ((), (Button.RECHECK,)):
            stage.forge.put_checks(head, [check(buttons=buttons)])
        assert [action["identifier"] for action in run_of(stage, head).actions] == ["recheck"]

    def test_an_ended_check_that_begins_again_is_a_new_one(self, stage: Stage, head: str) -> None:
        stage.forge.put_checks(head, [check(CheckState.FAILURE)])
        stage.forge.put_checks(head, [check(CheckState.PENDING)])
        assert (run_of(stage, head).status, len(stage.people.repository.check_runs)) == ("in_progress", 2)

    def test_more_annotations_than_fit_in_one_request_are_all_there_once(self, stage: Stage, head: str) -> None:
        for _ in range(2):
            stage.forge.put_checks(head, [annotated(120)])
        assert [note["message"] for note in run_of(stage, head).annotations] == [f"wrong {n}" for n in range(120)]
        assert writes(stage) == 3

    def test_annotations_that_change_do_not_pile_up(self, stage: Stage, head: str) -> None:
        stage.forge.put_checks(head, [annotated(2)])
        stage.forge.put_checks(head, [annotated(1, "other")])
        assert [note["message"] for note in run_of(stage, head).annotations] == ["other 0"]

    def test_a_death_between_two_batches_is_made_good(self, stage: Stage, head: str) -> None:
        stage.github.fail("check-runs/", 500, times=4, method="PATCH")
        with pytest.raises(Unavailable):
            stage.forge.put_checks(head, [annotated(60)])
        stage.another().put_checks(head, [annotated(60)])
        assert len(run_of(stage, head).annotations) == 60

    def test_checks_of_other_names_are_left_alone(self, stage: Stage, head: str) -> None:
        stage.people.foreign_check_run(stage.github.new_app("lint"), head, "lint", "failure")
        stage.people.set_status("carol", head, "deploy/preview", "failure")
        assert stage.forge.put_checks(head, [check()]) == ()
        assert stage.people.check_runs(head)["lint"].conclusion == "failure"


class TestForgery:
    """Others under our names."""

    def test_another_apps_green_is_overwritten_and_told_once(self, stage: Stage, head: str) -> None:
        blocked = check(CheckState.FAILURE)
        stage.forge.put_checks(head, [blocked])
        stage.time.now += 5
        stage.people.foreign_check_run(stage.github.new_app("evil-ci"), head, NAME, "success")
        assert stage.forge.put_checks(head, [blocked]) == (TOLD.format("the App evil-ci", "check", head[:12]),)
        newest = max(stage.people.repository.check_runs.values(), key=lambda run: run.id)
        assert (newest.app, newest.conclusion) == (stage.github.app, "failure")
        assert stage.forge.put_checks(head, [blocked]) == ()
        assert stage.another().put_checks(head, [blocked]) == ()

    def test_each_new_forgery_is_told_again(self, stage: Stage, head: str) -> None:
        evil = stage.github.new_app("evil-ci")
        for _ in range(2):
            stage.time.now += 5
            stage.people.foreign_check_run(evil, head, NAME, "success")
            assert len(stage.forge.put_checks(head, [check(CheckState.FAILURE)])) == 1

    def test_a_forgery_that_came_first_is_overwritten_too(self, stage: Stage, head: str) -> None:
        stage.people.foreign_check_run(stage.github.new_app("evil-ci"), head, NAME, "success")
        assert len(stage.forge.put_checks(head, [check(CheckState.PENDING)])) == 1
        assert run_of(stage, head).app == stage.github.app

    def test_a_persons_status_is_overwritten_by_ours_with_the_same_state(self, stage: Stage, head: str) -> None:
        stage.people.set_status("carol", head, NAME, "success")
        told = stage.forge.put_checks(head, [check(CheckState.WAITING, "Two approvals are missing")])
        assert told == (TOLD.format("carol", "status", head[:12]),)
        newest = stage.people.repository.statuses[-1]
        assert (newest.creator.login, newest.state, newest.description) == (
            "gatehouse[bot]", "pending", "Two approvals are missing",
        )  # fmt: skip
        assert stage.forge.put_checks(head, [check(CheckState.WAITING, "Two approvals are missing")]) == ()
        assert stage.forge.put_checks(head, [check(CheckState.SUCCESS)]) == ()
        assert stage.people.repository.statuses[-1].state == "success"

    def test_without_the_permission_to_overwrite_the_operator_is_told_what_to_grant(
        self, stage: Stage, head: str
    ) -> None:
        stage.github.installation.permissions["statuses"] = "read"
        stage.people.set_status("carol", head, NAME, "success")
        (told,) = stage.forge.put_checks(head, [check()])
        assert "grant it the permission to write commit statuses" in told

    def test_without_the_permission_to_look_the_checks_are_written_all_the_same(self, stage: Stage, head: str) -> None:
        del stage.github.installation.permissions["statuses"]
        assert stage.forge.put_checks(head, [check()]) == ()
        assert run_of(stage, head).conclusion == "success"

    def test_a_forgers_name_does_not_act_in_the_sentence(self, stage: Stage, head: str) -> None:
        stage.people.foreign_check_run(stage.github.new_app("evil\nci"), head, NAME, "success")
        (told,) = stage.forge.put_checks(head, [check()])
        assert told.startswith("the App evil ci wrote")
