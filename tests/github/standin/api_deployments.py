"""The endpoints of deployments."""

from tests.github.standin.answers import Answer, not_found
from tests.github.standin.api_repository import resolved
from tests.github.standin.calls import Call
from tests.github.standin.deployments import (
    Deployment,
    DeploymentStatus,
    add_deployment_status,
    deployment_json,
    deployment_status_json,
    require_contexts,
)
from tests.github.standin.routing import Endpoints

DEPLOYMENTS = Endpoints()
ALL = "/repos/{owner}/{repo}/deployments"
ONE = f"{ALL}/{{deployment_id}}"


@DEPLOYMENTS.on("GET", ALL, "deployments:read")
def list_deployments(call: Call) -> Answer:
    """Deployments, newest first."""
    query = call.request.query
    found = [
        one
        for one in reversed(call.repository.deployments.values())
        if query.get("environment") in (None, one.environment)
        and query.get("sha") in (None, one.sha)
        and query.get("ref") in (None, one.ref)
        and query.get("task") in (None, one.task)
    ]
    return call.page([deployment_json(call.repository, one) for one in found])


@DEPLOYMENTS.on("POST", ALL, "deployments:write")
def create_deployment(call: Call) -> Answer:
    """Say that a commit is to go somewhere."""
    ref = call.text("ref", resource="Deployment")
    sha = resolved(call, ref).sha
    wanted = call.texts("required_contexts") if "required_contexts" in call.body else None
    require_contexts(call.repository, ref, sha, wanted)
    environment = call.text("environment", default="production")
    deployment = Deployment(
        id=call.hub.next_id(), sha=sha, ref=ref, task=call.text("task", default="deploy"), environment=environment,
        description=call.optional("description"), payload=call.body.get("payload") or {}, creator=call.actor,
        app=call.app, production=call.flag("production_environment", default=environment == "production"),
        transient=call.flag("transient_environment", default=False), at=call.hub.clock(),
    )  # fmt: skip
    call.repository.deployments[deployment.id] = deployment
    return Answer(body=deployment_json(call.repository, deployment), status=201)


def _deployment(call: Call) -> Deployment:
    found = call.repository.deployments.get(call.number("deployment_id"))
    if found is None:
        raise not_found()
    return found


@DEPLOYMENTS.on("GET", ONE, "deployments:read")
def get_deployment(call: Call) -> Answer:
    """One deployment."""
    return Answer(body=deployment_json(call.repository, _deployment(call)))


@DEPLOYMENTS.on("GET", f"{ONE}/statuses", "deployments:read")
def list_deployment_statuses(call: Call) -> Answer:
    """How it went, newest first."""
    deployment = _deployment(call)
    found = list(reversed(deployment.statuses))
    return call.page([deployment_status_json(call.repository, deployment, one) for one in found])


@DEPLOYMENTS.on("POST", f"{ONE}/statuses", "deployments:write")
def create_deployment_status(call: Call) -> Answer:
    """Say how it goes."""
    deployment = _deployment(call)
    status = DeploymentStatus(
        id=call.hub.next_id(), state=call.text("state", resource="DeploymentStatus"),
        description=call.text("description", default=""), creator=call.actor, at=call.hub.clock(),
        environment=call.text("environment", default=deployment.environment),
        environment_url=call.text("environment_url", default=""),
        log_url=call.text("log_url", default="") or call.text("target_url", default=""),
    )  # fmt: skip
    add_deployment_status(call.repository, deployment, status, auto_inactive=call.flag("auto_inactive", default=True))
    return Answer(body=deployment_status_json(call.repository, deployment, status), status=201)
