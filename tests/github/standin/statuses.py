"""Which commit statuses, the older kind of check, stand beside a commit?"""

from dataclasses import dataclass

from tests.github.standin.accounts import Account, account_json
from tests.github.standin.answers import Json, invalid
from tests.github.standin.commits import commit_json
from tests.github.standin.events import announce
from tests.github.standin.links import Links, node_id, stamp
from tests.github.standin.repository import Repository
from tests.github.standin.repository_view import minimal_repository_json

STATES = ("error", "failure", "pending", "success")
LONGEST_DESCRIPTION = 140


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One state that somebody wrote for a context; the newest one counts."""

    id: int
    sha: str
    context: str
    state: str
    description: str | None
    target_url: str | None
    creator: Account
    at: int


def add_status(
    repository: Repository, actor: Account, sha: str, *, state: str, context: str = "default",
    description: str | None = None, target_url: str | None = None,
) -> Status:  # fmt: skip
    """Write a status."""
    if state not in STATES:
        raise invalid("state is not included in the list", resource="Status", field_="state")
    if len(description or "") > LONGEST_DESCRIPTION:
        raise invalid(f"description is too long (maximum is {LONGEST_DESCRIPTION} characters)",
                      resource="Status", field_="description")  # fmt: skip
    if repository.objects.commit(sha) is None:
        raise invalid(f"No commit found for SHA: {sha}", resource="Status", field_="sha")
    status = Status(
        id=repository.hub.next_id(), sha=sha, context=context, state=state, description=description,
        target_url=target_url, creator=actor, at=repository.hub.clock(),
    )  # fmt: skip
    repository.statuses.append(status)
    announce(repository, "status", actor, _event(repository, status))
    return status


def latest_statuses(repository: Repository, sha: str) -> list[Status]:
    """Return the newest status of each context."""
    return list({status.context: status for status in repository.statuses if status.sha == sha}.values())


def combined_state(statuses: list[Status]) -> str:
    """Return what all contexts say together."""
    states = {status.state for status in statuses}
    if states & {"error", "failure"}:
        return "failure"
    return "success" if states == {"success"} else "pending"


def status_json(links: Links, repository: Repository, status: Status) -> Json:
    """Describe a status."""
    return {**brief_status_json(repository, status), "creator": account_json(links, status.creator)}


def brief_status_json(repository: Repository, status: Status) -> Json:
    """Describe a status as the combined view does."""
    return {
        "url": f"{repository.api}/statuses/{status.sha}",
        "avatar_url": f"https://avatars.githubusercontent.com/u/{status.creator.id}?v=4",
        "id": status.id,
        "node_id": node_id("StatusContext", status.id),
        "state": status.state,
        "description": status.description,
        "target_url": status.target_url,
        "context": status.context,
        "created_at": stamp(status.at),
        "updated_at": stamp(status.at),
    }


def combined_json(links: Links, repository: Repository, sha: str, page: list[Status]) -> Json:
    """Describe all statuses of a commit."""
    statuses = latest_statuses(repository, sha)
    return {
        "state": combined_state(statuses),
        "statuses": [brief_status_json(repository, status) for status in page],
        "sha": sha,
        "total_count": len(statuses),
        "repository": minimal_repository_json(links, repository),
        "commit_url": f"{repository.api}/commits/{sha}",
        "url": f"{repository.api}/commits/{sha}/status",
    }


def _event(repository: Repository, status: Status) -> Json:
    commit = repository.objects.commit(status.sha)
    return {
        "id": status.id, "sha": status.sha, "name": repository.full_name, "target_url": status.target_url,
        "avatar_url": None, "context": status.context, "description": status.description, "state": status.state,
        "commit": commit_json(repository, commit) if commit else None,
        "branches": [
            {"name": ref.removeprefix("refs/heads/"), "protected": False,
             "commit": {"sha": sha, "url": f"{repository.api}/commits/{sha}"}}
            for ref, sha in repository.refs("refs/heads/").items() if sha == status.sha
        ],
        "created_at": stamp(status.at), "updated_at": stamp(status.at),
    }  # fmt: skip
