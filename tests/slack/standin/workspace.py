"""What does a Slack workspace remember? Members, channels, messages, windows, as Slack documents them."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from pydantic import JsonValue

Json = dict[str, JsonValue]
TEAM, BOT, BOT_ID, TOKEN = "T01", "U0GATEHOUSE", "B0GATEHOUSE", "xoxb-standin-token"
APP_TOKEN = "xapp-standin-token"
SCOPES = frozenset(
    {
        "app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "groups:history",
        "groups:read", "im:history", "im:write", "users:read",
    }
)  # fmt: skip
TRIGGER_LIVES = 3


@dataclass(slots=True, kw_only=True)
class Member:
    """Somebody whom the workspace knows."""

    id: str
    team: str = TEAM
    guest: bool = False
    stranger: bool = False
    deleted: bool = False


@dataclass(slots=True, kw_only=True)
class Message:
    """A message, of ours or of anybody."""

    ts: str
    user: str
    text: str
    blocks: list[JsonValue] = field(default_factory=list)
    metadata: Json = field(default_factory=dict)
    thread_ts: str = ""
    edits: int = 0
    bot_id: str = ""


@dataclass(slots=True, kw_only=True)
class Channel:
    """A channel, or the conversation with one person."""

    id: str
    name: str = ""
    person: str = ""
    has_bot: bool = True
    archived: bool = False
    messages: list[Message] = field(default_factory=list)

    @property
    def top(self) -> list[Message]:
        """What stands in the channel itself, newest first, as Slack's history has it."""
        return [one for one in reversed(self.messages) if not one.thread_ts]


@dataclass(slots=True, kw_only=True)
class Whisper:
    """What only one person sees."""

    channel: str
    user: str
    text: str
    blocks: list[JsonValue]
    by_url: bool = False
    aloud: bool = False
    thread_ts: str = ""


@dataclass(slots=True, kw_only=True)
class Trigger:
    """The right to open one window."""

    until: float
    used: bool = False


@dataclass(slots=True, kw_only=True)
class ResponseUrl:
    """A road back: five answers, thirty minutes."""

    channel: str
    user: str
    left: int = 5
    open: bool = True


@dataclass(slots=True, kw_only=True)
class Trouble:
    """A bad day: what the next request of a method gets."""

    status: int
    error: str = ""
    retry_after: int | None = None
    after_doing: bool = False
    """Is it done all the same, and only the answer lost?"""


@dataclass(slots=True, kw_only=True)
class Workspace:
    """One workspace. `lock` is held while a request is worked on."""

    clock: Callable[[], float]
    members: dict[str, Member] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    whispers: list[Whisper] = field(default_factory=list)
    views: list[tuple[str, Json]] = field(default_factory=list)
    """Trigger and view, in the order in which they were opened."""
    homes: dict[str, Json] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    urls: dict[str, ResponseUrl] = field(default_factory=dict)
    scopes: frozenset[str] = SCOPES
    token: str = TOKEN
    troubles: dict[str, list[Trouble]] = field(default_factory=dict)
    is_down: bool = False
    takes_tables: bool = True
    calls: list[tuple[str, Json]] = field(default_factory=list)
    socket_url: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def number(self) -> int:
        """Return a number that was never given before."""
        return next(self._numbers)

    def ts(self) -> str:
        """Return a name for a message: its time, and never the same twice."""
        return f"{int(self.clock())}.{self.number():06d}"

    def trigger(self) -> str:
        """Let somebody press something."""
        name = f"{self.number()}.trigger"
        self.triggers[name] = Trigger(until=self.clock() + TRIGGER_LIVES)
        return name

    def called(self, method: str) -> int:
        """Count the requests of one method."""
        return sum(one == method for one, _ in self.calls)

    def promotions(self, channel: str = "C0GENERAL") -> list[Message]:
        """Return our messages about promotions in a channel, oldest first."""
        kind = "gatehouse_promotion"
        return [one for one in self.channels[channel].messages if one.metadata.get("event_type") == kind]

    def thread(self, ts: str, channel: str = "C0GENERAL") -> list[Message]:
        """Return the replies below a message, oldest first."""
        return [one for one in self.channels[channel].messages if one.thread_ts == ts]
