"""What does GitHub send to an App's webhook, and what became of it?"""

import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass, field

from tests.github.standin.answers import Json
from tests.github.standin.apps import App
from tests.github.standin.links import stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One time that a delivery was sent."""

    id: int
    at: int
    status: int
    """What the App answered; 0 when it could not be reached."""
    seconds: float
    redelivery: bool


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One event on its way to one App."""

    id: int
    guid: str
    event: str
    action: str | None
    app: App
    installation_id: int | None
    repository_id: int | None
    body: bytes
    created_at: int
    attempts: list[Attempt] = field(default_factory=list)
    taken: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """The headers that GitHub sends with it."""
        kinds = {
            "X-Hub-Signature": hmac.new(self.app.secret.encode(), self.body, hashlib.sha1).hexdigest(),
            "X-Hub-Signature-256": hmac.new(self.app.secret.encode(), self.body, hashlib.sha256).hexdigest(),
        }
        return {
            "Accept": "*/*",
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/044aadd",
            "X-GitHub-Delivery": self.guid,
            "X-GitHub-Event": self.event,
            "X-GitHub-Hook-ID": str(self.app.id),
            "X-GitHub-Hook-Installation-Target-ID": str(self.app.id),
            "X-GitHub-Hook-Installation-Target-Type": "integration",
            "X-Hub-Signature": f"sha1={kinds['X-Hub-Signature']}",
            "X-Hub-Signature-256": f"sha256={kinds['X-Hub-Signature-256']}",
        }

    @property
    def payload(self) -> Json:
        """The body as JSON."""
        parsed: Json = json.loads(self.body)
        return parsed


def new_delivery(number: int, app: App, event: str, payload: Json, at: int) -> Delivery:
    """Freeze an event as it is now."""
    installation, repository = payload.get("installation"), payload.get("repository")
    return Delivery(
        id=number,
        guid=str(uuid.uuid4()),
        event=event,
        action=str(payload["action"]) if "action" in payload else None,
        app=app,
        installation_id=_id(installation),
        repository_id=_id(repository),
        body=json.dumps(payload, separators=(",", ":")).encode(),
        created_at=at,
    )


def _id(value: object) -> int | None:
    found = value.get("id") if isinstance(value, dict) else None
    return found if isinstance(found, int) else None


def delivery_json(delivery: Delivery, attempt: Attempt) -> Json:
    """Describe one attempt as GitHub's delivery log does."""
    good = 200 <= attempt.status < 300
    return {
        "id": attempt.id,
        "guid": delivery.guid,
        "delivered_at": stamp(attempt.at),
        "redelivery": attempt.redelivery,
        "duration": attempt.seconds,
        "status": "OK" if good else "failed to connect to host" if attempt.status == 0 else "Invalid HTTP Response",
        "status_code": attempt.status,
        "event": delivery.event,
        "action": delivery.action,
        "installation_id": delivery.installation_id,
        "repository_id": delivery.repository_id,
        "throttled_at": None,
    }
