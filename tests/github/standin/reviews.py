"""What did people say in their reviews of a pull request?"""

from dataclasses import dataclass

from tests.github.standin.accounts import Account, account_json
from tests.github.standin.answers import ApiError, Json, forbidden, not_found, unprocessable
from tests.github.standin.events import announce
from tests.github.standin.links import node_id, stamp
from tests.github.standin.pull_view import simple_pull_json
from tests.github.standin.pulls import Pull
from tests.github.standin.repository import Repository

EVENTS = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}


@dataclass(slots=True, kw_only=True)
class Review:
    """One review, of one commit."""

    id: int
    author: Account
    state: str
    body: str
    commit: str
    submitted_at: int


def submit(repository: Repository, pull: Pull, actor: Account, *, state: str, body: str, commit: str | None) -> Review:
    """Submit a review."""
    if actor == pull.author and state in ("APPROVED", "CHANGES_REQUESTED"):
        verb = "approve" if state == "APPROVED" else "request changes on"
        raise ApiError(422, "Unprocessable Entity", [f"Can not {verb} your own pull request"])
    if state != "APPROVED" and not body:
        raise ApiError(422, "Unprocessable Entity", ["Body can't be blank"])
    if commit is not None and repository.objects.commit(commit) is None:
        raise unprocessable("The commit is not part of the pull request")
    review = Review(
        id=repository.hub.next_id(),
        author=actor,
        state=state,
        body=body,
        commit=commit or pull.head_sha,
        submitted_at=repository.hub.clock(),
    )
    pull.reviews[review.id] = review
    pull.requested = [person for person in pull.requested if person != actor]
    _announce(repository, pull, review, "submitted", actor)
    return review


def find_review(pull: Pull, number: int) -> Review:
    """Return a review, or refuse."""
    if number not in pull.reviews:
        raise not_found()
    return pull.reviews[number]


def edit_review(repository: Repository, pull: Pull, review: Review, actor: Account, body: str) -> None:
    """Change a review's text; only its author may."""
    if actor != review.author:
        raise forbidden("Must be the author of the review")
    before, review.body = review.body, body
    _announce(repository, pull, review, "edited", actor, more={"changes": {"body": {"from": before}}})


def dismiss(repository: Repository, pull: Pull, review: Review, actor: Account) -> None:
    """Let a review no longer count."""
    if not repository.may(actor, "write"):
        raise forbidden("Must have write access to dismiss reviews")
    if review.state not in ("APPROVED", "CHANGES_REQUESTED"):
        raise unprocessable(f"Can not dismiss a {review.state.lower().replace('_', ' ')} pull request review")
    review.state = "DISMISSED"
    _announce(repository, pull, review, "dismissed", actor)


def _announce(
    repository: Repository, pull: Pull, review: Review, action: str, actor: Account, *, more: Json | None = None
) -> None:
    described = review_json(repository, pull, review)
    state = str(described["state"]).lower()
    told = {**described, "state": state, "updated_at": stamp(repository.hub.clock())}
    body = {"action": action, "review": told, "pull_request": simple_pull_json(repository, pull), **(more or {})}
    announce(repository, "pull_request_review", actor, body)


def review_json(repository: Repository, pull: Pull, review: Review) -> Json:
    """Describe a review."""
    api, html = f"{repository.api}/pulls/{pull.number}", f"{repository.html}/pull/{pull.number}"
    here = f"{html}#pullrequestreview-{review.id}"
    return {
        "id": review.id,
        "node_id": node_id("Review", review.id),
        "user": account_json(repository.hub.links, review.author),
        "body": review.body,
        "state": review.state,
        "html_url": here,
        "pull_request_url": api,
        "_links": {"html": {"href": here}, "pull_request": {"href": api}},
        "submitted_at": stamp(review.submitted_at),
        "commit_id": review.commit,
        "author_association": repository.association(review.author),
    }
