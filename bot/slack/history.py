"""Was this said before? Messages carry metadata that people do not see, and are found by it.

https://docs.slack.dev/messaging/message-metadata; anybody's app can write metadata, so only our own messages count.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import Field, JsonValue

from bot.slack.members import Members
from bot.slack.web_api import Said, WebApi, said

if TYPE_CHECKING:
    from slack_sdk.web import SlackResponse

PROMOTION: Final = "gatehouse_promotion"
LINE: Final = "gatehouse_line"
DIRECT: Final = "gatehouse_direct"
PAGES, PER_PAGE = 10, 200
"""At most so much of a channel's history is looked through, the newest first."""


class _Metadata(Said):
    event_type: str = ""
    event_payload: Mapping[str, JsonValue] = Field(default_factory=dict)


class _Message(Said):
    ts: str
    user: str = ""
    metadata: _Metadata = _Metadata()


class _Next(Said):
    next_cursor: str = ""


class _Page(Said):
    messages: tuple[_Message, ...] = ()
    response_metadata: _Next = _Next()


Payload = Mapping[str, JsonValue]


def metadata(kind: str, **payload: JsonValue) -> dict[str, JsonValue]:
    """Return what a message is found by."""
    return {"event_type": kind, "event_payload": payload}


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Looks for our own messages; returns the `ts` that names one, or None."""

    api: WebApi
    members: Members

    def in_channel(self, channel: str, kind: str, fits: Callable[[Payload], bool]) -> str | None:
        """Look through a channel, the newest message first."""
        pages = self._pages(self.api.asking.conversations_history, channel=channel, include_all_metadata=True)
        return self._found(pages, kind, fits)

    def in_thread(self, channel: str, thread: str, kind: str, fits: Callable[[Payload], bool]) -> str | None:
        """Look through the replies below a message."""
        ask = self.api.asking.conversations_replies
        pages = self._pages(ask, channel=channel, ts=thread, include_all_metadata=True)
        return self._found(pages, kind, fits)

    def _found(self, pages: Iterator[_Page], kind: str, fits: Callable[[Payload], bool]) -> str | None:
        us = self.members.us().user_id
        for page in pages:
            for message in page.messages:
                ours = message.user == us and message.metadata.event_type == kind
                if ours and fits(message.metadata.event_payload):
                    return message.ts
        return None

    def _pages(self, ask: "Callable[..., SlackResponse]", **arguments: object) -> Iterator[_Page]:
        cursor = ""
        for _ in range(PAGES):
            page = said(_Page, ask, limit=PER_PAGE, cursor=cursor, **arguments)
            yield page
            cursor = page.response_metadata.next_cursor
            if not cursor:
                return
