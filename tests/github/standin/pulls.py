"""What is a pull request, and what becomes of it when its branches move?"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.github.standin.accounts import Account
from tests.github.standin.answers import ApiError, Json, invalid
from tests.github.standin.history import between, is_ancestor, merge_base
from tests.github.standin.labels import label_json
from tests.github.standin.pull_view import announce_pull
from tests.github.standin.repository import Repository

if TYPE_CHECKING:
    from tests.github.standin.reviews import Review

LONGEST_BODY = 65_536


@dataclass(slots=True, kw_only=True)
class Pull:
    """One pull request."""

    id: int
    number: int
    title: str
    body: str | None
    author: Account
    head_repository: Repository | None
    head_branch: str
    head_sha: str
    base: str
    base_sha: str
    created_at: int
    updated_at: int
    state: str = "open"
    draft: bool = False
    merged_at: int | None = None
    merged_by: Account | None = None
    merge_commit: str | None = None
    closed_at: int | None = None
    labels: list[str] = field(default_factory=list)
    requested: list[Account] = field(default_factory=list)
    requested_teams: list[str] = field(default_factory=list)
    reviews: "dict[int, Review]" = field(default_factory=dict)
    moved_since_closed: bool = False
    tried: dict[tuple[str, str], str | None] = field(default_factory=dict)
    """Trial merges by (base, head): the commit, or None for a conflict."""


def open_pull(
    repository: Repository, actor: Account, *, head: str, base: str, title: str, body: str | None, draft: bool = False
) -> Pull:
    """Open a pull request; `head` is a branch, or OWNER:BRANCH of a fork."""
    source, branch = _source(repository, head)
    sha, target = source.branch(branch), repository.branch(base)
    if sha is None or target is None:
        raise invalid("", resource="PullRequest", field_="head" if sha is None else "base", code="invalid")
    _refuse_second(repository, source, branch, base)
    if merge_base(repository.objects, target, sha) is None:
        raise invalid(
            f"The {branch} branch has no history in common with {base}", resource="PullRequest", field_="base"
        )
    if not between(repository.objects, target, sha):
        raise invalid(f"No commits between {base} and {branch}", resource="PullRequest", field_="base")
    pull = _new(
        repository,
        actor,
        source=source,
        branch=branch,
        base=base,
        ends=(target, sha),
        title=title,
        body=body,
        draft=draft,
    )
    repository.pulls[pull.number] = pull
    repository.write_ref(f"refs/pull/{pull.number}/head", sha, None)
    announce_pull(repository, pull, "opened", actor)
    return pull


def _source(repository: Repository, head: str) -> tuple[Repository, str]:
    owner, colon, branch = head.rpartition(":")
    if not colon or owner == repository.owner.login:
        return repository, branch
    fork = repository.forks.get(owner.lower())
    if fork is None:
        raise invalid("", resource="PullRequest", field_="head", code="invalid")
    return fork, branch


def _refuse_second(repository: Repository, source: Repository, branch: str, base: str) -> None:
    for pull in repository.pulls.values():
        if (pull.head_repository, pull.head_branch, pull.base, pull.state) == (source, branch, base, "open"):
            name = f"{source.owner.login}:{branch}"
            raise ApiError(
                422,
                "Validation Failed",
                [
                    {
                        "resource": "PullRequest",
                        "code": "custom",
                        "message": f"A pull request already exists for {name}.",
                    }
                ],
            )


def _new(
    repository: Repository,
    actor: Account,
    *,
    source: Repository,
    branch: str,
    base: str,
    ends: tuple[str, str],
    title: str,
    body: str | None,
    draft: bool,
) -> Pull:
    repository.last_number += 1
    now = repository.hub.clock()
    return Pull(
        id=repository.hub.next_id(), number=repository.last_number, title=title, body=body, author=actor,
        head_repository=source, head_branch=branch, head_sha=ends[1], base=base, base_sha=ends[0], created_at=now,
        updated_at=now, draft=draft,
    )  # fmt: skip


def branch_moved(repository: Repository, actor: Account, branch: str, old: str | None, new: str | None) -> None:
    """Let open pull requests follow their head; those whose base now holds their head count as merged."""
    home = repository.parent or repository
    for pull in list(home.pulls.values()):
        if (pull.head_repository, pull.head_branch) == (repository, branch):
            _head_moved(home, pull, actor, old, new)
        elif home is repository and pull.base == branch and pull.state == "open":
            _base_moved(home, pull, actor, old, new)


def _head_moved(home: Repository, pull: Pull, actor: Account, old: str | None, new: str | None) -> None:
    if pull.state != "open":
        pull.moved_since_closed = pull.moved_since_closed or new not in (None, pull.head_sha)
        return
    if new is None:
        close(home, pull, actor)
        return
    home.write_ref(f"refs/pull/{pull.number}/head", new, pull.head_sha)
    pull.head_sha, pull.updated_at = new, home.hub.clock()
    target = home.branch(pull.base)
    pull.base_sha = target or pull.base_sha
    announce_pull(home, pull, "synchronize", actor, {"before": old, "after": new})
    if target and is_ancestor(home.objects, new, target):
        close(home, pull, actor)


def _base_moved(home: Repository, pull: Pull, actor: Account, old: str | None, new: str | None) -> None:
    if new is None:
        close(home, pull, actor)
    elif is_ancestor(home.objects, pull.head_sha, new) and not (old and is_ancestor(home.objects, pull.head_sha, old)):
        merged(home, pull, actor, new)


def merged(repository: Repository, pull: Pull, actor: Account, commit: str) -> None:
    """Note that a pull request was merged."""
    pull.merged_at = pull.closed_at = pull.updated_at = repository.hub.clock()
    pull.state, pull.merged_by, pull.merge_commit = "closed", actor, commit
    announce_pull(repository, pull, "closed", actor)


def close(repository: Repository, pull: Pull, actor: Account) -> None:
    """Close without merging."""
    if pull.state == "open":
        pull.state = "closed"
        pull.closed_at = pull.updated_at = repository.hub.clock()
        announce_pull(repository, pull, "closed", actor)


def reopen(repository: Repository, pull: Pull, actor: Account) -> None:
    """Open again, if the branch is still where it was."""
    if pull.state == "open":
        return
    there = pull.head_repository.branch(pull.head_branch) if pull.head_repository else None
    gone = "was force-pushed or recreated" if pull.moved_since_closed else "has been deleted"
    if pull.merged_at or there is None or pull.moved_since_closed:
        raise invalid(
            f"state cannot be changed. The {pull.head_branch} branch {gone}.", resource="PullRequest", field_="state"
        )
    pull.state, pull.closed_at, pull.updated_at = "open", None, repository.hub.clock()
    announce_pull(repository, pull, "reopened", actor)


def retarget(repository: Repository, pull: Pull, actor: Account, base: str) -> None:
    """Point a pull request at another branch."""
    target = repository.branch(base)
    if pull.state != "open":
        raise invalid("Cannot change the base branch of a closed pull request.", resource="PullRequest", field_="base")
    if target is None or base == pull.base:
        if target is None:
            raise invalid(f"Proposed base branch '{base}' was not found", resource="PullRequest", field_="base")
        return
    before = {"ref": {"from": pull.base}, "sha": {"from": pull.base_sha}}
    pull.base, pull.base_sha, pull.updated_at = base, target, repository.hub.clock()
    announce_pull(repository, pull, "edited", actor, {"changes": {"base": before}})


def edit(repository: Repository, pull: Pull, actor: Account, *, title: str | None, body: str | None) -> None:
    """Change title or body."""
    changes: Json = {}
    if title is not None and title != pull.title:
        changes["title"], pull.title = {"from": pull.title}, title
    if body is not None and body != pull.body:
        changes["body"], pull.body = {"from": pull.body or ""}, body
    if changes:
        pull.updated_at = repository.hub.clock()
        announce_pull(repository, pull, "edited", actor, {"changes": changes})


def add_labels(repository: Repository, pull: Pull, actor: Account, names: list[str]) -> None:
    """Put labels on, making those that are new."""
    for name in names:
        if name.lower() not in (label.lower() for label in pull.labels):
            pull.labels.append(name)
            announce_pull(repository, pull, "labeled", actor, {"label": label_json(repository, name)})


def remove_label(repository: Repository, pull: Pull, actor: Account, name: str) -> None:
    """Take a label off."""
    if name not in pull.labels:
        raise ApiError(404, "Label does not exist")
    pull.labels.remove(name)
    announce_pull(repository, pull, "unlabeled", actor, {"label": label_json(repository, name)})


def no_collaborator(repository: Repository) -> ApiError:
    """Say that somebody who is to review has no part in the repository, or no account."""
    return ApiError(
        422,
        "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a "
        f"collaborator of the {repository.full_name} repository.",
    )


def request_reviewers(
    repository: Repository, pull: Pull, actor: Account, people: list[Account], teams: list[str]
) -> None:
    """Ask people and teams for a review."""
    if pull.author in people:
        raise ApiError(422, "Review cannot be requested from pull request author.")
    if any(not repository.may(person, "read") or person.kind != "User" for person in people):
        raise no_collaborator(repository)
    for person in people:
        if person not in pull.requested:
            pull.requested.append(person)
            announce_pull(repository, pull, "review_requested", actor, {"requested_reviewer": person})
    pull.requested_teams += [team for team in teams if team not in pull.requested_teams]


def remove_reviewers(
    repository: Repository, pull: Pull, actor: Account, people: list[Account], teams: list[str]
) -> None:
    """Ask people and teams no longer."""
    for person in people:
        if person in pull.requested:
            pull.requested.remove(person)
            announce_pull(repository, pull, "review_request_removed", actor, {"requested_reviewer": person})
    pull.requested_teams = [team for team in pull.requested_teams if team not in teams]
