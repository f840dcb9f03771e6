"""A real HTTP server behind a front, with a gate that a test opens: no test waits by sleeping."""

import json
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Request = socket.socket | tuple[bytes, socket.socket]


class Origin(ThreadingHTTPServer):
    """Answers like a scoring server, and keeps what it was asked."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, version: str) -> None:
        super().__init__(("127.0.0.1", 0), OriginHandler)
        self.version = version
        self.port: int = self.server_address[1]
        self.held = threading.Event()
        """While clear, no answer to /invocations goes out."""
        self.held.set()
        self.arrived = threading.Semaphore(0)
        """Released once for each request to /invocations."""
        self.seen: list[tuple[str, dict[str, str], bytes]] = []
        """Path, headers in lower case and body of each request."""
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def close(self) -> None:
        """Listen no more; may be repeated."""
        self.held.set()
        self.shutdown()
        self.server_close()
        self._thread.join()

    def handle_error(self, request: Request, client_address: object) -> None:
        """Pass over a caller that went away, which is part of a test; nothing else."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class OriginHandler(BaseHTTPRequestHandler):
    """One connection to an origin."""

    protocol_version = "HTTP/1.1"
    server: Origin

    def do_GET(self) -> None:
        """Answer with an empty line, or with less than promised."""
        self._record(b"")
        if self.path == "/version?die":
            self._answer(b"part", length=100)
            self.close_connection = True
        else:
            self._answer(b"\n")

    def do_POST(self) -> None:
        """Answer with the version and the length of the body, once the gate is open."""
        body = self._chunks() if self.headers.get("Transfer-Encoding") == "chunked" else self._measured()
        self._record(body)
        self.server.arrived.release()
        self.server.held.wait(30)
        self._answer(json.dumps({"predictions": [self.server.version], "bytes": len(body)}).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _record(self, body: bytes) -> None:
        self.server.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))

    def _measured(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _answer(self, body: bytes, *, length: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("X-Gatehouse-Version", "a lie")
        self.send_header("X-Kept", "yes")
        self.send_header("X-Dropped", "yes")
        self.send_header("Connection", "X-Dropped")
        self.end_headers()
        self.wfile.write(body)
