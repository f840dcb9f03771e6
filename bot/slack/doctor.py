"""What would keep the Slack app from working, from its token to the channels? Nothing here writes anywhere."""

from collections.abc import Iterator, Mapping

from bot.diagnosis import Diagnosis, bad, ok, warn
from bot.settings import ProjectSettings, ServerSettings, secret
from bot.settings_chat import SlackSettings
from bot.slack.channels import Channels
from bot.slack.hook import PATH
from bot.slack.manifest import manifest
from bot.slack.members import Us
from bot.slack.signing_secret import look_at_signing_secret
from bot.slack.web_api import Done, Said, WebApi, answered, said
from gates.refusal import Unavailable, UserError
from reports.escaping import plain

SCOPES = "x-oauth-scopes"
INSTALL = "under OAuth & Permissions as manifest/slack.yaml has them, and install the app again"


class _Channel(Said):
    name: str = ""
    is_member: bool = False
    is_archived: bool = False


class _Info(Said):
    channel: _Channel


def examine_slack(
    chosen: SlackSettings | None,
    server: ServerSettings,
    projects: tuple[ProjectSettings, ...],
    *,
    environment: Mapping[str, str],
) -> Iterator[Diagnosis]:
    """Look at everything on Slack's side; nothing is said where app.yaml has no section slack."""
    if chosen is None:
        return
    yield from _hearing(chosen, server, environment)
    try:
        token = secret(chosen.bot_token_variable, "slack.bot_token_variable", "the bot user's token", environment)
    except UserError as error:
        yield bad(str(error))
        return
    api = WebApi(token=token, base_url=chosen.base_url)
    try:
        us, headers = answered(Us, api.asking.auth_test)
    except (UserError, Unavailable) as trouble:
        yield bad(plain(trouble))
        return
    yield ok(f"Slack takes us for {plain(us.user) or us.user_id} in {plain(us.team) or us.team_id}")
    yield from _scopes(headers)
    yield from _channels(api, projects)


def _hearing(chosen: SlackSettings, server: ServerSettings, environment: Mapping[str, str]) -> Iterator[Diagnosis]:
    """Look at how Slack reaches us: by HTTP, or because we call it."""
    if chosen.app_token_variable is not None:
        yield _socket(chosen, chosen.app_token_variable, environment)
        return
    yield _signing(chosen, environment)
    yield _address(server)


def _socket(chosen: SlackSettings, variable: str, environment: Mapping[str, str]) -> Diagnosis:
    try:
        token = secret(variable, "slack.app_token_variable", "an app-level token, xapp-...", environment)
        api = WebApi(token=token, base_url=chosen.base_url)
        said(Done, api.asking.apps_connections_open, app_token=token)
    except (UserError, Unavailable) as trouble:
        todo = "switch Socket Mode on, and make an app-level token with the scope connections:write"
        return bad(plain(trouble), todo)
    return ok("Slack lets us call it (Socket Mode)")


def _signing(chosen: SlackSettings, environment: Mapping[str, str]) -> Diagnosis:
    variable = chosen.signing_secret_variable
    try:
        held = secret(variable, "slack.signing_secret_variable", "the app's signing secret", environment)
    except UserError as error:
        return bad(str(error))
    other = environment.get(chosen.bot_token_variable)
    return look_at_signing_secret(variable, held, {chosen.bot_token_variable: other} if other else {})


def _address(server: ServerSettings) -> Diagnosis:
    if server.public_url is None:
        todo = "set it to the address that Slack can reach, or use Socket Mode (slack.app_token_variable)"
        return bad("server.public_url is not set, so Slack cannot reach us", todo)
    if not server.public_url.startswith("https://"):
        return bad(f"Slack only calls https addresses, and server.public_url is {server.public_url}", "mend it")
    return ok(f"Slack is to call {server.public_url}{PATH}")


def _scopes(headers: Mapping[str, str]) -> Iterator[Diagnosis]:
    if SCOPES not in headers:
        yield warn("Slack does not say which scopes the token has", "compare them with manifest/slack.yaml by hand")
        return
    granted = {scope.strip() for scope in headers[SCOPES].split(",")} - {""}
    wanted = manifest().scopes
    if missing := sorted(wanted - granted):
        yield bad(f"the installed app lacks the scopes {', '.join(missing)}", f"add them {INSTALL}")
    else:
        yield ok(f"the installed app has all {len(wanted)} scopes of the manifest")
    if extra := sorted(granted - wanted):
        yield warn(f"the installed app may more than it needs: {plain(', '.join(extra))}", f"take them away {INSTALL}")


def _channels(api: WebApi, projects: tuple[ProjectSettings, ...]) -> Iterator[Diagnosis]:
    channels = Channels(api=api)
    for project in projects:
        named = {name: one.slack for name, one in project.channels.items() if one.slack is not None}
        if not named:
            todo = f"name one under projects, {project.name}, channels: default: {{slack: C0123ABCD}}"
            yield warn(f"{project.name} has no Slack channel", todo)
        for name, channel in named.items():
            yield _channel(api, channels, f"{project.name}: {name}'s channel {channel}", channel)


def _channel(api: WebApi, channels: Channels, what: str, channel: str) -> Diagnosis:
    try:
        found = said(_Info, api.asking.conversations_info, channel=channels.id_of(channel)).channel
    except (UserError, Unavailable) as trouble:
        return bad(f"{what}: {plain(trouble)}")
    shown = f"{what} (#{plain(found.name)})"
    if found.is_archived:
        return bad(f"{shown} is archived", "unarchive it, or name another one")
    if not found.is_member:
        return bad(f"the bot is not in {shown}", "invite it there with /invite")
    return ok(f"{shown} has the bot in it")
