"""What does a server need to hear Teams and to speak there: the route, the platform, and what works meanwhile?"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.chat.lookout import Lookout
from bot.house.window import Window
from bot.settings import secret
from bot.settings_chat_teams import TeamsSettings, teams_problem
from bot.teams.asking import Asking
from bot.teams.clicks import Clicks, Keep
from bot.teams.directory import Directory
from bot.teams.hearing import Hearing
from bot.teams.hook import Hook
from bot.teams.keys import PublishedKeys
from bot.teams.own_token import OwnToken
from bot.teams.platform import TeamsPlatform
from bot.teams.roster import Roster
from bot.teams.sdk.connector import Connector
from bot.teams.sdk.turns import Turns
from bot.teams.tokens import Verifier
from gates.refusal import UserError
from storage.database import Database

if TYPE_CHECKING:
    from starlette.routing import Route

Clock = Callable[[], int]


class Door(Protocol):
    """What of the house is needed here; see `bot.exchange.House`."""

    def window(self) -> Window:
        """Return what a chat may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsSurface:
    """Hears from the moment the server listens; shows cards to people once the house is open."""

    platform: TeamsPlatform
    hook: Hook

    @property
    def routes(self) -> "tuple[Route, ...]":
        """Return what the web server is to answer."""
        return (self.hook.route(),)

    @contextmanager
    def working(self, door: Door) -> Iterator[None]:
        """Let people look into the house, for the body."""
        with self.platform.lookout.opened(door.window):
            yield


@contextmanager
def teams_platform(chosen: TeamsSettings, database: Database, *, clock: Clock) -> Iterator[TeamsPlatform]:
    """Give Teams as the boards want it, for the body; `UserError` when its secret is missing."""
    connector = Connector(token=own_token(chosen, clock))
    directory = Directory(database=database, tenant=chosen.tenant_id, clock=clock)
    with closing(Lookout(who="Teams")) as lookout, connector.running():
        yield TeamsPlatform(connector=connector, directory=directory, lookout=lookout)


def teams_surface(
    chosen: TeamsSettings, platform: TeamsPlatform, *, keep: Keep, clock: Clock, host: str, on_loopback: bool
) -> TeamsSurface:
    """Make ready to hear; `UserError` when that would not be safe. `keep` is where what was heard goes."""
    if problem := teams_problem(chosen, host=host, on_loopback=on_loopback):
        raise UserError(problem)
    clicks = Clicks(lookout=platform.lookout, keep=keep, clock=clock)
    asking = Asking(lookout=platform.lookout, say=platform.connector.say)
    roster = Roster(directory=platform.directory, ask=platform.connector.member)
    hearing = Hearing(
        directory=platform.directory,
        is_guest=roster.is_guest,
        keep=keep,
        clicks=clicks,
        asks_back=asking.begin,
        clock=clock,
    )
    turns = Turns(chosen.app_id or "")
    return TeamsSurface(
        platform=platform,
        hook=Hook(settings=chosen, verifier=_verifier(chosen, clock), turns=turns, listener=hearing),
    )


def own_token(chosen: TeamsSettings, clock: Clock) -> OwnToken | None:
    """Return what we speak with; None without an app id, and `UserError` when the secret is missing."""
    if chosen.app_id is None:
        return None
    variable = chosen.app_password_variable
    password = secret(variable, "teams.app_password_variable", "the application's client secret")
    return OwnToken(url=chosen.token_url, scope=chosen.scope, app_id=chosen.app_id, password=password, clock=clock)


def _verifier(chosen: TeamsSettings, clock: Clock) -> Verifier | None:
    if chosen.app_id is None:
        return None
    keys = PublishedKeys(url=chosen.openid_metadata_url, clock=clock)
    return Verifier(app_id=chosen.app_id, issuer=chosen.issuer, keys=keys)
