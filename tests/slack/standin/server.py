"""How is a workspace reached over HTTP? As Slack is: forms or JSON to `/api/METHOD`, JSON to a response_url."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

from pydantic import JsonValue

from tests.slack.standin.methods import call
from tests.slack.standin.workspace import Json, Trouble, Whisper, Workspace

API, RESPONSE = "/api/", "/response/"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackStandin:
    """A workspace, and where it is."""

    space: Workspace
    url: str

    @property
    def base_url(self) -> str:
        """What stands in app.yaml as slack.base_url."""
        return f"{self.url}/api"

    def response_url(self, key: str) -> str:
        """Return a road back."""
        return f"{self.url}{RESPONSE}{key}"


class _Handler(BaseHTTPRequestHandler):
    space: Workspace
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with self.space.lock:
            if self.space.is_down:
                self._answer(503, b"<html>Service Unavailable</html>", kind="text/html")
            elif self.path.startswith(API):
                self._method(self.path.removeprefix(API), body)
            else:
                self._respond(self.path.removeprefix(RESPONSE), json.loads(body))

    def _method(self, method: str, body: bytes) -> None:
        given = _given(self.headers.get("Content-Type", ""), body)
        self.space.calls.append((method, given))
        trouble = next(iter(self.space.troubles.get(method, [])), None)
        if trouble is not None:
            self.space.troubles[method].pop(0)
        if trouble is None or trouble.after_doing:
            answer = call(self.space, method, self.headers.get("Authorization", "").removeprefix("Bearer "), given)
        if trouble is None:
            self._answer(200, json.dumps(answer).encode())
        else:
            self._fail(trouble)

    def _fail(self, trouble: Trouble) -> None:
        rest = {} if trouble.retry_after is None else {"Retry-After": str(trouble.retry_after)}
        self._answer(trouble.status, json.dumps({"ok": False, "error": trouble.error}).encode(), headers=rest)

    def _respond(self, key: str, given: Json) -> None:
        url = self.space.urls.get(key)
        if url is None or not url.open or url.left <= 0:
            self._answer(404, b"expired_url", kind="text/plain")
            return
        url.left -= 1
        blocks = given.get("blocks")
        self.space.whispers.append(
            Whisper(
                channel=url.channel,
                user=url.user,
                text=str(given.get("text")),
                blocks=blocks if isinstance(blocks, list) else [],
                by_url=True,
                aloud=given.get("response_type") == "in_channel",
            )
        )
        self._answer(200, b"ok", kind="text/plain")

    def _answer(
        self, status: int, body: bytes, *, kind: str = "application/json", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.send_header("X-OAuth-Scopes", ",".join(sorted(self.space.scopes)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
        """Say nothing."""


@contextmanager
def slack_standin(clock: Callable[[], float]) -> Iterator[SlackStandin]:
    """Serve a workspace for the body."""
    space = Workspace(clock=clock)
    handler = type("Handler", (_Handler,), {"space": space})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield SlackStandin(space=space, url=f"http://127.0.0.1:{server.server_address[1]}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _given(kind: str, body: bytes) -> Json:
    """Return the arguments: methods that read take forms only, where lists and objects are JSON texts."""
    if kind.startswith("application/json"):
        document: Json = json.loads(body or b"{}")
        return document
    return {name: _value(name, value) for name, value in parse_qsl(body.decode(), keep_blank_values=True)}


def _value(name: str, value: str) -> JsonValue:
    if name in {"blocks", "metadata", "view"}:
        document: JsonValue = json.loads(value)
        return document
    return value
