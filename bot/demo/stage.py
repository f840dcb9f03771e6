"""How does the demo show what people type and what they hear?"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.exchange import ExitCode, House, Reply, Request
from bot.grammar.parse import Context, parse
from bot.settings import Settings
from bot.terminal.out import Out
from bot.terminal.place import new_message_id
from bot.terminal.speaker import speaker_of


class StoryError(Exception):
    """The story took another turn than it should: something here does not work as promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One house, one audience."""

    house: House
    settings: Settings
    out: Out

    def tell(self, text: str = "") -> None:
        """Say something to the audience."""
        print(text, file=self.out.stdout, flush=True)

    def scene(self, number: int, title: str) -> None:
        """Begin the next part."""
        self.tell(f"\n== {number}. {title} ==")

    def types(self, login: str, words: str, *, expect: ExitCode) -> Reply:
        """Let a person type a command, show what they hear, and make sure that it ends as it should."""
        self.tell(f"\n$ mlops {words} --as {login}")
        request = Request(
            command=parse(words, context=Context(surface="terminal")),
            speaker=speaker_of(login, self.settings),
            surface="terminal",
            message_id=new_message_id(),
        )
        reply = self.house.handle(request, self.out.progress)
        self.out.reply(Reply(text=reply.text.rstrip(), code=reply.code, data=reply.data))
        if reply.code is not expect:
            raise StoryError(f"`mlops {words}` ended with {reply.code.name}, and the story expects {expect.name}.")
        return reply

    @contextmanager
    def waiting(self, what: str) -> Iterator[None]:
        """Announce a long step and say how long it took."""
        self.out.progress(f"{what} ...")
        started = time.monotonic()
        yield
        self.out.progress(f"{what}: {time.monotonic() - started:.0f} s")


Scene = Callable[[Stage], None]
