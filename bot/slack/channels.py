"""Which channel is meant? Slack's API wants ids, people write names."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.slack.web_api import Said, WebApi, said
from gates.refusal import UserError
from reports.escaping import plain

ID = re.compile(r"[CGD][A-Z0-9]{6,}")
PAGES, PER_PAGE = 25, 200
"""At most so much of the list of channels is looked through for a name."""


class _Channel(Said):
    id: str
    name: str = ""


class _Next(Said):
    next_cursor: str = ""


class _Channels(Said):
    channels: tuple[_Channel, ...] = ()
    response_metadata: _Next = _Next()


class _Opened(Said):
    channel: _Channel


@dataclass(frozen=True, kw_only=True)
class Channels:
    """Knows the ids of channels by their names, and of what is said to one person alone."""

    api: WebApi
    _known: dict[str, str] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def id_of(self, channel: str) -> str:
        """Return the id of `C0123ABCD` or `#name`; `UserError` when the bot sees none of that name."""
        if ID.fullmatch(channel):
            return channel
        return self._remembered(channel.removeprefix("#"), self._look_up)

    def with_person(self, user: str) -> str:
        """Return the id of the conversation that we have with one person."""
        return self._remembered(f"@{user}", self._open)

    def _remembered(self, name: str, find: Callable[[str], str]) -> str:
        with self._guard:
            known = self._known.get(name)
        if known is not None:
            return known
        found = find(name)
        with self._guard:
            self._known[name] = found
        return found

    def _open(self, name: str) -> str:
        return said(_Opened, self.api.asking.conversations_open, users=name.removeprefix("@")).channel.id

    def _look_up(self, name: str) -> str:
        cursor = ""
        for _ in range(PAGES):
            page = said(
                _Channels,
                self.api.asking.conversations_list,
                types="public_channel,private_channel",
                exclude_archived=True,
                limit=PER_PAGE,
                cursor=cursor,
            )
            for channel in page.channels:
                if channel.name == name:
                    return channel.id
            cursor = page.response_metadata.next_cursor
            if not cursor:
                break
        raise UserError(
            f"The bot sees no Slack channel #{plain(name)}: write the channel's id (C...) into app.yaml or model.yaml, "
            "and invite the bot there with /invite."
        )
