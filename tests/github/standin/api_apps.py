"""The endpoints of Apps themselves: installations, tokens, the webhook and its delivery log; and of people."""

from tests.github.standin.accounts import account_json, profile_json
from tests.github.standin.answers import Answer, ApiError, Json, forbidden, not_found
from tests.github.standin.apps import RANK, App, Installation, app_json, installation_json
from tests.github.standin.callers import AppCaller, InstallationCaller, PersonCaller, role_of
from tests.github.standin.calls import Call
from tests.github.standin.deliveries import Attempt, Delivery, delivery_json
from tests.github.standin.links import stamp
from tests.github.standin.repository_view import full_repository_json, repository_json
from tests.github.standin.routing import Endpoints

APPS = Endpoints()
HOOK = "/app/hook"


def _app(call: Call) -> App:
    if not isinstance(call.caller, AppCaller):
        raise ApiError(401, "A JSON web token could not be decoded")
    return call.caller.app


@APPS.on("GET", "/app")
def get_app(call: Call) -> Answer:
    """The App that signs the request."""
    app = _app(call)
    count = sum(one.app == app for one in call.hub.installations.values())
    return Answer(body={**app_json(call.hub.links, app), "installations_count": count})


@APPS.on("GET", "/app/installations")
def list_installations(call: Call) -> Answer:
    """Where the App is installed."""
    app = _app(call)
    found = [one for one in call.hub.installations.values() if one.app == app]
    return call.page([installation_json(call.hub.links, one) for one in found])


@APPS.on("GET", "/app/installations/{installation_id}")
def get_installation(call: Call) -> Answer:
    """One installation."""
    return Answer(body=installation_json(call.hub.links, _installation(call)))


def _installation(call: Call) -> Installation:
    app, found = _app(call), call.hub.installations.get(call.number("installation_id"))
    if found is None or found.app != app:
        raise not_found()
    return found


@APPS.on("GET", "/repos/{owner}/{repo}/installation")
def get_repository_installation(call: Call) -> Answer:
    """The installation that sees a repository."""
    app = _app(call)
    for one in call.hub.installations.values():
        if one.app == app and one.sees(call.repository.full_name, call.repository.owner.login):
            return Answer(body=installation_json(call.hub.links, one))
    raise not_found()


@APPS.on("GET", "/orgs/{org}/installation")
def get_organisation_installation(call: Call) -> Answer:
    """The installation in an organisation."""
    app = _app(call)
    for one in call.hub.installations.values():
        if one.app == app and one.account.login == call.path_text("org"):
            return Answer(body=installation_json(call.hub.links, one))
    raise not_found()


@APPS.on("POST", "/app/installations/{installation_id}/access_tokens")
def create_token(call: Call) -> Answer:
    """A token of an installation, with all its permissions or fewer."""
    installation = _installation(call)
    if installation.suspended_at is not None:
        raise forbidden("This installation has been suspended")
    asked = {name: str(level) for name, level in call.mapping("permissions").items()}
    held = installation.permissions
    if any(RANK.get(level, 9) > RANK[held.get(name, "none")] for name, level in asked.items()):
        raise ApiError(422, "The permissions requested are not granted to this installation.")
    # What is not named is not given: an empty object yields a token that may do next to nothing.
    permissions = {**asked, "metadata": "read"} if "permissions" in call.body else dict(held)
    repositories = _named_repositories(call, installation)
    token = call.hub.issue_token(installation, permissions, repositories)
    body: Json = {"token": token.text, "expires_at": stamp(token.expires_at), "permissions": dict(permissions)}
    narrowed = repositories is not None or installation.selected is not None
    return Answer(body={**body, "repository_selection": "selected" if narrowed else "all"}, status=201)


def _named_repositories(call: Call, installation: Installation) -> frozenset[int] | None:
    owner = installation.account.login
    seen = [one for one in call.hub.repositories.values() if installation.sees(one.full_name, one.owner.login)]
    numbers = {one.name: one.id for one in seen if one.owner.login == owner}
    asked: set[object] = {numbers.get(name) for name in call.texts("repositories")}
    asked |= {one if one in numbers.values() else None for one in call.listed("repository_ids")}
    known = frozenset(one for one in asked if isinstance(one, int))
    if len(known) < len(asked):
        raise ApiError(
            422,
            "There is at least one repository that does not exist or is not accessible to the parent installation.",
        )
    return known or None


@APPS.on("DELETE", "/installation/token")
def revoke_token(call: Call) -> Answer:
    """Give a token back."""
    if not isinstance(call.caller, InstallationCaller):
        raise forbidden()
    del call.hub.tokens[call.caller.token.text]
    return Answer(status=204)


@APPS.on("GET", "/installation/repositories")
def list_repositories(call: Call) -> Answer:
    """What a token may see."""
    if not isinstance(call.caller, InstallationCaller):
        raise forbidden(
            "You must authenticate with an installation access token in order to list repositories for an installation."
        )
    caller = call.caller
    seen = [one for one in call.hub.repositories.values() if role_of(caller, one) == "write"]
    shown, headers = call.paged(seen)
    narrowed = caller.token.repositories is not None or caller.token.installation.selected is not None
    body = {
        "total_count": len(seen),
        "repository_selection": "selected" if narrowed else "all",
        "repositories": [repository_json(call.hub.links, one) for one in shown],
    }
    return Answer(body=body, headers=headers)


