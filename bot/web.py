"""What does the server answer over HTTP? Whether it is alive, whether it is ready, and what the surfaces add."""

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import JsonValue

from bot.settings import ServerSettings

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

State = tuple[bool, dict[str, JsonValue]]
OURS = ("localhost", "127.0.0.1", "::1", "[::1]")


class Readiness:
    """Is the house open and well? Told by the keeper, asked by the web server."""

    def __init__(self) -> None:
        """Begin as not ready: the house is being opened."""
        self._guard = threading.Lock()
        self._house: Callable[[], State] | None = None
        self._reason = "the house is being opened"
        self._sweep = "none yet"

    def opened(self, ask: Callable[[], State]) -> None:
        """From now on the house itself is asked."""
        with self._guard:
            self._house, self._reason = ask, ""

    def closing(self) -> None:
        """Note that the house is about to close."""
        with self._guard:
            self._house, self._reason = None, "the server is stopping"

    def swept(self, problem: str) -> None:
        """Note how the last sweep went."""
        with self._guard:
            self._sweep = problem or "done"

    def now(self) -> State:
        """Return whether it is ready, and the reasons."""
        with self._guard:
            house, reason, sweep = self._house, self._reason, self._sweep
        if house is None:
            return False, {"ready": False, "reason": reason}
        ready, details = house()
        return ready, {**details, "ready": ready, "last_sweep": sweep}


def application(server: ServerSettings, readiness: Readiness, routes: "Sequence[BaseRoute]" = ()) -> "Starlette":
    """Return the web application; requests for other hosts' names are refused, so that no web page can reach it.

    `routes` are those of the surfaces that app.yaml has a section for.
    """
    from starlette.applications import Starlette  # noqa: PLC0415 - only a server needs it
    from starlette.middleware import Middleware  # noqa: PLC0415 - as above
    from starlette.middleware.trustedhost import TrustedHostMiddleware  # noqa: PLC0415 - as above
    from starlette.responses import JSONResponse  # noqa: PLC0415 - as above
    from starlette.routing import Route  # noqa: PLC0415 - as above

    async def alive(_request: "Request") -> "Response":
        return JSONResponse({"alive": True})

    def ready(_request: "Request") -> "Response":  # not async: it may ask the disk, so it runs in a thread
        is_ready, details = _asked(readiness)
        return JSONResponse(details, status_code=200 if is_ready else 503)

    return Starlette(
        routes=[Route("/healthz", alive), Route("/readyz", ready), *routes],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(server), www_redirect=False)],
    )


def _hosts(server: ServerSettings) -> list[str]:
    """Return the names that others may call us by: this machine's, and those that app.yaml says are ours."""
    public = urlsplit(server.public_url).hostname if server.public_url else None
    return [*OURS, server.host, *server.allowed_hosts, *([public] if public else [])]


def _asked(readiness: Readiness) -> State:
    """Ask whether it is ready; a house that cannot say is not."""
    try:
        return readiness.now()
    except Exception as error:  # noqa: BLE001 - whatever keeps it from answering is the reason why it is not ready
        return False, {"ready": False, "reason": f"{type(error).__name__}: {error}"}
