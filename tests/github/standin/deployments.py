"""Which commit did somebody say is, or will be, in which environment?"""

from dataclasses import dataclass, field

from tests.github.standin.accounts import Account, account_json
from tests.github.standin.answers import ApiError, Json, invalid, unprocessable
from tests.github.standin.apps import App, app_json
from tests.github.standin.checks import latest_runs
from tests.github.standin.links import node_id, stamp
from tests.github.standin.repository import Repository
from tests.github.standin.statuses import latest_statuses

STATES = ("error", "failure", "inactive", "in_progress", "queued", "pending", "success")
LONGEST_DESCRIPTION = 140


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentStatus:
    """One thing said about a deployment."""

    id: int
    state: str
    description: str
    environment: str
    environment_url: str
    log_url: str
    creator: Account
    at: int


@dataclass(slots=True, kw_only=True)
class Deployment:
    """One deployment."""

    id: int
    sha: str
    ref: str
    task: str
    environment: str
    description: str | None
    payload: object
    production: bool
    transient: bool
    creator: Account
    app: App | None
    at: int
    statuses: list[DeploymentStatus] = field(default_factory=list)


def require_contexts(repository: Repository, ref: str, sha: str, wanted: list[str] | None) -> None:
    """Refuse while a commit's statuses are not green: all of them, or those that are named; [] asks for none."""
    told = {status.context: status.state == "success" for status in latest_statuses(repository, sha)}
    told |= {run.name: run.passes for run in latest_runs(repository, sha)}
    asked = list(told) if wanted is None else wanted
    if not all(told.get(name, False) for name in asked):
        raise ApiError(409, f"Conflict: Commit status checks failed for {ref}.")


def add_deployment_status(
    repository: Repository, deployment: Deployment, status: DeploymentStatus, *, auto_inactive: bool
) -> None:
    """Say how a deployment goes; success makes the earlier ones of a non-production environment inactive."""
    if status.state not in STATES:
        raise invalid("state is not included in the list", resource="DeploymentStatus", field_="state")
    if len(status.description) > LONGEST_DESCRIPTION:
        raise unprocessable(f"description is too long (maximum is {LONGEST_DESCRIPTION} characters)")
    deployment.statuses.append(status)
    if status.state == "success" and auto_inactive:
        for other in repository.deployments.values():
            if _gives_way(other, deployment):
                other.statuses.append(
                    DeploymentStatus(
                        id=repository.hub.next_id(), state="inactive", description="", environment=other.environment,
                        environment_url="", log_url="", creator=status.creator, at=status.at,
                    )
                )  # fmt: skip


def _gives_way(other: Deployment, newer: Deployment) -> bool:
    lasting = not other.transient and not other.production
    same = other is not newer and other.environment == newer.environment and other.id < newer.id
    return lasting and same and bool(other.statuses) and other.statuses[-1].state == "success"


def deployment_json(repository: Repository, deployment: Deployment) -> Json:
    """Describe a deployment."""
    api, links = f"{repository.api}/deployments/{deployment.id}", repository.hub.links
    newest = deployment.statuses[-1].at if deployment.statuses else deployment.at
    return {
        "url": api, "id": deployment.id, "node_id": node_id("Deployment", deployment.id), "sha": deployment.sha,
        "ref": deployment.ref, "task": deployment.task, "payload": deployment.payload,
        "original_environment": deployment.environment, "environment": deployment.environment,
        "description": deployment.description, "creator": account_json(links, deployment.creator),
        "created_at": stamp(deployment.at), "updated_at": stamp(newest), "statuses_url": f"{api}/statuses",
        "repository_url": repository.api, "transient_environment": deployment.transient,
        "production_environment": deployment.production,
        "performed_via_github_app": app_json(links, deployment.app) if deployment.app else None,
    }  # fmt: skip


def deployment_status_json(repository: Repository, deployment: Deployment, status: DeploymentStatus) -> Json:
    """Describe what was said about a deployment."""
    api, links = f"{repository.api}/deployments/{deployment.id}", repository.hub.links
    return {
        "url": f"{api}/statuses/{status.id}", "id": status.id, "node_id": node_id("DeploymentStatus", status.id),
        "state": status.state, "creator": account_json(links, status.creator), "description": status.description,
        "environment": status.environment, "target_url": status.log_url, "created_at": stamp(status.at),
        "updated_at": stamp(status.at), "deployment_url": api, "repository_url": repository.api,
        "environment_url": status.environment_url, "log_url": status.log_url,
        "performed_via_github_app": app_json(links, deployment.app) if deployment.app else None,
    }  # fmt: skip
