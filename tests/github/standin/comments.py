"""What was said below a pull request, and who reacted to it?"""

from dataclasses import dataclass, field

from tests.github.standin.accounts import Account, account_json
from tests.github.standin.answers import Json, forbidden, invalid, not_found, unprocessable
from tests.github.standin.apps import App, app_json
from tests.github.standin.events import announce
from tests.github.standin.links import node_id, stamp
from tests.github.standin.pull_view import REACTIONS, issue_json, no_reactions
from tests.github.standin.pulls import LONGEST_BODY
from tests.github.standin.repository import Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """One person's smile."""

    id: int
    author: Account
    content: str
    at: int


@dataclass(slots=True, kw_only=True)
class Comment:
    """One comment."""

    id: int
    number: int
    """Of the pull request."""
    author: Account
    app: App | None
    body: str
    created_at: int
    updated_at: int
    reactions: list[Reaction] = field(default_factory=list)


def _require_body(body: str) -> None:
    if not body.strip():
        raise invalid("", resource="IssueComment", field_="body", code="missing_field")
    if len(body) > LONGEST_BODY:
        raise invalid(
            f"body is too long (maximum is {LONGEST_BODY} characters)", resource="IssueComment", field_="data"
        )


def write_comment(repository: Repository, number: int, actor: Account, app: App | None, body: str) -> Comment:
    """Say something."""
    if number not in repository.pulls:
        raise not_found()
    _require_body(body)
    now = repository.hub.clock()
    comment = Comment(
        id=repository.hub.next_id(), number=number, author=actor, app=app, body=body, created_at=now, updated_at=now
    )
    repository.comments[comment.id] = comment
    repository.pulls[number].updated_at = now
    _announce(repository, comment, "created", actor)
    return comment


def find_comment(repository: Repository, number: int) -> Comment:
    """Return a comment, or refuse."""
    if number not in repository.comments:
        raise not_found()
    return repository.comments[number]


def edit_comment(repository: Repository, comment: Comment, actor: Account, body: str) -> None:
    """Say it otherwise."""
    _require_hand(repository, comment, actor)
    _require_body(body)
    before, comment.body, comment.updated_at = comment.body, body, repository.hub.clock()
    _announce(repository, comment, "edited", actor, {"changes": {"body": {"from": before}}})


def delete_comment(repository: Repository, comment: Comment, actor: Account) -> None:
    """Take it back."""
    _require_hand(repository, comment, actor)
    del repository.comments[comment.id]
    _announce(repository, comment, "deleted", actor)


def _require_hand(repository: Repository, comment: Comment, actor: Account) -> None:
    if actor != comment.author and not repository.may(actor, "write"):
        raise forbidden("Must have admin rights to Repository.")


def react(repository: Repository, comment: Comment, actor: Account, content: str) -> tuple[Reaction, bool]:
    """React once; the second time finds the first."""
    if content not in REACTIONS:
        raise unprocessable("Validation Failed")
    for reaction in comment.reactions:
        if (reaction.author, reaction.content) == (actor, content):
            return reaction, False
    reaction = Reaction(id=repository.hub.next_id(), author=actor, content=content, at=repository.hub.clock())
    comment.reactions.append(reaction)
    return reaction, True


def _announce(repository: Repository, comment: Comment, action: str, actor: Account, more: Json | None = None) -> None:
    issue = issue_json(repository, repository.pulls[comment.number])
    body = {"action": action, "issue": issue, "comment": comment_json(repository, comment), **(more or {})}
    announce(repository, "issue_comment", actor, body)


def comment_json(repository: Repository, comment: Comment) -> Json:
    """Describe a comment."""
    links, api = repository.hub.links, f"{repository.api}/issues/comments/{comment.id}"
    rollup = no_reactions(f"{api}/reactions")
    for reaction in comment.reactions:
        rollup[reaction.content] = sum(one.content == reaction.content for one in comment.reactions)
    rollup["total_count"] = len(comment.reactions)
    return {
        "url": api,
        "html_url": f"{repository.html}/pull/{comment.number}#issuecomment-{comment.id}",
        "issue_url": f"{repository.api}/issues/{comment.number}",
        "id": comment.id,
        "node_id": node_id("IssueComment", comment.id),
        "user": account_json(links, comment.author),
        "created_at": stamp(comment.created_at),
        "updated_at": stamp(comment.updated_at),
        "body": comment.body,
        "author_association": repository.association(comment.author),
        "reactions": rollup,
        "performed_via_github_app": app_json(links, comment.app) if comment.app else None,
    }


def reaction_json(repository: Repository, reaction: Reaction) -> Json:
    """Describe a reaction."""
    return {
        "id": reaction.id,
        "node_id": node_id("Reaction", reaction.id),
        "user": account_json(repository.hub.links, reaction.author),
        "content": reaction.content,
        "created_at": stamp(reaction.at),
    }