@APPS.on("GET", f"{HOOK}/config")
def get_hook(call: Call) -> Answer:
    """Where events go; the secret is never shown."""
    return Answer(body=_hook_json(_app(call)))


def _hook_json(app: App) -> Json:
    secret = {"secret": "********"} if app.secret else {}
    return {"content_type": app.content_type, "insecure_ssl": app.insecure_ssl, "url": app.hook_url, **secret}


@APPS.on("PATCH", f"{HOOK}/config")
def update_hook(call: Call) -> Answer:
    """Send events elsewhere, or sign them otherwise."""
    app = _app(call)
    app.hook_url = call.text("url", default=app.hook_url)
    app.secret = call.text("secret", default=app.secret)
    return Answer(body=_hook_json(app))


def _attempts(call: Call) -> list[tuple[Delivery, Attempt]]:
    app = _app(call)
    pairs = [(one, attempt) for one in call.hub.deliveries if one.app == app for attempt in one.attempts]
    return sorted(pairs, key=lambda pair: -pair[1].id)


@APPS.on("GET", f"{HOOK}/deliveries")
def list_deliveries(call: Call) -> Answer:
    """What was sent, newest first, in pages that are named by where they begin."""
    wanted = call.request.query.get("status")
    found = [
        pair for pair in _attempts(call) if wanted in (None, "success" if 200 <= pair[1].status < 300 else "failure")
    ]
    shown, headers = call.onward(found, lambda pair: pair[1].id, "cursor")
    return Answer(body=[delivery_json(one, attempt) for one, attempt in shown], headers=headers)


@APPS.on("GET", f"{HOOK}/deliveries/{{delivery_id}}")
def get_delivery(call: Call) -> Answer:
    """One thing that was sent, whole."""
    one, attempt = _delivery(call)
    whole = {
        "request": {"headers": one.headers, "payload": one.payload},
        "response": {"headers": {}, "payload": None},
        "url": one.app.hook_url,
    }
    return Answer(body={**delivery_json(one, attempt), **whole})


@APPS.on("POST", f"{HOOK}/deliveries/{{delivery_id}}/attempts")
def redeliver(call: Call) -> Answer:
    """Send it again, under the same GUID."""
    one, _ = _delivery(call)
    one.taken = False
    for send in call.hub.outgoing:
        send(one)
    return Answer(body={}, status=202)


def _delivery(call: Call) -> tuple[Delivery, Attempt]:
    for one, attempt in _attempts(call):
        if attempt.id == call.number("delivery_id"):
            return one, attempt
    raise not_found()


@APPS.on("POST", "/app-manifests/{code}/conversions")
def convert_manifest(call: Call) -> Answer:
    """The App that a manifest made, with its secrets, once."""
    app = call.hub.conversions.pop(call.values["code"], None)
    if app is None:
        raise not_found()
    secrets = {"client_secret": "an example client secret", "webhook_secret": app.secret, "pem": app.private_key}
    return Answer(body={**app_json(call.hub.links, app), **secrets}, status=201)


@APPS.on("GET", "/user")
def get_me(call: Call) -> Answer:
    """Whose token this is."""
    if not isinstance(call.caller, PersonCaller):
        raise forbidden() if isinstance(call.caller, InstallationCaller) else ApiError(401, "Requires authentication")
    return Answer(body=profile_json(call.hub.links, call.caller.account))


@APPS.on("GET", "/orgs/{org}/teams/{team_slug}/members")
def team_members(call: Call) -> Answer:
    """Who is in a team."""
    if isinstance(call.caller, InstallationCaller):
        if call.caller.token.installation.account.login.lower() != call.path_text("org").lower():
            raise not_found()
        if not call.caller.token.allows("members:read"):
            raise forbidden()
    elif not isinstance(call.caller, PersonCaller):
        raise not_found()
    team = call.hub.accounts.team(call.path_text("org"), call.path_text("team_slug"))
    people = [call.hub.accounts.person(login) for login in sorted(team.members)]
    return call.page([account_json(call.hub.links, person) for person in people])


@APPS.on("GET", "/repositories/{repository_id}")
def get_repository_by_id(call: Call) -> Answer:
    """A repository by its number, which a new name does not change. GitHub answers, and does not describe it."""
    found = call.hub.repositories.get(call.number("repository_id"))
    if found is None or role_of(call.caller, found) == "none":
        raise not_found()
    return Answer(body=full_repository_json(call.hub.links, found, role_of(call.caller, found)))


@APPS.on("GET", "/rate_limit")
def rate_limit(call: Call) -> Answer:
    """What is left of the quota."""
    core = call.hub.quota.described(call.hub.clock())
    return Answer(
        body={"resources": {"core": core, "search": {**core, "limit": 30, "remaining": 30, "used": 0}}, "rate": core}
    )
