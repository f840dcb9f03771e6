"""How does a promotion appear in Slack? As one message, edited in place, with its history as a thread below it.

A message is named `CHANNEL/TS`. What is sent is looked for in the channel's history, by its metadata, before it is
sent again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pydantic import JsonValue

from bot.chat.platform import Answer, Line, Mention, MessageGoneError, Post
from bot.slack.answering import Answering
from bot.slack.channels import Channels
from bot.slack.history import DIRECT, LINE, PROMOTION, History, metadata
from bot.slack.members import Members
from bot.slack.origin import origin_of
from bot.slack.refusals import SlackDeclined
from bot.slack.web_api import Done, Said, WebApi, said
from reports import chat_slack

if TYPE_CHECKING:
    from slack_sdk.web import SlackResponse

NAME: Final = "slack"
GONE = frozenset({"cant_update_message", "channel_not_found", "edit_window_closed", "message_not_found"})
"""Codes that say: there is no such message of ours any more."""
NO_TABLE = "invalid_blocks"


class _Posted(Said):
    channel: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackPlatform:
    """Slack, as `bot.chat.platform.Platform` wants it; safe to use from several threads."""

    api: WebApi
    members: Members
    channels: Channels
    clock: Callable[[], int]
    name: str = field(default=NAME, init=False)

    def post(self, channel: str, post: Post) -> str:
        """Post a promotion's message."""
        posted = self._send(self.api.posting.chat_postMessage, post, channel=self.channels.id_of(channel))
        return f"{posted.channel}/{posted.ts}"

    def edit(self, channel: str, message: str, post: Post) -> None:
        """Show this instead, in place."""
        place, ts = self._named(channel, message)
        try:
            self._send(self.api.asking.chat_update, post, channel=place, ts=ts)
        except SlackDeclined as declined:
            if declined.code in GONE:
                raise MessageGoneError(str(declined)) from declined
            raise

    def find(self, channel: str, promotion: str, digest: str | None) -> str | None:
        """Look for our newest message of a promotion, by its metadata."""
        place = self.channels.id_of(channel)

        def fits(payload: Mapping[str, JsonValue]) -> bool:
            return payload.get("promotion") == promotion and digest in {None, payload.get("content")}

        found = self._history.in_channel(place, PROMOTION, fits)
        return None if found is None else f"{place}/{found}"

    def add(self, channel: str, message: str, line: Line) -> None:
        """Add a line to the thread below a message, once."""
        place, thread = self._named(channel, message)
        if line.perhaps_there and self._history.in_thread(place, thread, LINE, _keyed(line.key)) is not None:
            return
        spoken = chat_slack.spoken_line(line.text, mentions=_mentions(line.mentions))
        self._say(spoken, metadata(LINE, key=line.key), channel=place, thread_ts=thread)

    def direct(self, account: str, key: str, text: str) -> None:
        """Write to one person, once."""
        place = self.channels.with_person(user_of(account))
        if self._history.in_channel(place, DIRECT, _keyed(key)) is not None:
            return
        self._say(chat_slack.spoken_answer(text, {}), metadata(DIRECT, key=key), channel=place)

    def answer(self, origin: dict[str, JsonValue], answer: Answer) -> None:
        """Answer whoever asked."""
        spoken = chat_slack.spoken_answer(answer.text, answer.data)
        self.answering.answer(origin_of(origin), spoken, private=answer.private)

    @property
    def answering(self) -> Answering:
        """The roads back to whoever asked."""
        return Answering(api=self.api, channels=self.channels, clock=self.clock)

    @property
    def _history(self) -> History:
        return History(api=self.api, members=self.members)

    def _say(self, spoken: chat_slack.Spoken, about: dict[str, JsonValue], **place: str) -> None:
        said(
            Done,
            self.api.posting.chat_postMessage,
            text=spoken.text,
            blocks=spoken.blocks,
            metadata=about,
            unfurl_links=False,
            unfurl_media=False,
            **place,
        )

    def _send(self, method: "Callable[..., SlackResponse]", post: Post, **place: str) -> _Posted:
        """Send a message; where a workspace takes no tables, with lined-up text in their place."""
        try:
            return self._sent(method, post, place, tables=True)
        except SlackDeclined as declined:
            if declined.code != NO_TABLE:
                raise
        return self._sent(method, post, place, tables=False)

    def _sent(
        self, method: "Callable[..., SlackResponse]", post: Post, place: Mapping[str, str], *, tables: bool
    ) -> _Posted:
        shown = chat_slack.message(
            post.report, mentions=_mentions(post.mentions), links=post.links, buttons=True, tables=tables
        )
        about = metadata(PROMOTION, promotion=post.report.id, project=post.report.project, content=post.digest)
        quiet = {"unfurl_links": False, "unfurl_media": False} if "ts" not in place else {}
        return said(_Posted, method, text=shown.text, blocks=shown.blocks, metadata=about, **place, **quiet)

    def _named(self, channel: str, message: str) -> tuple[str, str]:
        """Return channel and `ts` of a message."""
        place, _, ts = message.rpartition("/")
        return place or self.channels.id_of(channel), ts


def user_of(account: str) -> str:
    """Return the user id of an account as people.yaml has it, TEAM/USER."""
    return account.rpartition("/")[2]


def _mentions(mentions: Sequence[Mention]) -> list[tuple[str, str | None]]:
    return [(one.person, None if one.account is None else user_of(one.account)) for one in mentions]


def _keyed(key: str) -> Callable[[Mapping[str, JsonValue]], bool]:
    return lambda payload: payload.get("key") == key
