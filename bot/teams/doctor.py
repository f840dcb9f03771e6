"""What would keep people from talking to us in Teams? Nothing here writes anywhere."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from bot.diagnosis import Diagnosis, bad, ok, warn
from bot.settings import Settings, secret
from bot.settings_chat_teams import TeamsSettings, teams_problem
from bot.teams.directory import Directory
from bot.teams.hook import PATH
from bot.teams.keys import Clock, PublishedKeys
from bot.teams.own_token import OwnToken
from bot.teams.package import app_package
from gates.refusal import Unavailable, UserError
from reports.escaping import plain
from storage.database import Database

NO_KEY = ""
"""No key has this name: asking for it only fetches what is published."""


def examine_teams(
    settings: Settings,
    *,
    environment: Mapping[str, str],
    clock: Clock,
    package: Path | None = None,
) -> Iterator[Diagnosis]:
    """Look at everything on Teams' side; nothing is said where app.yaml has no section teams.

    `package` is where an app package may be that was made before.
    """
    chosen = settings.teams
    if chosen is None:
        return
    server = settings.server
    if problem := teams_problem(chosen, host=server.host, on_loopback=server.on_loopback):
        yield bad(problem)
        return
    if chosen.app_id is None:
        yield warn("teams.unsafe_no_auth: every request is believed", "for a trial on this machine only")
    else:
        yield _credentials(chosen, environment, clock)
        yield _published(chosen, clock)
        yield from _reachable(settings, chosen.app_id, package)
    yield from _channels(settings, chosen, clock)


def _credentials(chosen: TeamsSettings, environment: Mapping[str, str], clock: Clock) -> Diagnosis:
    """Ask for a token, as the server will."""
    app_id = chosen.app_id or ""
    try:
        password = secret(
            chosen.app_password_variable,
            "teams.app_password_variable",
            "the application's client secret",
            environment,
        )
        OwnToken(url=chosen.token_url, scope=chosen.scope, app_id=app_id, password=password, clock=clock).get()
    except (UserError, Unavailable) as trouble:
        return bad(str(trouble))
    return ok(f"Microsoft takes us for the application {app_id}")


def _published(chosen: TeamsSettings, clock: Clock) -> Diagnosis:
    try:
        PublishedKeys(url=chosen.openid_metadata_url, clock=clock).find(NO_KEY)
    except Unavailable as trouble:
        return bad(str(trouble), "without them no request from Teams can be believed: open that address from here")
    return ok("the keys that Teams signs with can be fetched")


def _reachable(settings: Settings, app_id: str, package: Path | None) -> Iterator[Diagnosis]:
    """Look at where Teams is to send to, and at the package that names it."""
    public = settings.server.public_url
    if public is None:
        yield bad("server.public_url is not set", "set it to the https address that reaches this server from outside")
        return
    if urlsplit(public).scheme != "https":
        yield bad(f"server.public_url is {public}", "Teams sends to https only")
        return
    yield ok(f"the messaging endpoint of the Azure Bot is to be {public}{PATH}")
    try:
        made = app_package(app_id, urlsplit(public).hostname or "")
    except UserError as problem:
        yield bad(str(problem))
        return
    if package is not None and package.is_file():
        yield _compared(made, package)


def _compared(made: bytes, package: Path) -> Diagnosis:
    if package.read_bytes() == made:
        return ok(f"{package} is the app package of this release and settings")
    return warn(
        f"{package} is not the app package of this release and settings",
        "make it anew with `mlops teams package` and upload it in the Teams admin center",
    )


def _channels(settings: Settings, chosen: TeamsSettings, clock: Clock) -> Iterator[Diagnosis]:
    """Look whether Teams told us of each channel that something is to be told in."""
    wanted = {
        routed.teams: f"{project.name}, {name}"
        for project in settings.projects
        for name, routed in project.channels.items()
        if routed.teams
    }
    if not wanted:
        yield warn("no project names a channel in Teams", "add projects[].channels: {default: {teams: '19:...'}}")
    if not settings.workspace.is_dir():
        return
    with closing(Database(settings.database_url)) as database:
        directory = Directory(database=database, tenant=chosen.tenant_id, clock=clock)
        try:
            yield from [_channel(directory, channel, who) for channel, who in wanted.items()]
        except (UserError, Unavailable) as trouble:
            yield bad(f"what Teams told us cannot be read: {plain(trouble)}")


def _channel(directory: Directory, channel: str, who: str) -> Diagnosis:
    if directory.knows_channel(channel):
        return ok(f"Teams told us of {channel} ({who})")
    todo = "add the app to that channel's team, and write `@Gatehouse help` in it once"
    if directory.near(channel) is not None:
        return warn(f"Teams never told us of {channel} ({who}); it may still take what we post", todo)
    return bad(f"Teams never told us of {channel} ({who})", todo)
