"""How does what Teams sent come to us through the SDK, and our answer back?"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Protocol

from botbuilder.core import ActivityHandler, InvokeResponse, TurnContext
from botbuilder.schema import Activity as SdkActivity
from pydantic import JsonValue

from bot.teams.activity import Activity, MalformedError
from bot.teams.card_answer import CardAnswer
from bot.teams.sdk.clients import Adapter, Authentication, Clients

CARD_ACTION = "adaptiveCard/action"


class Listener(Protocol):
    """Who is told."""

    async def said(self, activity: Activity) -> None:
        """Somebody wrote to us."""

    async def met(self, activity: Activity) -> None:
        """Somebody added us somewhere, or came where we are."""

    async def left(self, activity: Activity) -> None:
        """Somebody removed us from somewhere."""

    async def clicked(self, activity: Activity) -> CardAnswer:
        """Somebody used a card of ours, and waits for what to show."""


class _Turn(ActivityHandler):  # type: ignore[misc]  # the SDK is untyped
    """One activity on its way from the SDK to the listener."""

    def __init__(self, activity: Activity, listener: Listener) -> None:
        self._activity = activity
        self._listener = listener

    async def on_message_activity(self, _context: TurnContext) -> None:
        await self._listener.said(self._activity)

    async def on_conversation_update_activity(self, _context: TurnContext) -> None:
        ours = self._activity.recipient.id
        if any(member.id == ours for member in self._activity.removed or ()):
            await self._listener.left(self._activity)
        else:
            await self._listener.met(self._activity)

    async def on_installation_update(self, _context: TurnContext) -> None:
        if (self._activity.action or "").startswith("remove"):
            await self._listener.left(self._activity)
        else:
            await self._listener.met(self._activity)

    async def on_invoke_activity(self, _context: TurnContext) -> InvokeResponse:
        """Answer here, as JSON: the SDK's own way for cards serialises twice, and its model takes no text as value."""
        if self._activity.name != CARD_ACTION:
            return InvokeResponse(status=int(HTTPStatus.NOT_IMPLEMENTED))
        answer = await self._listener.clicked(self._activity)
        body = {"statusCode": answer.status, "type": answer.type, "value": answer.value}
        return InvokeResponse(status=int(HTTPStatus.OK), body=body)


class Turns:
    """Takes verified activities."""

    def __init__(self, app_id: str) -> None:
        """Speak as this application; nothing is ever sent from here."""
        self._app_id = app_id
        self._authentication = Authentication(Clients(None))
        self._adapter = Adapter(self._authentication)

    async def take(
        self, document: Mapping[str, JsonValue], activity: Activity, listener: Listener
    ) -> tuple[int, JsonValue]:
        """Tell the listener; return the status and the body to answer with. Raises MalformedError."""
        try:
            heard = SdkActivity.deserialize(document)
        except (ValueError, TypeError, AttributeError) as error:
            raise MalformedError("This is no activity that the Bot Framework knows.") from error
        heard.delivery_mode = None  # Teams asks for no other than the usual one
        verified = self._authentication.verified(self._app_id)
        answer = await self._adapter.process_activity(verified, heard, _Turn(activity, listener).on_turn)
        if answer is None:
            return int(HTTPStatus.ACCEPTED), None
        return int(answer.status), answer.body
