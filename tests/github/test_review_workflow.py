"""Does a promotion go its whole way on GitHub: asked, judged, reviewed, merged, served, shown?"""

import pytest

from bot.exchange import ExitCode
from tests.github.standin.answers import ApiError
from tests.github.world import STAGING, GitHubWorld

BRANCH = "mlops/P1-churn-1-staging"
SECOND = "model: churn\nenvironment: staging\nversion: '2'\n"


def test_a_review_approves_and_the_model_serves(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    repository = on_github.repository
    assert on_github.checks(number) == {
        "mlops/comparison": "success",
        "mlops/fairness: true_positive_rate": "success",
        "mlops/format": "success",
        "mlops/evaluation_data": "success",
        "mlops/lineage": "success",
        "mlops/serving": "success",
        "mlops/promotion": "action_required",
    }
    assert repository.labels(number) == ["mlops", "promote", "staging"]
    assert on_github.asked(number) == ["bob-at-work"]
    on_github.review("bob-at-work", number, body="reads well")

    assert on_github.world.state(1) == "promoted"
    assert on_github.world.registry.alias("churn", "staging") == "1"
    assert b"version: '1'" in (repository.read("main", STAGING) or b"")
    (comment,) = repository.comments(number)
    assert "## P1 is promoted: churn 1 to staging" in comment.body
    assert "bob approved (as validator, platform)" in comment.body
    assert ": reads well" in comment.body
    assert repository.pull(number).merged_at is not None
    with pytest.raises(ApiError, match="404"):
        repository.head(BRANCH)
    (deployment,) = repository.deployments
    assert (deployment.environment, deployment.task) == ("staging", "deploy:churn")
    assert [status.state for status in deployment.statuses] == ["in_progress", "success"]
    assert on_github.world.ledger("P1").count("approved") == 1


@pytest.mark.full
def test_the_next_version_takes_the_place_of_the_last_deployment(on_github: GitHubWorld) -> None:
    on_github.review("bob-at-work", on_github.ask())
    on_github.review("bob-at-work", on_github.ask("promote churn 2 to staging"))
    states = {one.description: one.statuses[-1].state for one in on_github.repository.deployments}
    assert list(states.values()) == ["inactive", "success"]


def test_requesting_changes_rejects_for_good(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    on_github.review("bob-at-work", number, "CHANGES_REQUESTED", "the data are old")
    assert on_github.world.state(1) == "rejected"
    assert on_github.repository.pull(number).state == "closed"
    assert on_github.checks(number)["mlops/promotion"] == "failure"
    assert "the data are old" in on_github.comment(number)


@pytest.mark.full
def test_a_review_by_someone_without_a_role_is_welcome_and_does_not_count(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    on_github.review("frank", number, body="nice")
    on_github.review("mallory", number)
    assert on_github.world.state(1) == "waiting"
    assert "does not count: frank has no role that this policy asks for (validator)" in on_github.comment(number)
    text = on_github.repository.check_runs(on_github.head(number))["mlops/promotion"].text or ""
    assert "the account mallory is linked to no person of policies/people.yaml" in text


def test_whoever_asked_cannot_approve_by_a_review_either(on_github: GitHubWorld) -> None:
    number = on_github.ask(login="bob-at-work")
    on_github.review("bob-at-work", number)
    assert on_github.world.state(1) == "waiting"
    assert "does not count: bob asked for this promotion" in on_github.comment(number)


def test_a_dismissed_review_counts_no_longer_and_another_one_does(two_approvals: GitHubWorld) -> None:
    number = two_approvals.ask()
    review = two_approvals.review("bob-at-work", number)
    assert two_approvals.asked(number) == ["carol"]
    two_approvals.repository.dismiss_review("carol", number, review, "read it again")
    two_approvals.hear()
    assert "does not count: the review was dismissed" in two_approvals.comment(number)
    two_approvals.review("carol", number)
    assert two_approvals.world.state(1) == "waiting"
    assert "decision_revoked" in two_approvals.world.ledger("P1")
    two_approvals.review("bob-at-work", number)
    assert two_approvals.world.state(1) == "promoted"


@pytest.mark.full
def test_a_review_and_a_comment_by_one_person_are_one_decision(two_approvals: GitHubWorld) -> None:
    number = two_approvals.ask()
    two_approvals.review("bob-at-work", number)
    two_approvals.say("bob-at-work", "approve", on=number)
    assert two_approvals.world.state(1) == "waiting"
    assert "counts once" in two_approvals.answers(number)[0]
    two_approvals.press("carol", number, "approve")
    assert two_approvals.world.state(1) == "promoted"


@pytest.mark.full
def test_a_review_of_a_commit_without_evidence_does_not_count(on_github: GitHubWorld) -> None:
    manifest = "model: churn\nenvironment: staging\nversion: '1'\n"
    on_github.repository.push("alice", "by-hand", {STAGING: manifest})
    number = on_github.repository.open_pull_request("alice", "by-hand", "Serve churn 1")
    bare = on_github.head(number)
    on_github.hear()
    assert on_github.world.state(1) == "waiting"
    assert on_github.head(number) != bare
    on_github.repository.review("bob-at-work", number, "APPROVED", commit=bare)
    on_github.hear()
    assert on_github.world.state(1) == "waiting"
    assert "does not count: the commit that was reviewed holds no evidence" in on_github.comment(number)
    on_github.review("bob-at-work", number)
    assert on_github.world.state(1) == "promoted"


@pytest.mark.full
def test_a_review_of_other_evidence_does_not_count(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    old = on_github.head(number)
    on_github.repository.push("alice", BRANCH, {STAGING: SECOND})
    on_github.hear()
    assert on_github.world.promotion(1).version == "2"
    on_github.repository.review("bob-at-work", number, "APPROVED", commit=old)
    on_github.hear()
    assert on_github.world.state(1) == "waiting"
    assert "does not count: given for other evidence" in on_github.comment(number)


def test_the_button_approves_what_stood_beside_it_and_nothing_newer(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    old = on_github.head(number)
    on_github.repository.push("alice", BRANCH, {STAGING: SECOND})
    on_github.hear()
    on_github.press("bob-at-work", number, "approve", head=old)
    assert on_github.world.state(1) == "waiting"
    on_github.press("bob-at-work", number, "approve")
    assert on_github.world.state(1) == "promoted"


@pytest.mark.full
def test_the_button_rejects_and_measures_again(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    on_github.press("carol", number, "recheck")
    assert (on_github.world.state(1), on_github.world.ledger("P1").count("recheck")) == ("waiting", 1)
    on_github.press("bob-at-work", number, "reject")
    assert on_github.world.state(1) == "rejected"
    assert "rejected with the button" in on_github.comment(number)


def test_a_comment_decides_and_gets_a_reaction_and_no_answer(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    comment = on_github.say("bob-at-work", "approve --reason 'reads well'", on=number)
    assert on_github.world.state(1) == "promoted"
    assert on_github.answers(number) == []
    (said,) = [one for one in on_github.repository.comments(number) if one.id == comment]
    assert [reaction.content for reaction in said.reactions] == ["+1"]


def test_a_refused_command_is_answered_once(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    comment = on_github.say("alice", "approve", on=number)
    assert on_github.world.state(1) == "waiting"
    (answer,) = on_github.answers(number)
    assert "asked for this promotion" in answer
    on_github.repository.edit_comment("alice", comment, "/mlops approve --reason please")
    on_github.hear()
    on_github.sweep()
    assert len(on_github.answers(number)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "```\n/mlops reject --reason no\n```",
        "> /mlops reject --reason no",
        "Try `/mlops reject --reason no`",
        "    /mlops reject --reason no",
        "<!-- \n/mlops reject --reason no\n-->",
        "see /mlops reject --reason no",
    ],
)
def test_a_command_that_is_only_quoted_is_none(on_github: GitHubWorld, text: str) -> None:
    number = on_github.ask()
    on_github.repository.comment("bob-at-work", number, text)
    on_github.hear()
    assert on_github.world.state(1) == "waiting"
    assert on_github.answers(number) == []


@pytest.mark.full
def test_the_status_is_told_below_the_pull_request(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    on_github.say("frank", "status", on=number)
    on_github.say("frank", "why P1", on=number)
    first, second = on_github.answers(number)
    assert "P1" in first
    assert "validator" in second


def test_a_failing_gate_blocks_with_red_checks(on_github: GitHubWorld) -> None:
    on_github.review("bob-at-work", on_github.ask("promote churn 2 to staging"))
    number = on_github.ask("promote churn 3 to staging")
    assert on_github.world.state(2) == "blocked"
    checks = on_github.checks(number)
    assert checks["mlops/promotion"] == "failure"
    assert "failure" in {checks[name] for name in checks if name.startswith("mlops/fairness")}
    assert on_github.asked(number) == []


def test_a_terminal_speaks_as_the_owner_of_its_token(on_github: GitHubWorld) -> None:
    on_github.ask()
    assert on_github.type("frank", "approve P1").code is ExitCode.REFUSED
    assert on_github.type("bob-at-work", "approve P1").code is ExitCode.DONE
    assert on_github.world.state(1) == "promoted"
