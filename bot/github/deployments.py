"""What does GitHub's page of an environment show: which promotion is there, or on its way?"""

from github import BadAttributeException
from github.Deployment import Deployment as Listed
from github.DeploymentStatus import DeploymentStatus

from bot.github.cutting import first_words
from bot.github.repository import GitHubRepository
from workflows.forge import Deployment, DeploymentState

LONGEST_DESCRIPTION = 140
STILL_SHOWN = frozenset({DeploymentState.IN_PROGRESS.value, DeploymentState.SUCCESS.value})


class Deployments:
    """Deployments of one repository; each is found again by its payload."""

    def __init__(self, repository: GitHubRepository) -> None:
        """Ask nothing yet."""
        self._repository = repository

    def put(self, deployment: Deployment) -> None:
        """Show a promotion's state in its environment, and that earlier ones serve there no longer."""
        listed = self._of_model(deployment)
        found = next((one for one in listed if _is_of(one, deployment)), None)
        if found is None:
            found = self._create(deployment)
            _write(found, deployment.state, deployment.summary)
        else:
            _put_state(found, deployment.state, deployment.summary)
        if deployment.state is DeploymentState.SUCCESS:
            for earlier in (one for one in listed if one.id < found.id):
                _retire(earlier, deployment)

    def _of_model(self, deployment: Deployment) -> list[Listed]:
        """List the model's deployments to the environment, newest first."""
        about = self._repository.about()
        listed = about.get_deployments(environment=deployment.environment, task=_task(deployment))
        return sorted(listed, key=lambda one: one.id, reverse=True)

    def _create(self, deployment: Deployment) -> Listed:
        return self._repository.about().create_deployment(
            deployment.commit,
            task=_task(deployment),
            auto_merge=False,
            required_contexts=[],  # the merge was decided: whatever still runs on main is not asked
            payload={"promotion": deployment.name, "model": deployment.model},
            environment=deployment.environment,
            description=_description(f"{deployment.name}: {deployment.model}"),
            production_environment=deployment.production,
        )


def _put_state(listed: Listed, state: DeploymentState, summary: str) -> None:
    newest = _newest(listed)
    if newest is None or (newest.state, newest.description) != (state.value, _description(summary)):
        _write(listed, state, summary)


def _write(listed: Listed, state: DeploymentState, summary: str) -> None:
    """Write a status; others we retire ourselves, as GitHub would retire those of other models too."""
    listed.create_status(state.value, description=_description(summary), auto_inactive=False)


def _retire(earlier: Listed, by: Deployment) -> None:
    newest = _newest(earlier)
    if newest is not None and newest.state in STILL_SHOWN:
        _write(earlier, DeploymentState.INACTIVE, f"{by.name} took its place.")


def _newest(listed: Listed) -> DeploymentStatus | None:
    return next(iter(listed.get_statuses()), None)


def _description(summary: str) -> str:
    return first_words(summary, LONGEST_DESCRIPTION)


def _task(deployment: Deployment) -> str:
    return f"deploy:{deployment.model}"


def _is_of(listed: Listed, deployment: Deployment) -> bool:
    try:
        named = listed.payload.get("promotion")
    except BadAttributeException:  # somebody else's: a payload may be text as well
        return False
    return named == deployment.name and listed.sha == deployment.commit
