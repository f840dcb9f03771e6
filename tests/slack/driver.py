"""How does Slack speak to us? Signed, as its servers do: commands, buttons, windows, selects and events."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode

import httpx
from pydantic import JsonValue

from tests.slack.standin.server import SlackStandin
from tests.slack.standin.workspace import BOT, TEAM, Json, ResponseUrl

GENERAL = "C0GENERAL"
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def signature(secret: str, at: str, body: bytes) -> str:
    """Sign a request. https://docs.slack.dev/authentication/verifying-requests-from-slack."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """Sends what Slack would send."""

    slack: SlackStandin
    address: str
    clock: Callable[[], int]
    client: httpx.Client
    secret: str = SECRET
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def send(self, body: bytes, kind: str, **headers: str) -> httpx.Response:
        """Sign and send a body."""
        at = str(self.clock())
        signed = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature(self.secret, at, body)}
        return self.client.post(self.address, content=body, headers={"Content-Type": kind, **signed, **headers})

    def command(self, login: str, text: str = "", *, channel: str = GENERAL, team: str = TEAM, trigger: str = "",
                retries: int = 0) -> httpx.Response:  # fmt: skip
        """Type `/mlops TEXT`."""
        form = {
            "command": "/mlops", "text": text, "team_id": team, "user_id": user(login), "channel_id": channel,
            "trigger_id": trigger or self.slack.space.trigger(), "response_url": self.url(login, channel),
        }  # fmt: skip
        more = {"X-Slack-Retry-Num": str(retries)} if retries else {}
        return self.send(urlencode(form).encode(), FORM, **more)

    def event(self, event: Json, *, event_id: str = "", team: str = TEAM, **headers: str) -> httpx.Response:
        """Tell of something that happened."""
        body = {
            "type": "event_callback", "team_id": team, "api_app_id": "A01",
            "event_id": event_id or f"Ev{next(self._numbers)}", "event_time": self.clock(),
            "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}], "event": event,
        }  # fmt: skip
        return self.send(json.dumps(body).encode(), JSON, **headers)

    def mention(self, login: str, text: str, *, thread_ts: str = "", event_id: str = "", **more: str) -> httpx.Response:
        """Mention us in the channel."""
        event: Json = {
            "type": "app_mention", "user": user(login), "text": f"<@{BOT}> {text}", "channel": GENERAL,
            "ts": self.slack.space.ts(), "team": TEAM, **more,
        }  # fmt: skip
        if thread_ts:
            event["thread_ts"] = thread_ts
        return self.event(event, event_id=event_id)

    def write(self, login: str, text: str, *, channel: str, **more: JsonValue) -> httpx.Response:
        """Write to us alone."""
        event: Json = {
            "type": "message", "channel_type": "im", "user": user(login), "text": text, "channel": channel,
            "ts": self.slack.space.ts(), **more,
        }  # fmt: skip
        return self.event(event)

    def interaction(self, document: Mapping[str, JsonValue], **headers: str) -> httpx.Response:
        """Send what buttons, windows and selects send."""
        return self.send(urlencode({"payload": json.dumps(document)}).encode(), FORM, **headers)

    def press(self, login: str, action: str, value: str, *, team: str = TEAM, ts: str = "", action_ts: str = "",
              channel: str = GENERAL) -> httpx.Response:  # fmt: skip
        """Press a button below a message, or in App Home where no channel is named."""
        pressed: Json = {"type": "button", "action_id": action, "value": value, "block_id": "b",
                         "action_ts": action_ts or self.slack.space.ts()}  # fmt: skip
        document: Json = {
            "type": "block_actions", "user": {"id": user(login), "team_id": team}, "team": {"id": TEAM},
            "trigger_id": self.slack.space.trigger(), "actions": [pressed], "api_app_id": "A01",
        }  # fmt: skip
        if channel:
            document |= {
                "channel": {"id": channel}, "message": {"ts": ts or "1.1"}, "response_url": self.url(login, channel),
                "container": {"type": "message"},
            }  # fmt: skip
        return self.interaction(document)

    def submit(self, login: str, view: Json, fields: Mapping[str, str], *, view_id: str = "",
               team: str = TEAM) -> httpx.Response:  # fmt: skip
        """Send a window off."""
        return self.interaction(
            {
                "type": "view_submission", "user": {"id": user(login), "team_id": team}, "team": {"id": TEAM},
                "trigger_id": self.slack.space.trigger(), "api_app_id": "A01",
                "view": {**view, "id": view_id or f"V{next(self._numbers)}", "state": {"values": entered(fields)}},
            }
        )  # fmt: skip

    def suggest(self, login: str, field_name: str, typed: str, fields: Mapping[str, str]) -> list[str]:
        """Type into a select, and return what is offered."""
        answer = self.interaction(
            {
                "type": "block_suggestion", "user": {"id": user(login), "team_id": TEAM}, "team": {"id": TEAM},
                "action_id": field_name, "block_id": field_name, "value": typed,
                "view": {"id": "V1", "callback_id": "gatehouse_promote", "state": {"values": entered(fields)}},
            }
        )  # fmt: skip
        return [option["value"] for option in answer.json()["options"]]

    def url(self, login: str, channel: str) -> str:
        """Return a road back for something that is done now."""
        key = f"r{next(self._numbers)}"
        self.slack.space.urls[key] = ResponseUrl(channel=channel, user=user(login))
        return self.slack.response_url(key)


def entered(fields: Mapping[str, str]) -> Json:
    """Return the state of a window: selects have options, the reason is text."""
    return {name: {name: _value(name, text)} for name, text in fields.items()}


def _value(name: str, text: str) -> Json:
    if name == "reason":
        return {"type": "plain_text_input", "value": text or None}
    return {"type": "external_select", "selected_option": {"text": {"type": "plain_text", "text": text}, "value": text}}


def user(login: str) -> str:
    """Return a person's id."""
    return f"U0{login.upper()}"
