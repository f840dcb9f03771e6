"""How does one request reach the version that serves now, and what does the caller hear when it cannot?

Imported only where a front runs: it needs starlette and httpx. A request keeps the upstream it began with, so a switch
never cuts it in two; what arrives after the switch goes to the new one.
"""

from collections.abc import AsyncIterator, Iterable
from urllib.parse import quote

import httpx
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from workflows.targets.upstream import Upstream

VERSION_HEADER = b"x-gatehouse-version"
PATHS = ("/ping", "/health", "/version", "/invocations")
CONNECT_SECONDS = 5.0
HOP_BY_HOP = frozenset(
    {
        *(b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection"),
        *(b"te", b"trailer", b"transfer-encoding", b"upgrade"),
    }
)
"""Headers that belong to one connection, not to the request (RFC 9110, section 7.6.1)."""
OURS = frozenset({b"host", b"expect", VERSION_HEADER})
"""Headers that we answer or set ourselves."""

RawHeaders = list[tuple[bytes, bytes]]


class BodyTooLargeError(Exception):
    """The caller sends more than a request may hold."""


class Relay:
    """The ASGI application of one slot: passes requests on to the upstream that it points at."""

    def __init__(
        self, slot: str, transport: httpx.AsyncBaseTransport, *, max_body_bytes: int, answer_seconds: float
    ) -> None:
        self.upstream: Upstream | None = None
        self._slot = slot
        self._transport = transport
        self._max_body_bytes = max_body_bytes
        self._timeout = httpx.Timeout(answer_seconds, connect=CONNECT_SECONDS, pool=None).as_dict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; between reading the upstream and counting the request nothing else may run."""
        request = Request(scope, receive)
        upstream = self.upstream
        if scope["path"] not in PATHS:
            await self._say(404, f"There is no {scope['path']} here; ask one of {', '.join(PATHS)}.", request, send)
        elif upstream is None:
            await self._say(503, f"No version serves {self._slot} now.", request, send)
        else:
            with upstream.busy():
                await self._forward(request, upstream, send)

    async def _forward(self, request: Request, upstream: Upstream, send: Send) -> None:
        name = f"Version {upstream.version} of {self._slot}"
        try:
            self._check_length(request.headers)
            response = await self._transport.handle_async_request(self._onward(request, upstream))
        except BodyTooLargeError:
            await self._too_large(request, send)
        except ClientDisconnect:
            return
        except httpx.ReadTimeout:
            await self._say(504, f"{name} took too long to answer.", request, send)
        except httpx.TransportError:
            await self._say(502, f"{name} does not answer; nothing was predicted.", request, send)
        else:
            await _answer(response, upstream, send)

    def _check_length(self, headers: Headers) -> None:
        if int(headers.get("content-length", "0")) > self._max_body_bytes:
            raise BodyTooLargeError

    def _onward(self, request: Request, upstream: Upstream) -> httpx.Request:
        url = httpx.URL(
            scheme="http",
            host="127.0.0.1",
            port=upstream.port,
            path=request.scope["path"],
            query=request.scope["query_string"],
        )
        chunked = "transfer-encoding" in request.headers
        # Beside a transfer encoding a length means nothing (RFC 9112, section 6.3) and must not be passed on.
        left_out = OURS | {b"content-length"} if chunked else OURS
        headers = [(b"host", url.netloc), *end_to_end(request.scope["headers"], left_out)]
        content = self._body(request) if chunked or "content-length" in request.headers else None
        extensions = {"timeout": self._timeout}
        return httpx.Request(request.method, url, headers=headers, content=content, extensions=extensions)

    async def _body(self, request: Request) -> AsyncIterator[bytes]:
        taken = 0
        async for piece in request.stream():
            taken += len(piece)
            if taken > self._max_body_bytes:
                raise BodyTooLargeError
            yield piece

    async def _too_large(self, request: Request, send: Send) -> None:
        """Refuse, but first take in about as much again: a client still sending would not read the answer."""
        if "expect" not in request.headers:
            await _discard(request.receive, self._max_body_bytes)
        await self._say(
            413, f"The request is larger than the {self._max_body_bytes} bytes allowed here.", request, send
        )

    async def _say(self, status: int, sentence: str, request: Request, send: Send) -> None:
        await JSONResponse({"error": sentence}, status_code=status)(request.scope, request.receive, send)


def end_to_end(headers: Iterable[tuple[bytes, bytes]], left_out: frozenset[bytes]) -> RawHeaders:
    """Return the headers that travel the whole way: not those of one connection, nor those that it names."""
    pairs = [(name.lower(), value) for name, value in headers]
    named = {part.strip().lower() for name, value in pairs if name == b"connection" for part in value.split(b",")}
    return [pair for pair in pairs if pair[0] not in HOP_BY_HOP | named | left_out]


async def _answer(response: httpx.Response, upstream: Upstream, send: Send) -> None:
    """Pass the response on as it comes; if it breaks off, so does ours, and the caller can tell."""
    headers = end_to_end(response.headers.raw, OURS)
    headers.append((VERSION_HEADER, quote(upstream.version, safe="").encode()))
    try:
        await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
        async for piece in response.aiter_raw():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    except httpx.TransportError:
        return
    finally:
        await response.aclose()


async def _discard(receive: Receive, limit: int) -> None:
    taken = 0
    while taken <= limit:
        message = await receive()
        if message["type"] != "http.request" or not message.get("more_body", False):
            return
        taken += len(message.get("body", b""))
