"""A version of these tests: MLflow's scoring protocol, up at once; `ways.json` beside it says how it behaves.

Run as `scorer.py PORT` by the local target, confined as every model is.
"""

import json
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

SLEEPER = (sys.executable, "-c", "import time; time.sleep(600)")


class Server(ThreadingHTTPServer):
    """Listens like a scoring server."""

    request_queue_size = 512


class Handler(BaseHTTPRequestHandler):
    """Answers /ping and /invocations."""

    protocol_version = "HTTP/1.1"
    ways: dict[str, Any]

    def do_GET(self) -> None:
        """Say that the model is loaded."""
        self._answer(200, b"\n")

    def do_POST(self) -> None:
        """Predict as `ways` has it."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        count = len(asked["dataframe_split"]["data"]) + self.ways.get("too_many", 0)
        time.sleep(self.ways.get("seconds", 0))
        usual = json.dumps({"predictions": [self.ways.get("prediction", 1)] * count})
        self._answer(self.ways.get("status", 200), self.ways.get("body", usual).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    """Load, misbehave as told, serve."""
    ways = Handler.ways = json.loads(Path(__file__).with_name("ways.json").read_text())
    sys.stdout.write("still loading\n")
    sys.stdout.flush()
    if "raises" in ways:
        raise ValueError(ways["raises"])
    if "forks" in ways:
        subprocess.Popen(SLEEPER, start_new_session=True)
    if "hangs" in ways:
        time.sleep(600)
    Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()


if __name__ == "__main__":
    main()
