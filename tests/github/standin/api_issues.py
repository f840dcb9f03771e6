"""The endpoints below a pull request's talk: comments, reactions and labels."""

from datetime import datetime

from tests.github.standin import comments, pulls
from tests.github.standin.answers import Answer
from tests.github.standin.api_pulls import the_pull
from tests.github.standin.calls import Call
from tests.github.standin.comments import Comment, comment_json, find_comment, reaction_json
from tests.github.standin.labels import label_json
from tests.github.standin.pull_view import issue_json
from tests.github.standin.routing import Endpoints

ISSUES = Endpoints()
REPO = "/repos/{owner}/{repo}"
ONE = f"{REPO}/issues/{{issue_number}}"
COMMENT = f"{REPO}/issues/comments/{{comment_id}}"
READ, WRITE = "issues:read|pull_requests:read", "issues:write|pull_requests:write"


@ISSUES.on("GET", ONE, READ)
def get_issue(call: Call) -> Answer:
    """The issue that every pull request also is."""
    return Answer(body=issue_json(call.repository, the_pull(call, "issue_number")))


@ISSUES.on("GET", f"{ONE}/comments", READ)
def list_comments(call: Call) -> Answer:
    """What was said, oldest first."""
    number = the_pull(call, "issue_number").number
    return _listed(call, [one for one in call.repository.comments.values() if one.number == number])


@ISSUES.on("GET", f"{REPO}/issues/comments", READ)
def list_all_comments(call: Call) -> Answer:
    """What was said in the whole repository."""
    return _listed(call, list(call.repository.comments.values()))


def _listed(call: Call, found: list[Comment]) -> Answer:
    since = call.request.query.get("since")
    after = datetime.fromisoformat(since).timestamp() if since else 0
    shown, headers = call.paged([comment for comment in found if comment.updated_at >= after])
    return Answer(body=[comment_json(call.repository, comment) for comment in shown], headers=headers)


@ISSUES.on("POST", f"{ONE}/comments", WRITE)
def create_comment(call: Call) -> Answer:
    """Say something."""
    text = call.text("body", resource="IssueComment")
    comment = comments.write_comment(call.repository, call.number("issue_number"), call.actor, call.app, text)
    return Answer(body=comment_json(call.repository, comment), status=201)


@ISSUES.on("GET", COMMENT, READ)
def get_comment(call: Call) -> Answer:
    """One comment."""
    return Answer(body=comment_json(call.repository, _comment(call)))


@ISSUES.on("PATCH", COMMENT, WRITE)
def update_comment(call: Call) -> Answer:
    """Say it otherwise."""
    comment = _comment(call)
    comments.edit_comment(call.repository, comment, call.actor, call.text("body", resource="IssueComment"))
    return Answer(body=comment_json(call.repository, comment))


@ISSUES.on("DELETE", COMMENT, WRITE)
def delete_comment(call: Call) -> Answer:
    """Take it back."""
    comments.delete_comment(call.repository, _comment(call), call.actor)
    return Answer(status=204)


def _comment(call: Call) -> Comment:
    return find_comment(call.repository, call.number("comment_id"))


@ISSUES.on("GET", f"{COMMENT}/reactions", READ)
def list_reactions(call: Call) -> Answer:
    """Who reacted, and how."""
    wanted = call.request.query.get("content")
    found = [one for one in _comment(call).reactions if wanted in (None, one.content)]
    return call.page([reaction_json(call.repository, reaction) for reaction in found])


@ISSUES.on("POST", f"{COMMENT}/reactions", WRITE)
def create_reaction(call: Call) -> Answer:
    """React; the second time answers with the first."""
    reaction, made = comments.react(call.repository, _comment(call), call.actor, call.text("content"))
    return Answer(body=reaction_json(call.repository, reaction), status=201 if made else 200)


@ISSUES.on("GET", f"{ONE}/labels", READ)
def list_labels(call: Call) -> Answer:
    """The labels."""
    pull = the_pull(call, "issue_number")
    return call.page([label_json(call.repository, name) for name in pull.labels])


@ISSUES.on("POST", f"{ONE}/labels", WRITE)
def add_labels(call: Call) -> Answer:
    """Put labels on; new ones are made."""
    pull = the_pull(call, "issue_number")
    pulls.add_labels(call.repository, pull, call.actor, call.texts("labels"))
    return Answer(body=[label_json(call.repository, name) for name in pull.labels])


@ISSUES.on("DELETE", f"{ONE}/labels/{{name}}", WRITE)
def remove_label(call: Call) -> Answer:
    """Take one label off."""
    pull = the_pull(call, "issue_number")
    pulls.remove_label(call.repository, pull, call.actor, call.path_text("name"))
    return Answer(body=[label_json(call.repository, name) for name in pull.labels])
