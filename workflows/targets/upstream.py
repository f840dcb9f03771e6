"""Which version answers a slot's requests, and how many of them has it not finished?"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Upstream:
    """One started version behind a front port; counted only on the front's event loop, so without a lock."""

    def __init__(self, *, port: int, version: str) -> None:
        self.port = port
        self.version = version
        self.in_flight = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Count one request for as long as it takes, whatever becomes of it."""
        self.in_flight += 1
        self._idle.clear()
        try:
            yield
        finally:
            self.in_flight -= 1
            if not self.in_flight:
                self._idle.set()

    async def drained(self, seconds: float) -> int:
        """Wait until nothing is in flight, `seconds` at most; return how many requests are not finished."""
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            return self.in_flight
        return 0
