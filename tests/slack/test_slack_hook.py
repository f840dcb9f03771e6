"""Which requests does the route take for Slack's own?"""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.slack.hook import LARGEST, PATH, Hook
from tests.slack.driver import FORM, JSON, SECRET, signature
from tests.slack.stage import Stage, served

NOW = 1_795_250_640
EVENT = json.dumps({"type": "event_callback", "event": {"type": "x"}}).encode()


@dataclass(slots=True)
class Listener:
    """What was handed on."""

    heard: list[AsyncBoltRequest] = field(default_factory=list)

    async def dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        self.heard.append(request)
        return BoltResponse(status=200, body="heard")


@pytest.fixture(scope="module")
def served_hook() -> Iterator[tuple[str, Listener]]:
    """A route on loopback, and who listens behind it."""
    listener = Listener()
    hook = Hook(secret=SECRET, clock=lambda: NOW, dispatch=listener.dispatch, patience=0.3)
    with served((hook.route(),)) as url:
        yield f"{url}{PATH}", listener


@pytest.fixture
def hook(served_hook: tuple[str, Listener]) -> tuple[str, Listener]:
    served_hook[1].heard.clear()
    return served_hook


def sent(url: str, body: bytes, *, kind: str = JSON, at: str = str(NOW), secret: str = SECRET, **more: str) -> int:
    """Send a body that is signed; return the status."""
    headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature(secret, at, body)}
    return httpx.post(url, content=body, headers={**headers, **more}).status_code


def posted(url: str, at: str, signed: str) -> int:
    """Send an event with any headers; return the status."""
    headers = [(b"X-Slack-Request-Timestamp", at.encode()), (b"X-Slack-Signature", signed.encode())]
    return httpx.post(url, content=EVENT, headers=headers).status_code


def test_what_slack_signed_is_handed_on(hook: tuple[str, Listener]) -> None:
    assert sent(hook[0], EVENT) == 200
    assert hook[1].heard[0].body["event"] == {"type": "x"}


@pytest.mark.parametrize("age", [-299, 0, 299])
def test_a_signature_lives_five_minutes(hook: tuple[str, Listener], age: int) -> None:
    assert sent(hook[0], EVENT, at=str(NOW - age)) == 200


@pytest.mark.parametrize("at", [str(NOW - 301), str(NOW + 301), "0", "-1", "soon", "", "١٧٩٥٢٥٠٦٤٠", "9" * 30])
def test_an_old_time_or_none_is_unsigned(hook: tuple[str, Listener], at: str) -> None:
    assert posted(hook[0], at, signature(SECRET, at, EVENT)) == 401
    assert hook[1].heard == []


@pytest.mark.parametrize(
    "signed",
    ["", "v0=", "v0=" + "0" * 64, "v1=" + "0" * 64, "v0=" + "é" * 64, signature("another secret", str(NOW), EVENT)],
)
def test_a_wrong_signature_is_unsigned(hook: tuple[str, Listener], signed: str) -> None:
    assert posted(hook[0], str(NOW), signed) == 401
    assert hook[1].heard == []


@pytest.mark.parametrize("missing", ["X-Slack-Signature", "X-Slack-Request-Timestamp"])
def test_a_missing_header_is_unsigned(hook: tuple[str, Listener], missing: str) -> None:
    headers = {"X-Slack-Request-Timestamp": str(NOW), "X-Slack-Signature": signature(SECRET, str(NOW), EVENT)}
    del headers[missing]
    assert httpx.post(hook[0], content=EVENT, headers=headers).status_code == 401


def test_nobody_is_answered_for_asking_about_ssl(hook: tuple[str, Listener]) -> None:
    assert httpx.post(hook[0], data={"ssl_check": "1", "token": "x"}).status_code == 401


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"{}", b"\xff\xfe", b'"text"', b"{" * 5_000, b"[" * 100_000, b'{"a":' * 20_000],
)
def test_what_is_signed_and_no_json_object_is_refused(hook: tuple[str, Listener], body: bytes) -> None:
    assert sent(hook[0], body) == 400
    assert hook[1].heard == []


@pytest.mark.parametrize("body", [b"payload=%7B", b"payload=", b"payload=[]", b"text=payload"])
def test_a_form_without_what_it_needs_is_refused(hook: tuple[str, Listener], body: bytes) -> None:
    assert sent(hook[0], body, kind=FORM) == 400


def test_a_body_has_a_largest_size(hook: tuple[str, Listener]) -> None:
    assert sent(hook[0], b'{"a":"' + b"x" * LARGEST + b'"}') == 413


def test_a_body_that_never_ends_is_given_up(hook: tuple[str, Listener]) -> None:
    host, _, port = hook[0].removeprefix("http://").removesuffix(PATH).partition(":")
    lines = (
        f"POST {PATH} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\nX-Slack-Request-Timestamp: {NOW}\r\n"
        f"X-Slack-Signature: v0={'0' * 64}\r\n\r\nx"
    )
    with socket.create_connection((host, int(port)), timeout=5) as line:
        line.sendall(lines.encode())
        assert b"408" in line.recv(200)


def test_slack_verifies_the_address_with_a_challenge(stage: Stage) -> None:
    body = json.dumps({"type": "url_verification", "token": "t", "challenge": "3eZbrw1aBm2rZgRN"}).encode()
    answer = stage.driver.send(body, JSON)
    assert (answer.status_code, answer.json()) == (200, {"challenge": "3eZbrw1aBm2rZgRN"})


@pytest.mark.parametrize(
    "document",
    [{"type": "event_callback", "event": {"type": "app_mention"}}, {"command": "/mlops"}, {"type": "block_actions"}],
)
def test_what_is_not_as_slack_documents_it_does_nothing(stage: Stage, document: dict[str, object]) -> None:
    answer = stage.driver.send(json.dumps(document).encode(), JSON)
    assert (answer.status_code in {200, 400, 404}, stage.kept()) == (True, 0)
