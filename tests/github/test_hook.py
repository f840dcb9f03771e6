"""Which deliveries does the webhook take, and what does it say to the others?"""

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Sequence

import httpx
import pytest
from pydantic import JsonValue

from bot.github.heard import Heard, Look
from bot.github.hook import LARGEST, PATH, Hook
from bot.settings import ServerSettings
from bot.web import Readiness, application
from gates.refusal import Unavailable
from tests.github.deliveries import EVIL, OURS, PULL, SECRET, Payload, comment, hook_of, in_shop, signed

OPENED = in_shop("opened", pull_request=PULL)
LOOK = (Look(project="shop", number=12),)
Answer = tuple[int, dict[str, JsonValue]]


def post(hook: Hook, headers: dict[str, str], body: bytes, *, method: str = "POST") -> Answer:
    """Send a delivery to the web application of a server with this hook."""
    app = application(ServerSettings(public_url="https://gate.example"), Readiness(), [hook.route()])

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="https://gate.example") as client:
            raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
            return await client.request(method, PATH, headers=raw, content=body)

    response = asyncio.run(ask())
    return response.status_code, response.json() if "json" in response.headers["content-type"] else {}


def test_a_delivery_is_kept_once_and_acknowledged() -> None:
    hook, kept = hook_of()
    assert post(hook, *signed("pull_request", OPENED)) == (202, {"heard": True})
    assert kept == {"d-1": LOOK}
    assert post(hook, *signed("pull_request", OPENED)) == (202, {"heard": False, "why": "known"})
    assert post(hook, *signed("pull_request", OPENED, delivery="d-2")) == (202, {"heard": True})


def test_a_ping_is_answered_and_not_kept() -> None:
    hook, kept = hook_of()
    assert post(hook, *signed("ping", {"zen": "Design for failure.", "hook_id": 1})) == (200, {"pong": True})
    assert kept == {}


def test_github_reaches_it_under_the_public_name_only() -> None:
    hook, _ = hook_of()
    headers, body = signed("ping", {})
    assert post(hook, {**headers, "host": "gate.example"}, body)[0] == 200
    assert post(hook, {**headers, "host": "evil.example"}, body)[0] == 400


def test_without_a_github_section_there_is_no_webhook() -> None:
    app = application(ServerSettings(), Readiness())

    async def ask() -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            return (await client.post(PATH)).status_code

    assert asyncio.run(ask()) == 404


def sha1(body: bytes) -> str:
    return f"sha1={hmac.new(SECRET.encode(), body, hashlib.sha1).hexdigest()}"


def unsigned(**headers: str) -> tuple[dict[str, str], bytes]:
    """Return a delivery with other signature headers than it should have."""
    right, body = signed("pull_request", OPENED)
    del right["x-hub-signature-256"]
    return {**right, **{name.replace("_", "-"): value for name, value in headers.items()}}, body


@pytest.mark.parametrize(
    "delivery",
    [
        unsigned(),
        unsigned(x_hub_signature=sha1(json.dumps(OPENED).encode())),
        unsigned(x_hub_signature_256=sha1(json.dumps(OPENED).encode())),
        unsigned(x_hub_signature_256="sha256="),
        unsigned(x_hub_signature_256=f"sha256={'0' * 64}"),
        unsigned(x_hub_signature_256="sha256=" + "\N{SUPERSCRIPT TWO}" * 64),
        unsigned(x_hub_signature_256=signed("ping", {})[0]["x-hub-signature-256"]),
        signed("pull_request", OPENED, secret="another secret"),
        signed("pull_request", OPENED, secret=""),
    ],
)
def test_what_is_not_signed_with_our_secret_is_refused_in_one_sentence(delivery: tuple[dict[str, str], bytes]) -> None:
    hook, kept = hook_of()
    status, answer = post(hook, *delivery)
    assert status == 401
    assert str(answer["error"]).startswith("X-Hub-Signature-256 is missing or wrong")
    assert SECRET not in json.dumps(answer)
    assert kept == {}


