"""Does this request come from Slack, and is it well-formed enough to be handed to bolt?

The signature is verified here, before anything is parsed: bolt parses first, and answers 500 to a time that is no
number. https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bot.taking import Bounds, NotTakenError

if TYPE_CHECKING:
    from slack_bolt.request.async_request import AsyncBoltRequest
    from slack_bolt.response import BoltResponse
    from slack_sdk.signature import SignatureVerifier
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

PATH = "/slack/events"
LARGEST = 1 << 20
"""Bytes; what Slack sends is far below."""
PATIENCE = 5.0
"""Seconds for a body to arrive; Slack itself waits three for the answer."""
SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
TIME = re.compile(r"[0-9]{1,12}", re.ASCII)

Dispatch = Callable[["AsyncBoltRequest"], Awaitable["BoltResponse"]]
Clock = Callable[[], int]


UNSIGNED = NotTakenError(
    401,
    "X-Slack-Signature is missing, wrong or too old: the app's signing secret and this server's are to be the same.",
)
NOT_JSON = NotTakenError(400, "The payload is not JSON.")


@dataclass(frozen=True, kw_only=True)
class Hook:
    """Takes Slack's requests."""

    secret: str
    clock: Clock
    dispatch: Dispatch
    """bolt."""
    patience: float = PATIENCE

    def route(self) -> "Route":
        """Return where Slack delivers to."""
        from starlette.routing import Route  # noqa: PLC0415 - only a server needs it

        return Route(PATH, self.take, methods=["POST"])

    async def take(self, request: "Request") -> "Response":
        """Answer one request."""
        from starlette.responses import JSONResponse, Response  # noqa: PLC0415 - only a server needs it

        try:
            _expect_signature(request.headers)
            body = await Bounds(noun="A request", largest=LARGEST, patience=self.patience).body(request)
            self._verify(request.headers, body)
            answer = await self.dispatch(_to_bolt(request.headers, body))
        except NotTakenError as not_taken:
            return JSONResponse({"error": str(not_taken)}, status_code=not_taken.status)
        return Response(answer.body, status_code=answer.status, headers=answer.first_headers_without_set_cookie())

    def _verify(self, headers: Mapping[str, str], body: bytes) -> None:
        time, signature = headers["x-slack-request-timestamp"], headers["x-slack-signature"]
        try:
            genuine = self._verifier.is_valid(body, time, signature)
        except UnicodeDecodeError as error:
            raise NOT_JSON from error
        if not genuine:
            raise UNSIGNED

    @cached_property
    def _verifier(self) -> "SignatureVerifier":
        from bot.slack.signature import verifier  # noqa: PLC0415 - a class of slack_sdk's, and only a server needs it

        return verifier(self.secret, self.clock)


def _expect_signature(headers: Mapping[str, str]) -> None:
    """Refuse what cannot be signed well, before its body is read."""
    time, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    if not SIGNATURE.fullmatch(signature) or not TIME.fullmatch(time):
        raise UNSIGNED


def _to_bolt(headers: Mapping[str, str], body: bytes) -> "AsyncBoltRequest":
    """Return a genuine request as bolt has it; the query is nothing that Slack signs."""
    from slack_bolt.request.async_request import AsyncBoltRequest  # noqa: PLC0415 - only a server needs it

    try:
        request = AsyncBoltRequest(body=body.decode(), headers=dict(headers.items()))
    except (json.JSONDecodeError, RecursionError, AttributeError) as error:  # AttributeError: JSON, and no object
        raise NOT_JSON from error
    if not isinstance(request.body, dict) or not request.body:
        raise NOT_JSON
    return request
