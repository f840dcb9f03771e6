"""Are reviews read as they are, the right people asked once, and teams and environments shown?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gates.refusal import UserError
from tests.github.forge_stage import BRANCH, Stage, forge_stage
from workflows.forge import Deployment, DeploymentState


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with forge_stage(tmp_path) as opened:
        yield opened


@pytest.fixture
def number(stage: Stage) -> int:
    for login in ("val", "rob", "stranger"):
        stage.github.person(login)
    return stage.ask()


class TestReviews:
    """What people decided."""

    def test_approvals_rejections_and_dismissed_ones_are_told_oldest_first(self, stage: Stage, number: int) -> None:
        head, at = stage.people.head(BRANCH), stage.time.clock()
        ids = [stage.people.review("val", number, "APPROVED", "Fine by me")]
        stage.time.now += 10
        stage.people.review("carl", number, "COMMENTED", "Hm")
        ids.append(stage.people.review("rob", number, "CHANGES_REQUESTED", "Too risky"))
        stage.people.dismiss_review("olivia", number, ids[0])
        seen = stage.forge.reviews(number)
        assert [(r.id, r.account, r.approves, r.dismissed, r.commit, r.reason, r.at) for r in seen] == [
            (str(ids[0]), "val", True, True, head, "Fine by me", at),
            (str(ids[1]), "rob", False, False, head, "Too risky", at + 10),
        ]

    def test_a_review_names_the_commit_that_was_reviewed(self, stage: Stage, number: int) -> None:
        old = stage.people.head(BRANCH)
        stage.people.review("val", number, "APPROVED")
        stage.people.push("bob", BRANCH, {"more": "x"})
        assert [review.commit for review in stage.forge.reviews(number)] == [old]

    def test_all_pages_are_read(self, stage: Stage, number: int) -> None:
        for _ in range(102):
            stage.people.review("val", number, "CHANGES_REQUESTED", "No")
        assert len(stage.forge.reviews(number)) == 102

    def test_a_programs_review_is_none(self, stage: Stage, number: int) -> None:
        stage.people.review("val", number, "APPROVED")
        stage.people.pull(number).reviews.popitem()[1].author = stage.github.app.robot
        assert stage.forge.reviews(number) == ()


class TestRequests:
    """Whom we ask."""

    def test_people_are_asked_once_and_others_no_longer(self, stage: Stage, number: int) -> None:
        for wanted, unwanted in (({"val", "rob"}, set()), ({"Val", "rob"}, set()), ({"val"}, {"ROB", "nobody"})):
            stage.forge.request_reviews(number, wanted=wanted, unwanted=unwanted)
        assert stage.forge.pull_request(number).reviewers == {"val"}
        asked = [one.method for one in stage.github.requests_to("requested_reviewers")]
        assert asked == ["POST", "DELETE"]

    def test_whom_github_refuses_is_left_out(self, stage: Stage, number: int) -> None:
        stage.people.grant("stranger", "none")
        stage.forge.request_reviews(number, wanted={"val", "stranger", "rob"}, unwanted=())
        assert stage.forge.pull_request(number).reviewers == {"val", "rob"}

    def test_authors_are_not_asked(self, stage: Stage) -> None:
        stage.people.push("alice", "fix", {"a": "b"})
        number = stage.people.open_pull_request("alice", "fix", "Mine")
        stage.forge.request_reviews(number, wanted={"Alice"}, unwanted=())
        assert not stage.github.requests_to("requested_reviewers")

    def test_who_looked_at_this_head_is_not_asked_again_until_it_changes(self, stage: Stage, number: int) -> None:
        stage.forge.request_reviews(number, wanted={"val"}, unwanted=())
        stage.people.review("val", number, "COMMENTED", "I have a question")
        stage.forge.request_reviews(number, wanted={"val"}, unwanted=())
        assert stage.forge.pull_request(number).reviewers == frozenset()
        stage.people.push("bob", BRANCH, {"more": "x"})
        stage.forge.request_reviews(number, wanted={"val"}, unwanted=())
        assert stage.forge.pull_request(number).reviewers == {"val"}

    def test_after_the_end_nobody_is_asked(self, stage: Stage, number: int) -> None:
        stage.people.close("alice", number)
        stage.forge.request_reviews(number, wanted={"val"}, unwanted=())
        assert not stage.github.requests_to("requested_reviewers")


class TestTeams:
    """Who is in a team."""

    def test_its_members_are_told_however_many(self, stage: Stage) -> None:
        logins = {f"member-{number}" for number in range(120)}
        stage.github.add_team("acme", "risk", logins)
        assert stage.forge.members("acme/risk") == logins

    def test_one_that_cannot_be_read_says_what_to_grant(self, stage: Stage) -> None:
        stage.github.add_team("acme", "risk", ["val"])
        with pytest.raises(UserError, match="permission to read the organisation's members"):
            stage.forge.members("acme/nobody")
        stage.github.installation.permissions.pop("members")
        with pytest.raises(UserError, match="acme/risk cannot be read"):
            stage.another().members("acme/risk")


class TestDeployments:
    """What an environment's page shows."""

    def test_a_promotion_is_one_deployment_with_its_states(self, stage: Stage) -> None:
        for state in (DeploymentState.IN_PROGRESS, DeploymentState.IN_PROGRESS, DeploymentState.SUCCESS):
            stage.forge.put_deployment(_deployment(stage, "P1", state))
        stage.another().put_deployment(_deployment(stage, "P1", DeploymentState.SUCCESS))
        (shown,) = stage.people.deployments
        assert (shown.environment, shown.task, shown.sha) == ("production", "deploy:churn", stage.people.head())
        assert shown.payload == {"promotion": "P1", "model": "churn"}
        assert [status.state for status in shown.statuses] == ["in_progress", "success"]

    def test_a_success_ends_the_models_earlier_ones_and_no_others(self, stage: Stage) -> None:
        put = stage.forge.put_deployment
        put(_deployment(stage, "P1", DeploymentState.SUCCESS))
        put(_deployment(stage, "P2", DeploymentState.SUCCESS, model="loans"))
        put(_deployment(stage, "P3", DeploymentState.FAILURE))
        put(_deployment(stage, "P4", DeploymentState.SUCCESS))
        put(_deployment(stage, "P4", DeploymentState.SUCCESS))
        newest = {str(one.description).split(":")[0]: one.statuses[-1] for one in stage.people.deployments}
        assert {name: status.state for name, status in newest.items()} == {
            "P1": "inactive", "P2": "success", "P3": "failure", "P4": "success",
        }  # fmt: skip
        assert newest["P1"].description == "P4 took its place."

    def test_somebody_elses_deployment_with_a_payload_of_text_is_left_alone(self, stage: Stage) -> None:
        stage.forge.put_deployment(_deployment(stage, "P1", DeploymentState.FAILURE))
        stage.people.deployments[0].payload = "by hand"
        stage.forge.put_deployment(_deployment(stage, "P1", DeploymentState.SUCCESS))
        assert [one.statuses[-1].state for one in stage.people.deployments] == ["failure", "success"]

    def test_checks_that_run_on_main_do_not_hold_it_up(self, stage: Stage) -> None:
        stage.people.set_status("ci", stage.people.head(), "build", "failure")
        stage.forge.put_deployment(_deployment(stage, "P1", DeploymentState.SUCCESS))
        assert len(stage.people.deployments) == 1

    def test_a_long_summary_fits(self, stage: Stage) -> None:
        stage.forge.put_deployment(_deployment(stage, "P1", DeploymentState.FAILURE, summary="word " * 99))
        assert len(stage.people.deployments[0].statuses[-1].description or "") <= 140


def _deployment(
    stage: Stage, name: str, state: DeploymentState, *, model: str = "churn", summary: str = "It is so"
) -> Deployment:
    return Deployment(
        name=name,
        model=model,
        environment="production",
        production=True,
        commit=stage.people.head(),
        state=state,
        summary=summary,
    )
