"""How is a request's body read: no more than it may have, no longer than the platform would wait?"""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request


class NotTakenError(Exception):
    """A request that is not taken: the status, and one sentence that says why."""

    def __init__(self, status: int, text: str) -> None:
        """Keep the status beside its sentence."""
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one platform sends at the most."""

    noun: str
    """What it sends, such as `An activity`."""
    largest: int
    """Bytes."""
    patience: float
    """Seconds for a body to arrive."""

    async def body(self, request: "Request") -> bytes:
        """Return a whole body; raises `NotTakenError` for one that is too large, too slow or cut off."""
        length = request.headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length[:20]) > self.largest:
            raise self._too_large()
        try:
            async with asyncio.timeout(self.patience):
                return await self._read(request)
        except TimeoutError as slow:
            raise NotTakenError(408, f"The body did not arrive within {self.patience:g} s.") from slow

    async def _read(self, request: "Request") -> bytes:
        from starlette.requests import ClientDisconnect  # noqa: PLC0415 - only a server needs it

        body = bytearray()
        try:
            async for part in request.stream():
                body += part
                if len(body) > self.largest:
                    raise self._too_large()
        except ClientDisconnect as gone:
            raise NotTakenError(400, "The body did not arrive whole.") from gone
        return bytes(body)

    def _too_large(self) -> NotTakenError:
        return NotTakenError(413, f"{self.noun} has at most {self.largest} bytes.")
