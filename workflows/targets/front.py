"""How can a slot keep one address while the version behind it changes?

One daemon thread runs one event loop with a listener per slot. Where a listener points is changed on that loop, between
two requests, so the change is atomic for every caller; in-flight requests are counted and can be waited for.
"""

import asyncio
import socket
import threading
from collections.abc import Coroutine
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, TypeVar

from gates.refusal import Unavailable
from workflows.targets.upstream import Upstream

if TYPE_CHECKING:
    import httpx
    import uvicorn

    from workflows.targets.relay import Relay

T = TypeVar("T")

MAX_BODY_BYTES = 64 << 20
ANSWER_SECONDS = 90.0
"""Longer than the scoring server's own limit of 60 s, so that its answer is the one a caller sees."""
IDLE_SECONDS = 5.0
"""How long an idle connection to an upstream is kept; the upstream keeps it longer, so we never reuse a dead one."""
CALLER_IDLE_SECONDS = 75
CLOSE_SECONDS = 2
"""What requests still in flight get when the front itself closes."""


class Door:
    """One slot's listener. Safe to use from any thread."""

    def __init__(self, front: "Front", relay: "Relay", port: int) -> None:
        self._front = front
        self._relay = relay
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def point(self, upstream: Upstream | None) -> Upstream | None:
        """Send every request from now on to `upstream` (None: 503); return where they went before."""
        return self._front.run(self._point(upstream))

    def drain(self, upstream: Upstream, seconds: float) -> int:
        """Wait for the requests in flight there, `seconds` at most; return how many are not finished."""
        return self._front.run(upstream.drained(seconds))

    async def _point(self, upstream: Upstream | None) -> Upstream | None:
        former, self._relay.upstream = self._relay.upstream, upstream
        return former


class Front:
    """The listeners of a target; starts its thread with the first one."""

    def __init__(self, *, max_body_bytes: int = MAX_BODY_BYTES, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._max_body_bytes = max_body_bytes
        self._answer_seconds = answer_seconds
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._transport: httpx.AsyncHTTPTransport | None = None
        self._servers: list[tuple[uvicorn.Server, asyncio.Task[None]]] = []

    def open(self, listening: socket.socket, slot: str) -> Door:
        """Answer on a socket that listens already; without an upstream the answer is 503."""
        with self._lock:
            if self._loop is None:
                self._start()
        port: int = listening.getsockname()[1]
        return Door(self, self.run(self._serve(listening, slot)), port)

    def run(self, work: Coroutine[object, object, T]) -> T:
        """Run a coroutine on the front's loop and wait for it; `Unavailable` when the front is or gets closed."""
        loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            work.close()
            raise Unavailable("The front is closed.")
        running = asyncio.run_coroutine_threadsafe(work, loop)
        while True:
            try:
                return running.result(timeout=1.0)
            except TimeoutError:
                if not thread.is_alive():
                    raise Unavailable("The front was closed meanwhile.") from None
            except CancelledError:
                raise Unavailable("The front was closed meanwhile.") from None

    def close(self) -> None:
        """Stop listening, let requests in flight finish for a moment, end the thread. May be repeated."""
        with self._lock:
            if self._loop is None or self._thread is None:
                return
            self.run(self._shut())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self._loop = self._thread = None

    def _start(self) -> None:
        import httpx  # noqa: PLC0415 - heavy; only a process that serves needs it

        self._loop = asyncio.new_event_loop()
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=100, keepalive_expiry=IDLE_SECONDS)
        self._transport = httpx.AsyncHTTPTransport(limits=limits, trust_env=False)
        self._thread = threading.Thread(target=self._loop.run_forever, name="gatehouse-front", daemon=True)
        self._thread.start()

    async def _serve(self, listening: socket.socket, slot: str) -> "Relay":
        import uvicorn  # noqa: PLC0415 - heavy; only a process that serves needs it

        from workflows.targets.relay import Relay  # noqa: PLC0415 - imports starlette and httpx

        if self._transport is None:
            raise Unavailable("The front is closed.")
        limits = {"max_body_bytes": self._max_body_bytes}
        relay = Relay(slot, self._transport, answer_seconds=self._answer_seconds, **limits)
        config = uvicorn.Config(
            relay,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,  # logging is the application's to configure
            access_log=False,
            server_header=False,
            date_header=False,  # the upstream's own is passed on
            proxy_headers=False,
            timeout_keep_alive=CALLER_IDLE_SECONDS,
            timeout_graceful_shutdown=CLOSE_SECONDS,
        )
        server = uvicorn.Server(config)
        self._servers.append((server, asyncio.get_running_loop().create_task(server.serve([listening]))))
        return relay

    async def _shut(self) -> None:
        for server, _ in self._servers:
            server.should_exit = True
        await asyncio.gather(*(task for _, task in self._servers), return_exceptions=True)
        self._servers.clear()
        if self._transport is not None:
            await self._transport.aclose()
        waiting = asyncio.all_tasks() - {asyncio.current_task()}
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
