"""What does the forge show as deployed in an environment?"""

from storage.promotions import Promotion
from workflows.forge import Deployment, DeploymentState
from workflows.installation import Project
from workflows.states import State

STATES = {
    State.DEPLOYING: DeploymentState.IN_PROGRESS,
    State.PROMOTED: DeploymentState.SUCCESS,
    State.FAILED: DeploymentState.FAILURE,
    State.ROLLED_BACK: DeploymentState.INACTIVE,
}


def show_deployment(project: Project, promotion: Promotion) -> None:
    """Show a merged promotion as a deployment of its merge; one that never reached main is none."""
    state = STATES.get(State(promotion.state))
    if promotion.merge_commit is None or state is None:
        return
    project.forge.put_deployment(
        Deployment(
            name=promotion.name,
            model=promotion.model,
            environment=promotion.environment,
            production=promotion.environment == project.environments[-1],
            commit=promotion.merge_commit,
            state=state,
            summary=_summary(promotion),
        )
    )


def _summary(promotion: Promotion) -> str:
    if promotion.version is None:
        return f"{promotion.name}: nothing serves {promotion.model} any more"
    return f"{promotion.name}: {promotion.model} v{promotion.version}"
