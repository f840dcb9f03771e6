"""Does this delivery come from GitHub, does it concern us, and is it kept?

Nothing is acted on here: a delivery is verified, read, kept and acknowledged. What cannot be kept is answered with 503,
so that GitHub's log shows it as failed and it can be redelivered.
"""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.github.events import Ignored, Ours, read_event
from bot.github.heard import Heard
from bot.github.repositories import Repositories
from bot.taking import Bounds, NotTakenError

if TYPE_CHECKING:
    from pydantic import JsonValue
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

PATH = "/github/webhook"
LARGEST = 25 << 20
"""Bytes; GitHub sends no larger payload. https://docs.github.com/en/webhooks/webhook-events-and-payloads"""
PATIENCE = 10.0
"""Seconds for a body to arrive; GitHub itself waits no longer for an answer."""
SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}")
EVENT = re.compile(r"[a-z0-9_]{1,100}")
DELIVERY = re.compile(r"[A-Za-z0-9._-]{1,100}")

Keep = Callable[[str, Sequence[Heard]], bool]
"""Keeps what a delivery told; False when it is known. Whatever it raises means that nothing was kept."""


UNSIGNED = NotTakenError(
    401, "X-Hub-Signature-256 is missing or wrong: the App's webhook secret and this server's are to be the same."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """Takes GitHub's deliveries."""

    secret: str
    app_id: int
    repositories: Callable[[], Repositories]
    keep: Keep
    patience: float = PATIENCE

    def route(self) -> "Route":
        """Return where GitHub delivers to."""
        from starlette.routing import Route  # noqa: PLC0415 - only a server needs it

        return Route(PATH, self.take, methods=["POST"])

    async def take(self, request: "Request") -> "Response":
        """Answer one delivery. The body is awaited, the rest takes a thread: neither keeps others waiting."""
        from starlette.concurrency import run_in_threadpool  # noqa: PLC0415 - only a server needs it
        from starlette.responses import JSONResponse  # noqa: PLC0415 - as above

        try:
            _expect_signature(request.headers)
            body = await Bounds(noun="A payload", largest=LARGEST, patience=self.patience).body(request)
            status, answer = await run_in_threadpool(self.judge, request.headers, body)
        except NotTakenError as not_taken:
            status, answer = not_taken.status, {"error": str(not_taken)}
        return JSONResponse(answer, status_code=status)

    def judge(self, headers: Mapping[str, str], body: bytes) -> "tuple[int, dict[str, JsonValue]]":
        """Verify, read and keep a delivery; return what to answer."""
        self._verify(headers, body)
        event, delivery, data = _parsed(headers, body)
        if event == "ping":
            return 200, {"pong": True}
        try:
            return 202, self._heard(event, delivery, data)
        except Exception as trouble:
            logging.getLogger(__name__).exception("Delivery %s could not be kept", delivery)
            raise NotTakenError(503, "This delivery could not be kept; redeliver it later.") from trouble

    def _heard(self, event: str, delivery: str, data: object) -> "dict[str, JsonValue]":
        told = read_event(event, data, Ours(app_id=self.app_id, repositories=self.repositories()))
        if isinstance(told, Ignored):
            return {"ignored": told.why}
        return {"heard": True} if self.keep(delivery, told) else {"heard": False, "why": "known"}

    def _verify(self, headers: Mapping[str, str], body: bytes) -> None:
        from gidgethub import ValidationFailure, sansio  # noqa: PLC0415 - only a delivery needs it

        try:
            sansio.validate_event(body, signature=headers["x-hub-signature-256"], secret=self.secret)
        except ValidationFailure as wrong:
            raise UNSIGNED from wrong


def _expect_signature(headers: Mapping[str, str]) -> None:
    """Refuse what cannot be signed well, before its body is read; SHA-1 alone is GitHub's old, weak signature."""
    if not SIGNATURE.fullmatch(headers.get("x-hub-signature-256", "")):
        raise UNSIGNED


def _parsed(headers: Mapping[str, str], body: bytes) -> tuple[str, str, object]:
    """Return the event, the delivery's id, and the payload of a delivery that is known to be GitHub's."""
    from gidgethub import BadRequest, sansio  # noqa: PLC0415 - only a delivery needs it

    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise NotTakenError(415, "The payload is to be JSON: choose application/json in the webhook's settings.")
    named = {name: headers.get(name, "") for name in ("x-github-event", "x-github-delivery")}
    if not EVENT.fullmatch(named["x-github-event"]) or not DELIVERY.fullmatch(named["x-github-delivery"]):
        raise NotTakenError(400, "X-GitHub-Event and X-GitHub-Delivery are to name the event and the delivery.")
    try:
        event = sansio.Event.from_http({**named, "content-type": "application/json"}, body)
    except (BadRequest, RecursionError) as error:
        raise NotTakenError(400, "The payload is not JSON.") from error
    if not isinstance(event.data, dict):
        raise NotTakenError(400, "The payload is not a JSON object.")
    return event.event, event.delivery_id, event.data
