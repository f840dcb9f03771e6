"""What does a server need to hear Slack and to speak there: the route, the platform, and what works meanwhile?"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.house.window import Window
from bot.settings import secret
from bot.settings_chat import SlackSettings
from bot.slack.bolt_app import bolt_app
from bot.slack.channels import Channels
from bot.slack.hearing import Hearing, Keep
from bot.slack.home import Home
from bot.slack.hook import Hook
from bot.slack.lookout import SlackLookout
from bot.slack.members import Members
from bot.slack.opening import Opening
from bot.slack.platform import SlackPlatform
from bot.slack.socket_mode import SocketMode
from bot.slack.web_api import Sleep, WebApi

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp
    from starlette.routing import Route

Clock = Callable[[], int]
WriteDown = Callable[[BaseException], str]


class Door(Protocol):
    """What of the house is needed here; see `bot.exchange.House`."""

    def window(self) -> Window:
        """Return what a chat may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSurface:
    """Hears from the moment the server listens; opens modals once the house is open."""

    platform: SlackPlatform
    lookout: SlackLookout
    hook: Hook | None
    """None: in Socket Mode nobody calls us."""
    socket_mode: SocketMode | None

    @property
    def routes(self) -> "tuple[Route, ...]":
        """Return what the web server is to answer."""
        return () if self.hook is None else (self.hook.route(),)

    @contextmanager
    def working(self, door: Door) -> Iterator[None]:
        """Let people look into the house for the body, and in Socket Mode hear them."""
        with ExitStack() as stack:
            stack.enter_context(self.lookout.opened(door.window))
            if self.socket_mode is not None:
                stack.enter_context(self.socket_mode.connected())
            yield


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What the environment holds for Slack."""

    bot_token: str
    signing_secret: str
    """Empty in Socket Mode, where nothing is signed."""
    app_token: str | None


def slack_platform(chosen: SlackSettings, *, clock: Clock, sleep: Sleep = time.sleep) -> SlackPlatform:
    """Return Slack as the boards want it; `UserError` when the bot's token is missing. Asks Slack nothing yet."""
    api = WebApi(token=_bot_token(chosen), base_url=chosen.base_url, sleep=sleep)
    return SlackPlatform(api=api, members=Members(api=api), channels=Channels(api=api), clock=clock)


@contextmanager
def slack_surface(
    chosen: SlackSettings, platform: SlackPlatform, *, keep: Keep, clock: Clock, write_down: WriteDown
) -> Iterator[SlackSurface]:
    """Make ready to hear; `UserError` when a secret is missing. `keep` is where what was heard goes."""
    secrets = secrets_of(chosen)
    with closing(SlackLookout(write_down=write_down)) as lookout:
        app = bolt_app(
            _hearing(platform, keep, lookout, clock),
            token=secrets.bot_token,
            base_url=chosen.base_url,
            command=chosen.command,
            write_down=write_down,
        )
        yield SlackSurface(
            platform=platform,
            lookout=lookout,
            hook=_hook(app, secrets, clock),
            socket_mode=_socket_mode(app, secrets, write_down),
        )


def secrets_of(chosen: SlackSettings) -> Secrets:
    """Return what the environment holds; `UserError` names the variable that it does not."""
    bot = _bot_token(chosen)
    if chosen.app_token_variable is not None:
        app = secret(chosen.app_token_variable, "slack.app_token_variable", "an app-level token, xapp-...")
        return Secrets(bot_token=bot, signing_secret="", app_token=app)
    signing = secret(chosen.signing_secret_variable, "slack.signing_secret_variable", "the app's signing secret")
    return Secrets(bot_token=bot, signing_secret=signing, app_token=None)


def _bot_token(chosen: SlackSettings) -> str:
    return secret(chosen.bot_token_variable, "slack.bot_token_variable", "the bot user's token, xoxb-...")


def _hook(app: "AsyncApp", secrets: Secrets, clock: Clock) -> Hook | None:
    if secrets.app_token is not None:
        return None
    return Hook(secret=secrets.signing_secret, clock=clock, dispatch=app.async_dispatch)


def _socket_mode(app: "AsyncApp", secrets: Secrets, write_down: WriteDown) -> SocketMode | None:
    if secrets.app_token is None:
        return None
    return SocketMode(app=app, app_token=secrets.app_token, write_down=write_down)


def _hearing(platform: SlackPlatform, keep: Keep, lookout: SlackLookout, clock: Clock) -> Hearing:
    api, members = platform.api, platform.members
    return Hearing(
        keep=keep,
        lookout=lookout,
        members=members,
        opening=Opening(api=api, members=members, answering=platform.answering, window=lookout.window),
        home=Home(api=api, members=members, window=lookout.window),
        clock=clock,
    )
