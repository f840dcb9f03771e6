"""Deliveries as GitHub makes them, small and by hand, and a hook that takes them into a dictionary."""

import hashlib
import hmac
import json
from collections.abc import Sequence

from pydantic import JsonValue

from bot.github.heard import Heard
from bot.github.hook import Hook
from bot.github.repositories import Known, Repositories

SECRET = "a secret that GitHub and we share"
OURS = 4711
"""Our App."""
HEAD = "5bd5f196a46b8222fb7484f05faba41a73cf34bd"
Payload = dict[str, JsonValue]
SHOP: Payload = {"id": 17, "full_name": "acme/Shop", "default_branch": "trunk", "private": True}
EVIL: Payload = {"id": 1, "full_name": "evil/shop"}
ALICE: Payload = {"login": "alice", "id": 1, "type": "User"}
ROBOT: Payload = {"login": "gatehouse[bot]", "id": 99, "type": "Bot"}
BASE: Payload = {"ref": "trunk", "repo": {"id": 17, "name": "Shop"}}
PULL: Payload = {"number": 12, "head": {"sha": HEAD}, "base": BASE}


def signed(
    event: str, payload: object, *, delivery: str = "d-1", secret: str = SECRET, kind: str = "application/json"
) -> tuple[dict[str, str], bytes]:
    """Return a delivery's headers and body."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {
        "content-type": kind,
        "x-github-event": event,
        "x-github-delivery": delivery,
        "x-hub-signature-256": f"sha256={digest}",
    }
    return headers, body


def in_shop(action: str, **parts: JsonValue) -> Payload:
    """Return the payload of an event in our repository, by alice."""
    return {"action": action, "repository": SHOP, "sender": ALICE, "installation": {"id": 5}, **parts}


def comment(text: str, *, by: Payload = ALICE, **parts: JsonValue) -> Payload:
    """Return a payload: somebody commented on pull request 12."""
    issue: Payload = {"number": 12, "pull_request": {"url": "https://api.github.com/repos/acme/Shop/pulls/12"}}
    written: Payload = {"id": 501, "user": by, "body": text, "performed_via_github_app": None}
    return {**in_shop("created", issue=issue, comment=written), "sender": by, **parts}


def check(action: str, *, app: int = OURS, name: str = "mlops/promotion", **parts: JsonValue) -> Payload:
    """Return a payload about a check run on pull request 12's head."""
    run: Payload = {"id": 7, "name": name, "head_sha": HEAD, "app": {"id": app, "slug": "x"}, "pull_requests": [PULL]}
    return {**in_shop(action, check_run=run), **parts}


def hook_of(
    *, names: Sequence[str] = ("acme/shop",), app_id: int = OURS, patience: float = 10.0
) -> tuple[Hook, dict[str, Sequence[Heard]]]:
    """Return a hook, and what it will have kept by delivery."""
    kept: dict[str, Sequence[Heard]] = {}

    def keep(delivery: str, told: Sequence[Heard]) -> bool:
        return kept.setdefault(delivery, told) is told

    known = Repositories({name.rpartition("/")[2].lower(): Known(full_name=name) for name in names})
    return Hook(secret=SECRET, app_id=app_id, repositories=lambda: known, keep=keep, patience=patience), kept
