"""How does a server hear Slack that Slack cannot reach? It calls Slack, and keeps the line open.

In a thread with an event loop of its own. slack_sdk calls until somebody answers, and again when a line breaks.
https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp

INTERVAL = 10.0
"""Seconds between two calls that fail, and between two looks whether the line still lives."""


@dataclass(kw_only=True)
class SocketMode:
    """Keeps a line to Slack open."""

    app: "AsyncApp"
    app_token: str
    write_down: Callable[[BaseException], str]
    interval: float = INTERVAL
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    @contextmanager
    def connected(self) -> Iterator[None]:
        """Hear Slack for the body; that may begin later than the body, when Slack does not answer at once."""
        thread = threading.Thread(target=self._run, name="slack-socket")
        thread.start()
        try:
            yield
        finally:
            with suppress(RuntimeError):  # the loop is over already
                self._loop.call_soon_threadsafe(self._over.set)
            thread.join()

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._hear())
        except Exception as error:  # noqa: BLE001 - nobody waits for this thread; what ended it is written down
            self.write_down(error)

    async def _hear(self) -> None:
        from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler  # noqa: PLC0415 - slow to import

        handler = AsyncSocketModeHandler(self.app, self.app_token, ping_interval=self.interval)
        connecting = asyncio.ensure_future(handler.connect_async())  # type: ignore[no-untyped-call] # bolt gives no types
        try:
            await self._over.wait()
        finally:
            connecting.cancel()
            await asyncio.wait([connecting])
            await handler.close_async()  # type: ignore[no-untyped-call] # as above
