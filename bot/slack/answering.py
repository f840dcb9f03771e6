"""How does whoever asked get their answer?

By Slack's own road back while that is open: it needs no membership in the channel. Then into the channel, for them
alone. Then, where the bot may not speak, to them directly.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from urllib.parse import urlsplit

from bot.slack.channels import Channels
from bot.slack.origin import Origin
from bot.slack.refusals import SlackDeclined
from bot.slack.web_api import Done, WebApi, said
from reports.chat_slack import Spoken
from reports.escaping import plain

OPEN = 1_700
"""Seconds that a response_url is used; Slack closes it after 30 minutes, or five answers."""
HOST = "slack.com"
PATIENCE = 10
ELSEWHERE = frozenset(
    {"channel_not_found", "not_in_channel", "user_not_in_channel", "is_archived", "restricted_action"}
)
"""Codes that say: not in that channel. The person can be told all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Answers people."""

    api: WebApi
    channels: Channels
    clock: Callable[[], int]

    def answer(self, origin: Origin, spoken: Spoken, *, private: bool) -> None:
        """Answer whoever asked, by the first road that is open. Raises `SlackAsleep` and `SlackDeclined`."""
        aloud = origin.aloud and not private
        if self._is_open(origin) and self._respond(origin.response_url, spoken, aloud=aloud):
            return
        if not origin.channel:
            self._directly(origin.user, spoken)
            return
        try:
            self._in_channel(origin, spoken, aloud=aloud)
        except SlackDeclined as declined:
            if declined.code not in ELSEWHERE:
                raise
            self._directly(origin.user, spoken)

    def _is_open(self, origin: Origin) -> bool:
        """Is there a road back, that leads to Slack, and that is still open?"""
        if not origin.response_url or self.clock() - origin.asked_at > OPEN:
            return False
        return is_slacks(origin.response_url, self.api.base_url)

    def _respond(self, url: str, spoken: Spoken, *, aloud: bool) -> bool:
        """Answer by Slack's road back; False when it is closed, and Slack says so in several ways."""
        from slack_sdk.webhook import WebhookClient  # noqa: PLC0415 - slow to import

        client = WebhookClient(url, timeout=PATIENCE, retry_handlers=[])
        body = {
            "text": spoken.text,
            "blocks": list(spoken.blocks),
            "response_type": "in_channel" if aloud else "ephemeral",
            "replace_original": False,
        }
        try:
            response = client.send_dict(body)
        except (OSError, HTTPException, ValueError) as error:
            logging.getLogger(__name__).info("An answer goes another way: %s", plain(error))
            return False
        return response.status_code == HTTPStatus.OK

    def _in_channel(self, origin: Origin, spoken: Spoken, *, aloud: bool) -> None:
        place: dict[str, object] = {"channel": origin.channel, "text": spoken.text, "blocks": list(spoken.blocks)}
        if origin.thread:
            place["thread_ts"] = origin.thread
        if aloud or origin.channel.startswith("D"):
            said(Done, self.api.posting.chat_postMessage, **place, unfurl_links=False, unfurl_media=False)
        else:
            said(Done, self.api.posting.chat_postEphemeral, **place, user=origin.user)

    def _directly(self, user: str, spoken: Spoken) -> None:
        said(
            Done,
            self.api.posting.chat_postMessage,
            channel=self.channels.with_person(user),
            text=spoken.text,
            blocks=list(spoken.blocks),
            unfurl_links=False,
            unfurl_media=False,
        )


def is_slacks(url: str, base_url: str) -> bool:
    """Does an address lead to Slack, or to the host that app.yaml names in its place? It came signed, and still."""
    parts, base = urlsplit(url), urlsplit(base_url)
    if (parts.scheme, parts.netloc) == (base.scheme, base.netloc):
        return True
    homes = {HOST, base.hostname or HOST}
    return parts.scheme == "https" and any(f".{parts.hostname}".endswith(f".{home}") for home in homes)
