"""Are reviews, comments, reactions, checks, statuses and deployments as GitHub has them?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.github.standin.answers import ApiError
from tests.github.standin.client import Client, as_bot, as_person
from tests.github.standin.github import GitHub
from tests.github.standin.people import People
from tests.github.standin.server import github_standin

REPO = "/repos/acme/models"
ONE = f"{REPO}/pulls/1"


@pytest.fixture
def clock() -> list[int]:
    return [1_800_000_000]


@pytest.fixture
def github(tmp_path: Path, clock: list[int]) -> Iterator[GitHub]:
    with github_standin(tmp_path, clock=lambda: clock[0]) as github:
        yield github


@pytest.fixture
def place(github: GitHub) -> People:
    place = github.repository("acme/models")
    place.push("alice", "x", {"x": "1\n"})
    place.open_pull_request("alice", "x", "t")
    return place


@pytest.fixture
def bot(github: GitHub, place: People) -> Client:
    assert place.pull(1).state == "open"
    return as_bot(github)


def test_a_review_is_of_the_head_or_of_the_commit_it_names(bot: Client, place: People) -> None:
    old = place.head("x")
    new = place.push("alice", "x", {"x": "2\n"})
    place.review("bob", 1, "APPROVED", "fine")
    place.review("carol", 1, "CHANGES_REQUESTED", "no", commit=old)
    told = bot.get(f"{ONE}/reviews").rows
    assert [(one["state"], one["commit_id"], one["body"]) for one in told] == [
        ("APPROVED", new, "fine"), ("CHANGES_REQUESTED", old, "no"),
    ]  # fmt: skip


def test_nobody_reviews_their_own_work(place: People) -> None:
    with pytest.raises(ApiError, match="Can not approve your own pull request"):
        place.review("alice", 1, "APPROVED")
    place.review("alice", 1, "COMMENTED", "by the way")


def test_a_dismissed_review_says_so_and_is_not_dismissed_twice(github: GitHub, bot: Client, place: People) -> None:
    review = place.review("bob", 1, "APPROVED")
    place.dismiss_review("carol", 1, review)
    assert bot.get(f"{ONE}/reviews/{review}").body["state"] == "DISMISSED"
    with pytest.raises(ApiError, match="dismiss"):
        place.dismiss_review("carol", 1, review)
    assert [one.action for one in github.take("pull_request_review")] == ["submitted", "dismissed"]
    assert bot.get(f"{ONE}/reviews/1").status == 404


def test_only_those_who_write_dismiss_and_only_authors_edit(bot: Client, place: People) -> None:
    review = place.review("bob", 1, "APPROVED")
    place.grant("rita", "read")
    with pytest.raises(ApiError, match="403"):
        place.dismiss_review("rita", 1, review)
    with pytest.raises(ApiError, match="author"):
        place.edit_review("carol", 1, review, "hacked")
    place.edit_review("bob", 1, review, "indeed")
    assert bot.get(f"{ONE}/reviews/{review}").body["body"] == "indeed"
    dismissed = bot.put(f"{ONE}/reviews/{review}/dismissals", message="out of date")
    assert dismissed.body["state"] == "DISMISSED"


def test_reviews_by_the_api_need_a_text_unless_they_approve(github: GitHub, bot: Client) -> None:
    bob = as_person(github, "bob")
    assert bob.post(f"{ONE}/reviews", event="REQUEST_CHANGES").status == 422
    assert bob.post(f"{ONE}/reviews", event="CELEBRATE").status == 422
    made = bob.post(f"{ONE}/reviews", event="REQUEST_CHANGES", body="no")
    assert bob.put(f"{ONE}/reviews/{made.body['id']}", body="no!").body["body"] == "no!"
    assert bot.get(f"{ONE}/reviews").at("0.user.login") == "bob"


def test_comments_are_written_read_edited_and_deleted(github: GitHub, bot: Client) -> None:
    made = bot.post(f"{REPO}/issues/1/comments", body="hello")
    path = f"{REPO}/issues/comments/{made.body['id']}"
    assert made.at("performed_via_github_app.slug") == "gatehouse"
    assert bot.patch(path, body="hello again").body["body"] == "hello again"
    assert bot.get(path).at("user.login") == "gatehouse[bot]"
    assert bot.delete(path).status == 204
    assert bot.get(path).status == 404
    assert [one.action for one in github.take("issue_comment")] == ["created", "edited", "deleted"]


def test_a_comment_has_a_limit_and_is_not_empty(bot: Client) -> None:
    path = f"{REPO}/issues/1/comments"
    assert bot.post(path, body="x" * 65_536).status == 201
    refused = bot.post(path, body="x" * 65_537)
    assert (refused.status, refused.at("errors.0.message")) == (422, "body is too long (maximum is 65536 characters)")
    assert bot.post(path, body=" ").status == 422
    assert bot.post(f"{REPO}/issues/7/comments", body="x").status == 404


def test_comments_come_in_pages_and_since_a_moment(bot: Client, place: People, clock: list[int]) -> None:
    for number in range(3):
        clock[0] += 60
        place.comment("bob", 1, str(number))
    page = bot.get(f"{REPO}/issues/1/comments?per_page=2&page=2")
    assert [one["body"] for one in page.rows] == ["2"]
    since = bot.get(f"{REPO}/issues/1/comments?since=2027-01-15T08:02:00Z")
    assert [one["body"] for one in since.rows] == ["1", "2"]
    assert len(bot.get(f"{REPO}/issues/comments").rows) == 3


def test_somebody_elses_comment_is_edited_only_by_those_who_write(github: GitHub, place: People) -> None:
    place.grant("rita", "read")
    comment = place.comment("bob", 1, "/mlops approve")
    with pytest.raises(ApiError, match="403"):
        place.edit_comment("rita", comment, "hacked")
    place.edit_comment("carol", comment, "/mlops reject")
    told = github.take("issue_comment")[-1].payload
    assert told["changes"] == {"body": {"from": "/mlops approve"}}
    place.delete_comment("bob", comment)
    assert place.comments(1) == []


def test_a_reaction_is_made_once(bot: Client, place: People) -> None:
    path = f"{REPO}/issues/comments/{place.comment('bob', 1, 'please')}"
    assert [bot.post(f"{path}/reactions", content="eyes").status for _ in range(2)] == [201, 200]
    assert [one["content"] for one in bot.get(f"{path}/reactions").rows] == ["eyes"]
    assert bot.get(path).at("reactions.eyes") == 1
    assert bot.post(f"{path}/reactions", content="shrug").status == 422


def test_a_check_run_is_written_and_changed_by_its_app_alone(github: GitHub, bot: Client, place: People) -> None:
    sha = place.head("x")
    made = bot.post(f"{REPO}/check-runs", name="gate", head_sha=sha, status="in_progress")
    path = f"{REPO}/check-runs/{made.body['id']}"
    assert (made.body["status"], made.body["conclusion"]) == ("in_progress", None)
    assert bot.patch(path, conclusion="success").body["status"] == "completed"
    foreign = place.foreign_check_run(github.new_app("other"), sha, "gate", "success")
    refused = bot.patch(f"{REPO}/check-runs/{foreign}", conclusion="failure")
    assert (refused.status, "Invalid app_id" in str(refused.body["message"])) == (403, True)
    assert [one.action for one in github.take("check_run")] == ["created", "completed", "created"]


def test_the_newest_run_of_a_name_is_the_one_that_counts(github: GitHub, bot: Client, place: People) -> None:
    sha = place.head("x")
    for conclusion in ("failure", "success"):
        bot.post(f"{REPO}/check-runs", name="gate", head_sha=sha, conclusion=conclusion)
    bot.post(f"{REPO}/check-runs", name="other", head_sha=sha)
    place.foreign_check_run(github.new_app("evil"), sha, "gate", "failure")
    path = f"{REPO}/commits/{sha}/check-runs"
    assert bot.get(path).body["total_count"] == 3
    assert bot.get(f"{path}?filter=all").body["total_count"] == 4
    ours = bot.get(f"{path}?check_name=gate&app_id={github.app.id}")
    assert (ours.body["total_count"], ours.at("check_runs.0.conclusion")) == (1, "success")
    assert bot.get(f"{path}?status=queued").body["total_count"] == 1
    assert bot.get(f"{REPO}/commits/x/check-runs").body["total_count"] == 3
    assert set(place.check_runs(sha)) == {"gate", "other"}


@pytest.mark.parametrize(
    "content",
    [
        {"output": {"title": "t", "summary": "s" * 65_536}},
        {"output": {"title": "t", "summary": "s", "text": "t" * 65_536}},
        {"output": {"title": "t", "summary": "s", "annotations": [{"path": "x"}] * 51}},
        {"output": {"title": "t"}},
        {"actions": [{"label": "l", "identifier": "i", "description": "d"}] * 4},
        {"actions": [{"label": "l" * 21, "identifier": "i", "description": "d"}]},
        {"actions": [{"label": "l", "identifier": "i" * 21, "description": "d"}]},
        {"actions": [{"label": "l", "identifier": "i", "description": "d" * 41}]},
        {"conclusion": "splendid"},
        {"status": "completed"},
        {"head_sha": "0" * 40},
    ],
)
def test_a_check_run_beyond_githubs_limits_is_refused(bot: Client, place: People, content: dict[str, object]) -> None:
    whole = {"name": "gate", "head_sha": place.head("x"), **content}
    assert bot.post(f"{REPO}/check-runs", **whole).status == 422
    assert place.check_runs(place.head("x")) == {}


def test_annotations_add_up_over_requests(bot: Client, place: People) -> None:
    line = {"path": "x", "start_line": 1, "end_line": 1, "annotation_level": "failure", "message": "wrong"}
    output = {"title": "t", "summary": "s", "annotations": [line] * 50}
    made = bot.post(f"{REPO}/check-runs", name="gate", head_sha=place.head("x"), output=output)
    path = f"{REPO}/check-runs/{made.body['id']}"
    bot.patch(path, output={**output, "annotations": [line]})
    assert bot.get(path).at("output.annotations_count") == 51
    assert len(bot.get(f"{path}/annotations?per_page=100").rows) == 51


def test_a_pressed_button_is_told_to_its_own_app_with_who_pressed_it(
    github: GitHub, bot: Client, place: People
) -> None:
    action = {"label": "Approve", "identifier": "approve", "description": "I approve"}
    sha = place.head("x")
    bot.post(f"{REPO}/check-runs", name="gate", head_sha=sha, conclusion="action_required", actions=[action])
    place.press("bob", sha, "gate", "approve")
    told = github.take("check_run")[-1]
    assert (told.action, told.payload["requested_action"]) == ("requested_action", {"identifier": "approve"})
    sender, run = told.payload["sender"], told.payload["check_run"]
    assert isinstance(sender, dict)
    assert isinstance(run, dict)
    assert (sender["login"], run["pull_requests"][0]["number"]) == ("bob", 1)
    with pytest.raises(ApiError, match="404"):
        place.press("bob", sha, "gate", "reject")
    with pytest.raises(ApiError, match="404"):
        place.press("bob", sha, "absent", "approve")


def test_only_those_who_write_press_buttons(bot: Client, place: People) -> None:
    place.grant("rita", "read")
    action = {"label": "Approve", "identifier": "approve", "description": "I approve"}
    bot.post(f"{REPO}/check-runs", name="gate", head_sha=place.head("x"), actions=[action])
    with pytest.raises(ApiError, match="403"):
        place.press("rita", place.head("x"), "gate", "approve")


def test_checks_can_be_asked_for_again_one_by_one_or_all(github: GitHub, bot: Client, place: People) -> None:
    sha = place.head("x")
    bot.post(f"{REPO}/check-runs", name="gate", head_sha=sha, conclusion="success")
    place.rerequest("bob", sha, "gate")
    place.rerequest_suite("bob", sha)
    suites = bot.get(f"{REPO}/commits/{sha}/check-suites?app_id={github.app.id}")
    suite = suites.at("check_suites.0.id")
    assert bot.post(f"{REPO}/check-suites/{suite}/rerequest").status == 201
    assert bot.get(f"{REPO}/check-suites/{suite}").body["conclusion"] == "success"
    assert bot.get(f"{REPO}/check-suites/{suite}/check-runs").body["total_count"] == 1
    assert [one.action for one in github.take("check_run")] == ["created", "rerequested"]
    assert [one.action for one in github.take("check_suite")] == ["requested", "rerequested", "rerequested"]
    with pytest.raises(ApiError, match="404"):
        place.rerequest_suite("bob", "0" * 40)


def test_the_newest_status_of_a_context_counts_and_all_are_remembered(
    github: GitHub, bot: Client, place: People
) -> None:
    github.app.permissions["statuses"] = github.installation.permissions["statuses"] = "write"
    sha, writer = place.head("x"), as_bot(github)
    assert bot.get(f"{REPO}/commits/{sha}/status").body["state"] == "pending"
    place.set_status("mallory", sha, "mlops/promotion", "failure")
    assert bot.get(f"{REPO}/commits/{sha}/status").body["state"] == "failure"
    writer.post(f"{REPO}/statuses/{sha}", state="success", context="mlops/promotion", description="d")
    assert bot.get(f"{REPO}/commits/{sha}/status").body["state"] == "success"
    told = bot.get(f"{REPO}/commits/{sha}/statuses").rows
    assert [one["state"] for one in told] == ["success", "failure"]
    assert writer.post(f"{REPO}/statuses/{sha}", state="splendid").status == 422
    assert writer.post(f"{REPO}/statuses/{sha}", state="success", description="d" * 141).status == 422
    assert writer.post(f"{REPO}/statuses/{'0' * 40}", state="success").status == 422
    assert len(github.take("status")) == 2


def test_a_deployment_asks_for_green_contexts_unless_told_otherwise(bot: Client, place: People) -> None:
    place.set_status("alice", place.head(), "ci", "failure")
    path = f"{REPO}/deployments"
    refused = bot.post(path, ref="main")
    assert (refused.status, "Commit status checks failed" in str(refused.body["message"])) == (409, True)
    made = bot.post(path, ref="main", required_contexts=[], environment="staging", description="P1")
    assert (made.status, made.body["sha"], made.body["environment"]) == (201, place.head(), "staging")
    assert bot.post(path, ref="main", required_contexts=["absent"]).status == 409


def test_success_makes_earlier_deployments_inactive_but_not_in_production(bot: Client, place: People) -> None:
    path = f"{REPO}/deployments"
    states = {}
    for environment in ("staging", "production"):
        first, second = (
            bot.post(path, ref="main", required_contexts=[], environment=environment).body["id"] for _ in range(2)
        )
        for number in (first, second):
            bot.post(f"{path}/{number}/statuses", state="success", description="it serves")
        states[environment] = bot.get(f"{path}/{first}/statuses").at("0.state")
    assert states == {"staging": "inactive", "production": "success"}
    assert [one["environment"] for one in bot.get(f"{path}?environment=staging").rows] == ["staging"] * 2
    assert len(place.deployments) == 4


def test_a_deployment_status_is_one_of_githubs_and_short(bot: Client) -> None:
    path = f"{REPO}/deployments"
    number = bot.post(path, ref="main", required_contexts=[]).body["id"]
    assert bot.post(f"{path}/{number}/statuses", state="splendid").status == 422
    assert bot.post(f"{path}/{number}/statuses", state="success", description="d" * 141).status == 422
    assert bot.get(f"{path}/{number}").body["id"] == number
    assert bot.get(f"{path}/7").status == 404