def test_a_body_that_was_changed_on_its_way_is_refused() -> None:
    hook, _ = hook_of()
    headers, body = signed("pull_request", OPENED)
    assert post(hook, headers, body.replace(b"12", b"13"))[0] == 401


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", ""])
def test_a_form_is_refused_and_says_what_to_choose(kind: str) -> None:
    hook, _ = hook_of()
    status, answer = post(hook, *signed("pull_request", b"payload=%7B%7D", kind=kind))
    assert (status, answer) == (
        415,
        {"error": "The payload is to be JSON: choose application/json in the webhook's settings."},
    )


def test_the_content_type_may_name_any_charset_for_json_is_utf_8() -> None:
    hook, _ = hook_of()
    for kind in ("application/json; charset=utf-8", "Application/JSON;charset=nonsense"):
        assert post(hook, *signed("pull_request", OPENED, kind=kind))[0] == 202


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe{}", b"[" * 100_000, b"[]", b'"text"', b"null", b"9" * 10_000, b'{"a": 1} {}']
)
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    hook, _ = hook_of()
    status, answer = post(hook, *signed("pull_request", body))
    assert status == 400
    assert "not" in str(answer["error"])


@pytest.mark.parametrize("name", ["x-github-event", "x-github-delivery"])
@pytest.mark.parametrize("value", [None, "", "a b", "x" * 101, "<script>"])
def test_a_delivery_names_its_event_and_itself(name: str, value: str | None) -> None:
    hook, kept = hook_of()
    headers, body = signed("pull_request", OPENED)
    del headers[name]
    assert post(hook, headers if value is None else {**headers, name: value}, body)[0] == 400
    assert kept == {}


@pytest.mark.parametrize(
    ("event", "payload", "why"),
    [
        ("star", in_shop("created"), "Nothing is done about this event."),
        ("pull_request", in_shop("labeled", pull_request=PULL), "Nothing is done about this event."),
        (
            "pull_request",
            {**OPENED, "repository": EVIL},
            "That repository is none of this installation's.",
        ),
        ("pull_request", in_shop("opened"), "The payload lacks what such an event must have."),
    ],
)
def test_what_does_not_concern_us_is_acknowledged_and_not_kept(event: str, payload: Payload, why: str) -> None:
    hook, kept = hook_of()
    assert post(hook, *signed(event, payload)) == (202, {"ignored": why})
    assert kept == {}


@pytest.mark.parametrize("trouble", [Unavailable("locked"), ZeroDivisionError("a bug"), OSError("disk is full")])
def test_what_cannot_be_kept_fails_visibly_so_that_it_can_be_redelivered(
    trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def keep(_delivery: str, _told: Sequence[Heard]) -> bool:
        raise trouble

    hook = Hook(secret=SECRET, app_id=OURS, repositories=hook_of()[0].repositories, keep=keep)
    with caplog.at_level(logging.ERROR):
        status, answer = post(hook, *signed("pull_request", OPENED))
    assert (status, answer) == (503, {"error": "This delivery could not be kept; redeliver it later."})
    assert caplog.records[0].getMessage() == "Delivery d-1 could not be kept"


@pytest.mark.parametrize("length", [str(LARGEST + 1), "9" * 5000, "-1", "many"])
def test_a_length_that_no_payload_has_is_refused_before_its_body_is_read(length: str) -> None:
    hook, _ = hook_of()
    headers, body = signed("ping", {})
    assert post(hook, {**headers, "content-length": length}, body)[0] == 413


def test_the_words_of_a_comment_are_kept_and_not_the_payload() -> None:
    hook, kept = hook_of()
    assert post(hook, *signed("issue_comment", comment("/mlops why")))[0] == 202
    assert "performed_via_github_app" not in repr(kept)
    assert "/mlops why" in repr(kept)


def test_only_post_is_answered() -> None:
    hook, _ = hook_of()
    assert post(hook, *signed("ping", {}), method="GET")[0] == 405
