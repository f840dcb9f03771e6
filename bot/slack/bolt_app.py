"""Which of bolt's listeners hands what Slack tells to our hearing?

`process_before_response` answers with the first `ack`, without the timer that bolt otherwise looks at every 10 ms. The
signature was verified before (see `bot.slack.hook`); in Socket Mode Slack authenticated the connection.
"""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from pydantic import JsonValue

from bot.slack.hearing import Acknowledgement, Hearing
from bot.slack.payload import EventCallback, Interaction, Malformed, Part, SlashCommand, read

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncAck, AsyncApp
    from slack_bolt.authorization import AuthorizeResult
    from slack_bolt.response import BoltResponse

Body = dict[str, JsonValue]
T = TypeVar("T", bound=Part)
ANYTHING = re.compile("")
logger = logging.getLogger(__name__)


def bolt_app(
    hearing: Hearing, *, token: str, base_url: str, command: str, write_down: Callable[[BaseException], str]
) -> "AsyncApp":
    """Return bolt's application with all of our listeners; asks Slack nothing."""
    from slack_bolt.async_app import AsyncApp  # noqa: PLC0415 - slow to import, and only a server needs it
    from slack_sdk.web.async_client import AsyncWebClient  # noqa: PLC0415 - as above

    app = AsyncApp(
        name="gatehouse",
        logger=_quiet(),
        client=AsyncWebClient(token=token, base_url=base_url),
        authorize=_authorize(token),
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    app.error(_problem(write_down))
    _listen(app, hearing, command)
    return app


def _listen(app: "AsyncApp", hearing: Hearing, command: str) -> None:
    app.command(command)(_listener(SlashCommand, hearing.command))
    for event, heard in {
        "app_mention": hearing.message,
        "message": hearing.message,
        "app_home_opened": hearing.home_opened,
    }.items():
        app.event(event)(_listener(EventCallback, heard))
    app.event(ANYTHING)(_ignored)
    app.action(ANYTHING)(_listener(Interaction, hearing.pressed))
    app.view(ANYTHING)(_listener(Interaction, hearing.submitted))
    app.options(ANYTHING)(_listener(Interaction, hearing.typing))


def _listener(form: type[T], hear: Callable[[T], Awaitable[Acknowledgement]]) -> Callable[..., Awaitable[None]]:
    """Return what bolt calls: it reads, lets hear, and acknowledges."""

    async def listener(ack: "AsyncAck", body: Body) -> None:
        await ack(**(await hear(read(form, body))))  # type: ignore[arg-type] # JSON, as bolt documents it

    return listener


async def _ignored(ack: "AsyncAck") -> None:
    """Acknowledge an event that we did not ask for, or Slack would tell it again."""
    await ack()


def _problem(write_down: Callable[[BaseException], str]) -> "Callable[..., Awaitable[BoltResponse]]":
    """Return what answers when a listener failed: nothing was kept, so that Slack is to tell it again."""

    async def problem(error: Exception) -> "BoltResponse":
        from slack_bolt.response import BoltResponse  # noqa: PLC0415 - as above

        if isinstance(error, Malformed):
            return BoltResponse(status=400, body={"error": str(error)})
        text = write_down(error)
        logger.warning("What Slack told could not be kept: %s", text)
        return BoltResponse(status=503, body={"error": "This could not be kept; it is to be told again."})

    return problem


def _authorize(token: str) -> "Callable[..., Awaitable[AuthorizeResult]]":
    """Return what knows the token of each workspace: there is one, and nothing has to be asked."""

    async def authorize(team_id: str | None, enterprise_id: str | None) -> "AuthorizeResult":
        from slack_bolt.authorization import AuthorizeResult  # noqa: PLC0415 - as above

        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    return authorize


def _quiet() -> logging.Logger:
    """Return bolt's logger without its warnings: they are about what we chose, and requests that we ignore."""
    quiet = logging.getLogger("slack_bolt.gatehouse")
    quiet.setLevel(logging.ERROR)
    return quiet
