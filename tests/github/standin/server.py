"""How does the stand-in listen on a port of its own, for as long as a test needs it?"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.github.standin.answering import Answering
from tests.github.standin.calls import Request
from tests.github.standin.contract_watch import ContractWatch, contract_watch
from tests.github.standin.github import GitHub
from tests.github.standin.hub import Clock

POLL_SECONDS = 0.005


def now() -> int:
    """Return the present, in seconds since 1970."""
    return int(time.time())


@contextmanager
def github_standin(folder: Path, *, clock: Clock = now, signing_clock: Clock = now) -> Iterator[GitHub]:
    """Serve a fresh GitHub on a free port of this machine.

    `clock` dates everything and ends tokens. Clients of GitHub sign with the real time, so what they sign is judged by
    `signing_clock`. Where GitHub's own description is at hand, what does not keep to it fails the test at the end.
    """
    watch = contract_watch()
    with _Server(("127.0.0.1", 0), _Connection) as server:
        github = GitHub(folder, f"http://127.0.0.1:{server.server_address[1]}", clock, signing_clock)
        if watch:
            github.answering.watchers.append(watch.exchange)
            github.hub.watchers.append(watch.delivery)
        server.answering = github.answering
        thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True)
        thread.start()
        try:
            yield github
        finally:
            github.sender.stop()
            server.shutdown()
            thread.join()
            server.hang_up()
            _require_sound(github, watch)


def _require_sound(github: GitHub, watch: ContractWatch | None) -> None:
    """Fail the test when the stand-in itself was wrong, whatever became of the rest."""
    if github.answering.bugs:
        raise github.answering.bugs[0]
    if watch:
        watch.require_none()


class _Server(ThreadingHTTPServer):
    """A server that can end connections which clients keep open."""

    answering: Answering
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        """Remember the connections."""
        super().__init__(address, handler)
        self.open: set[socket.socket] = set()

    def hang_up(self) -> None:
        """End every connection."""
        for one in list(self.open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def process_request(self, request: socket.socket, client_address: tuple[str, int]) -> None:  # type: ignore[override] # a TCP server's requests are sockets
        """Remember a connection and serve it in a thread."""
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override] # as above
        """Forget a connection."""
        self.open.discard(request)
        super().shutdown_request(request)


class _Connection(BaseHTTPRequestHandler):
    """One connection, with one request after another."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """Answer."""
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            method=self.command,
            target=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            content=self.rfile.read(length),
        )
        status, headers, content = self.server.answering.respond(request)
        if status == 0:
            self.close_connection = True
            return
        lines = [f"{name}: {value}" for name, value in {**headers, "Content-Length": str(len(content))}.items()]
        head = "\r\n".join([f"HTTP/1.1 {status} Status", "Server: github.com", *lines]) + "\r\n\r\n"
        self.wfile.write(head.encode() + content)

    do_POST = do_PATCH = do_PUT = do_DELETE = do_GET  # noqa: N815 - the library's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name for it
        """Say nothing."""
