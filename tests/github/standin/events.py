"""Which Apps hear of what happened, and in which words?"""

from tests.github.standin.accounts import Account, account_json, organisation_json
from tests.github.standin.answers import Json
from tests.github.standin.apps import App, Installation
from tests.github.standin.deliveries import new_delivery
from tests.github.standin.hub import Hub
from tests.github.standin.links import node_id
from tests.github.standin.repository import Repository
from tests.github.standin.repository_view import repository_json

ALWAYS = {"installation", "installation_repositories", "ping"}
"""Every App hears of these."""


def announce(  # the words of one event are many
    repository: Repository, event: str, sender: Account, body: Json, *, only: App | None = None
) -> None:
    """Tell of something in a repository to the installed Apps that asked for such events, or to one App."""
    hub = repository.hub
    for installation in list(hub.installations.values()):
        wanted = only in (None, installation.app) and installation.sees(repository.full_name, repository.owner.login)
        if wanted:
            _tell(hub, installation, event, sender, {**body, "repository": _described(repository, event)})


def announce_in_organisation(
    hub: Hub, organisation: Account, event: str, sender: Account, body: Json, *, only: Installation | None = None
) -> None:
    """Tell of something in an organisation, such as who joined a team, to all its installations or to one."""
    for installation in list(hub.installations.values()):
        if installation.account == organisation and only in (None, installation):
            _tell(hub, installation, event, sender, body)


def _described(repository: Repository, event: str) -> Json:
    described = repository_json(repository.hub.links, repository)
    if event != "push":
        return described
    seconds = {"created_at": repository.created_at, "pushed_at": repository.hub.clock()}
    return {**described, **seconds, "stargazers": 0, "master_branch": repository.default_branch}


def _tell(hub: Hub, installation: Installation, event: str, sender: Account, body: Json) -> None:
    hears = event in installation.events | ALWAYS and installation.suspended_at is None
    if not hears:
        return
    payload = {**body, "sender": account_json(hub.links, sender)}
    if installation.account.kind == "Organization":
        payload["organization"] = organisation_json(hub.links, installation.account)
    if "installation" not in payload:
        payload["installation"] = {
            "id": installation.id,
            "node_id": node_id("IntegrationInstallation", installation.id),
        }
    hub.keep(new_delivery(hub.next_id(), installation.app, event, payload, hub.clock()))
