"""Does this activity come from Teams, is it meant for us, and is it kept?

Nothing is decided here: an activity is verified, read, handed on and acknowledged. Whatever cannot be taken is answered
with a status that says why, and never with an error of ours.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from bot.settings_chat_teams import TeamsSettings
from bot.taking import Bounds, NotTakenError
from bot.teams.activity import Activity, MalformedError, read_activity
from bot.teams.sdk.turns import Listener
from bot.teams.tokens import UnauthorisedError, Verifier, bearer
from gates.refusal import Unavailable

if TYPE_CHECKING:
    from pydantic import JsonValue
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

PATH = "/api/messages"
LARGEST = 256 << 10
"""Bytes; the Bot Framework takes and gives no larger activity."""
PATIENCE = 10.0
"""Seconds for a body to arrive; Teams itself waits 15 s for an answer."""
CHANNEL = "msteams"

logger = logging.getLogger(__name__)


class Taker(Protocol):
    """Brings verified activities to a listener; see `bot.teams.sdk.turns.Turns`."""

    async def take(
        self, document: "Mapping[str, JsonValue]", activity: Activity, listener: Listener
    ) -> "tuple[int, JsonValue]":
        """Return the status and the body to answer with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """Takes what Teams sends."""

    settings: TeamsSettings
    verifier: Verifier | None
    """None: every request is believed, as `unsafe_no_auth` says."""
    turns: Taker
    listener: Listener
    patience: float = PATIENCE

    def route(self) -> "Route":
        """Return where Teams sends to."""
        from starlette.routing import Route  # noqa: PLC0415 - only a server needs it

        return Route(PATH, self.take, methods=["POST"])

    async def take(self, request: "Request") -> "Response":
        """Answer one request."""
        from starlette.responses import JSONResponse, Response  # noqa: PLC0415 - only a server needs it

        try:
            status, answer = await self._taken(request)
        except NotTakenError as not_taken:
            return JSONResponse({"error": str(not_taken)}, status_code=not_taken.status)
        return Response(status_code=status) if answer is None else JSONResponse(answer, status_code=status)

    async def _taken(self, request: "Request") -> "tuple[int, JsonValue]":
        authorization = request.headers.get("authorization", "")
        self._expect_token(authorization)
        body = await Bounds(noun="An activity", largest=LARGEST, patience=self.patience).body(request)
        try:
            document, activity = await asyncio.to_thread(self._judged, authorization, body)
            return await self.turns.take(document, activity, self.listener)
        except UnauthorisedError as stranger:
            raise NotTakenError(HTTPStatus.UNAUTHORIZED, str(stranger)) from stranger
        except MalformedError as malformed:
            raise NotTakenError(HTTPStatus.BAD_REQUEST, str(malformed)) from malformed
        except NotTakenError:
            raise
        except Unavailable as trouble:
            logger.warning("An activity could not be taken: %s", trouble)
            raise NotTakenError(HTTPStatus.SERVICE_UNAVAILABLE, "This cannot be taken now.") from trouble
        except Exception as trouble:
            logger.exception("An activity could not be taken")
            raise NotTakenError(HTTPStatus.SERVICE_UNAVAILABLE, "This cannot be taken now.") from trouble

    def _expect_token(self, authorization: str) -> None:
        """Refuse a request without a token before its body is read."""
        try:
            if self.verifier is not None:
                bearer(authorization)
        except UnauthorisedError as stranger:
            raise NotTakenError(HTTPStatus.UNAUTHORIZED, str(stranger)) from stranger

    def _judged(self, authorization: str, body: bytes) -> "tuple[Mapping[str, JsonValue], Activity]":
        """Return the body of a request as sent and as read, once it is known to be Microsoft's and for us."""
        sender = None if self.verifier is None else self.verifier.sender(authorization)
        document = _document(body)
        activity = read_activity(document)
        if sender is not None:
            sender.require(channel=activity.channel_id, service_url=activity.service_url)
        if activity.channel_id != CHANNEL:
            raise NotTakenError(HTTPStatus.FORBIDDEN, f"Only activities of {CHANNEL} are taken here.")
        if not self.settings.serves(activity.service_url):
            logger.warning("Teams speaks from %r, which teams.service_urls does not name", activity.service_url)
            raise NotTakenError(HTTPStatus.FORBIDDEN, "teams.service_urls does not name this service URL.")
        return document, activity


def _document(body: bytes) -> "dict[str, JsonValue]":
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotTakenError(HTTPStatus.BAD_REQUEST, "The body is not JSON.") from error
    if not isinstance(document, dict):
        raise NotTakenError(HTTPStatus.BAD_REQUEST, "The body is not a JSON object.")
    return document
