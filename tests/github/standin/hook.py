"""What does an App's webhook hear?"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

POLL_SECONDS = 0.005


class HookServer(HTTPServer):
    """A webhook that remembers what it heard, and answers what the test says."""

    status = 202

    def __init__(self) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), _Ear)
        self.heard: list[tuple[dict[str, str], bytes]] = []
        """Headers, with names in lower case, and body of each."""
        self.url = f"http://127.0.0.1:{self.server_address[1]}/github/webhook"


class _Ear(BaseHTTPRequestHandler):
    server: HookServer

    def do_POST(self) -> None:
        """Hear an event."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name for it
        """Say nothing."""


@contextmanager
def hook_server() -> Iterator[HookServer]:
    """Listen for as long as a test needs it."""
    with HookServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
