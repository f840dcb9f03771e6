"""Does the webhook stand up to large, slow and broken bodies, over real sockets?"""

import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx
import pytest
import uvicorn

from bot.github.heard import Heard
from bot.github.hook import LARGEST, PATH, Hook
from bot.settings import ServerSettings
from bot.web import Readiness, application
from tests.github.deliveries import PULL, hook_of, in_shop, signed

Kept = dict[str, Sequence[Heard]]
OPENED = in_shop("opened", pull_request=PULL)


@contextmanager
def served(hook: Hook) -> Iterator[tuple[str, int]]:
    """Serve a hook on loopback for the body; give its address."""
    app = application(ServerSettings(), Readiness(), [hook.route()])
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()[:2]
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def patient() -> Iterator[tuple[str, Kept]]:
    """A server that waits as long as GitHub does, and what it kept."""
    hook, kept = hook_of()
    with served(hook) as (host, port):
        yield f"http://{host}:{port}{PATH}", kept


def large(size: int) -> bytes:
    """Return a payload of exactly so many bytes."""
    payload = json.dumps({**OPENED, "filler": ""}).encode()
    return payload[:-2] + b"x" * (size - len(payload)) + b'"}'


def test_the_largest_payload_that_github_sends_is_taken(patient: tuple[str, Kept]) -> None:
    url, kept = patient
    headers, body = signed("pull_request", large(LARGEST), delivery="largest")
    assert len(body) == 26_214_400
    answer = httpx.post(url, headers=headers, content=body, timeout=60)
    assert (answer.status_code, answer.json()) == (202, {"heard": True})
    assert "largest" in kept


def test_a_payload_one_byte_larger_is_refused_without_reading_it(patient: tuple[str, Kept]) -> None:
    url, _ = patient
    headers, _ = signed("pull_request", b"{}")
    host, port = url.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=30) as line:
        line.sendall(_head(headers, f"content-length: {LARGEST + 1}"))
        assert line.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_payload_that_does_not_say_how_large_it_is_is_cut_off(patient: tuple[str, Kept]) -> None:
    url, _ = patient
    headers, _ = signed("pull_request", b"{}")
    host, port = url.split("/")[2].split(":")
    piece = b"100000\r\n" + b" " * (1 << 20) + b"\r\n"
    with socket.create_connection((host, int(port)), timeout=30) as line:
        line.sendall(_head(headers, "transfer-encoding: chunked"))
        try:
            for _ in range(26):
                line.sendall(piece)
        except OSError:
            pass  # it hung up before we had sent it all
        else:
            assert line.recv(100).startswith(b"HTTP/1.1 413 ")
    assert httpx.post(url, headers=signed("ping", {})[0], content=b"{}", timeout=30).status_code == 200


def test_a_body_that_comes_slowly_keeps_nobody_waiting(patient: tuple[str, Kept]) -> None:
    url, kept = patient
    headers, body = signed("pull_request", OPENED, delivery="slow")
    host, port = url.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=30) as line:
        line.sendall(_head(headers, f"content-length: {len(body)}") + body[:10])
        quick, rest = signed("pull_request", OPENED, delivery="quick")
        assert httpx.post(url, headers=quick, content=rest, timeout=30).json() == {"heard": True}
        assert "slow" not in kept
        line.sendall(body[10:])
        assert line.recv(100).startswith(b"HTTP/1.1 202 ")
    assert "slow" in kept


def test_a_sender_that_hangs_up_leaves_nothing(patient: tuple[str, Kept]) -> None:
    url, kept = patient
    headers, body = signed("pull_request", OPENED, delivery="gone")
    host, port = url.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=30) as line:
        line.sendall(_head(headers, f"content-length: {len(body)}") + body[:10])
    assert httpx.post(url, headers=signed("ping", {})[0], content=b"{}", timeout=30).status_code == 200
    assert "gone" not in kept


def test_a_body_that_never_comes_is_not_awaited_for_ever() -> None:
    hook, kept = hook_of(patience=0.05)
    headers, body = signed("pull_request", OPENED)
    with served(hook) as place, socket.create_connection(place, timeout=30) as line:
        line.sendall(_head(headers, f"content-length: {len(body)}"))
        assert line.recv(100).startswith(b"HTTP/1.1 408 ")
    assert kept == {}


def test_an_unsigned_body_is_not_awaited_at_all(patient: tuple[str, Kept]) -> None:
    url, _ = patient
    host, port = url.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=30) as line:
        line.sendall(_head({"content-type": "application/json"}, f"content-length: {LARGEST}"))
        assert line.recv(100).startswith(b"HTTP/1.1 401 ")


def _head(headers: dict[str, str], *more: str) -> bytes:
    """Return the head of a request to the webhook."""
    lines = [f"POST {PATH} HTTP/1.1", "host: localhost", *(f"{name}: {text}" for name, text in headers.items()), *more]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
