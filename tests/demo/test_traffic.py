"""Does the demo's traffic count what really came back, and leave nothing behind?"""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import JsonValue

from bot.demo.traffic import UNNAMED, Count, Traffic

ROWS: tuple[dict[str, JsonValue], ...] = ({"obrat": 30.0, "race": "black"}, {"obrat": 40.0, "race": "white"})


class Front(ThreadingHTTPServer):
    """A served model whose next answers a test decides."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.version = 200, "1"
        self.asked: list[object] = []
        self.heard = threading.Semaphore(0)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def hear(self, questions: int) -> None:
        """Wait until so many more questions have come in."""
        for _ in range(questions):
            assert self.heard.acquire(timeout=10)


class Handler(BaseHTTPRequestHandler):
    """Answers as the front is told."""

    server: Front
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, json.loads(body)))
        answer = b'{"predictions": [1]}'
        self.send_response(self.server.status)
        if self.server.version:
            self.send_header("X-Gatehouse-Version", self.server.version)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
        self.server.heard.release()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""


@pytest.fixture
def front() -> Iterator[Front]:
    server = Front()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_answers_are_counted_by_the_version_that_gave_them(front: Front) -> None:
    with Traffic(front.url, ROWS) as traffic:
        front.hear(2)
        front.version = "2"
        front.hear(3)
    assert set(traffic.count.answered) == {"1", "2"}
    assert traffic.count.refused == {}
    assert traffic.count.asked == len(front.asked)


def test_rows_are_asked_about_in_turn(front: Front) -> None:
    with Traffic(front.url, ROWS, most=3) as traffic:
        front.hear(3)
    assert front.asked == [("/invocations", {"dataframe_records": [ROWS[i]]}) for i in (0, 1, 0)]
    assert traffic.count == Count(answered={"1": 3}, refused={})


def test_a_refusal_is_counted_with_its_cause_and_asking_goes_on(front: Front) -> None:
    front.status = 503
    with Traffic(front.url, ROWS) as traffic:
        front.hear(2)
        front.status = 200
        front.hear(2)
    count = traffic.count
    assert set(count.refused) == {"HTTP 503"}
    assert count.answered["1"] >= 1


def test_an_answer_that_names_no_version_is_counted_as_such(front: Front) -> None:
    front.version = ""
    with Traffic(front.url, ROWS, most=1) as traffic:
        front.hear(1)
    assert traffic.count.answered == {UNNAMED: 1}


def test_nobody_there_is_a_refusal() -> None:
    server = Front()
    server.server_close()
    with Traffic(server.url, ROWS, most=1) as traffic:
        pass
    assert traffic.count == Count(answered={}, refused={"ConnectError": 1})


def test_no_thread_is_left_behind_even_after_a_mistake(front: Front) -> None:
    def failing() -> None:
        with Traffic(front.url, ROWS):
            raise RuntimeError("the switch failed")

    with pytest.raises(RuntimeError, match="the switch failed"):
        failing()
    assert "traffic" not in {thread.name for thread in threading.enumerate()}


def test_traffic_without_rows_is_refused(front: Front) -> None:
    with pytest.raises(ValueError, match="at least one row"):
        Traffic(front.url, ())
