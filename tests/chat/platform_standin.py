"""A chat in memory, with bad days of its own: it may be down, slow, and forget to say that it did what it was asked."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pydantic import JsonValue

from bot.chat.platform import Answer, Line, MessageGoneError, Post
from gates.refusal import Unavailable, UserError


@dataclass(slots=True, kw_only=True)
class Message:
    """One message, everything it ever showed, and its thread."""

    name: str
    channel: str
    shown: list[Post]
    thread: list[Line] = field(default_factory=list)
    removed: bool = False
    editable: bool = True

    @property
    def post(self) -> Post:
        """What it shows."""
        return self.shown[-1]


@dataclass(slots=True, kw_only=True)
class PlatformStandin:
    """Implements `bot.chat.platform.Platform`."""

    name: str = "slack"
    searchable: bool = True
    """Can it be asked what was sent before, as Slack can?"""
    messages: list[Message] = field(default_factory=list)
    directs: list[tuple[str, str, str]] = field(default_factory=list)
    """Account, key and text."""
    answers: list[tuple[dict[str, JsonValue], Answer]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    troubles: dict[str, Exception] = field(default_factory=dict)
    """By a channel's or an account's name, or by a call's: raised before anything is done."""
    down: bool = False
    forgets: Callable[[str], bool] = lambda _call: False
    """Asked after each call that changes something: is its answer lost?"""
    meanwhile: Callable[[str], object] = lambda _call: None
    """Told of each call, before anything is done."""
    guard: threading.RLock = field(default_factory=threading.RLock)

    def post(self, channel: str, post: Post) -> str:
        with self._doing("post", channel):
            message = Message(name=f"m{len(self.messages) + 1}", channel=channel, shown=[post])
            self.messages.append(message)
        return message.name

    def edit(self, channel: str, message: str, post: Post) -> None:
        with self._doing("edit", channel):
            found = self._found(channel, message)
            if not found.editable:
                raise MessageGoneError(f"{message} cannot be edited.")
            found.shown.append(post)

    def find(self, channel: str, promotion: str, digest: str | None) -> str | None:
        with self._doing("find", channel):
            ours = [
                message
                for message in self.messages
                if (message.channel, message.post.report.id, message.removed) == (channel, promotion, False)
                and digest in {None, message.post.digest}
            ]
        return ours[-1].name if ours and self.searchable else None

    def add(self, channel: str, message: str, line: Line) -> None:
        with self._doing("add", channel):
            found = self._found(channel, message)
            there = self.searchable and line.perhaps_there and line.key in {known.key for known in found.thread}
            if not there:
                found.thread.append(line)

    def direct(self, account: str, key: str, text: str) -> None:
        with self._doing("direct", account):
            there = self.searchable and (account, key) in {(known, of) for known, of, _ in self.directs}
            if not there:
                self.directs.append((account, key, text))

    def answer(self, origin: dict[str, JsonValue], answer: Answer) -> None:
        with self._doing("answer", ""):
            self.answers.append((origin, answer))

    def of(self, promotion: str) -> list[Message]:
        """Return the messages of a promotion that people see."""
        return [one for one in self.messages if one.post.report.id == promotion and not one.removed]

    def the(self, promotion: str) -> Message:
        """Return the one message of a promotion."""
        (message,) = self.of(promotion)
        return message

    @contextmanager
    def _doing(self, call: str, where: str) -> Iterator[None]:
        self.meanwhile(call)
        with self.guard:
            self.calls.append(call)
            if self.down:
                raise Unavailable(f"{self.name} does not answer.")
            for key in (call, where):
                if key in self.troubles:
                    raise self.troubles[key]
            yield
        if call != "find" and self.forgets(call):
            raise Unavailable(f"{self.name} did not answer in time.")

    def _found(self, channel: str, name: str) -> Message:
        for message in self.messages:
            if (message.channel, message.name) == (channel, name) and not message.removed:
                return message
        raise MessageGoneError(f"There is no message {name} in {channel}.")


NO_CHANNEL = UserError("There is no such channel: invite the app.")
