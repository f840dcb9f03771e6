"""What is done about what somebody said or pressed in a chat, and what do they hear?

Whoever asks is answered. What the house answered to a command that acts is remembered under the message's name, so
that a try that failed half-way goes on where it stopped, and what is told twice acts once.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, assert_never

from bot.chat.guests import expect_welcome
from bot.chat.heard import Decided, Heard, Rechecked, Typed, promotion_named
from bot.chat.platform import Answer, Platform
from bot.commands import Approve, Command, Link, PromotionName, Recheck, Reject
from bot.exchange import ExitCode, Progress, Reply, Request, Speaker
from bot.grammar.mistake import UsageError
from bot.grammar.parse import Context, parse
from bot.grammar.usage import acts
from bot.house.window import Window
from gates.refusal import UserError
from storage.database import Database


class Door(Protocol):
    """What of the house is needed here; see `bot.exchange.House`."""

    def handle(self, request: Request, progress: Progress) -> Reply:
        """Answer a command."""

    def window(self) -> Window:
        """Return what a chat may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Talks with the house on one side and with people of one platform on the other."""

    platform: Platform
    door: Door
    database: Database
    clock: Callable[[], int]
    stir: Callable[[], None]
    """Called when something may have changed."""

    def act(self, heard: Heard, key: str) -> None:
        """Do what was asked; `key` names the message. Raises Unavailable when it is to be tried again."""
        answer = self._answer(heard, key)
        self.stir()
        self.platform.answer(heard.origin, answer)

    def regret(self, heard: Heard, key: str, text: str) -> None:
        """Tell the person who waits that nothing came of it; `key` is in the inbox beside the reason."""
        del key
        self.platform.answer(heard.origin, Answer(text=text, code=ExitCode.UNAVAILABLE))

    def _answer(self, heard: Heard, key: str) -> Answer:
        """Ask the house, unless it answered this message before."""
        with self.database.reading() as work:
            known = work.messages.seen(self.platform.name, key)
        if known is not None:
            return Answer.from_json(known)
        try:
            command = self._command(heard)
            if heard.guest:
                expect_welcome(self.door.window(), command)
            answer = self._ask(heard, command, key)
        except UserError as mistake:
            return _mistaken(mistake)
        return self._remembered(key, answer) if acts(command) and not _secret(command) else answer

    def _ask(self, heard: Heard, command: Command, key: str) -> Answer:
        request = Request(
            command=command,
            speaker=Speaker(platform=self.platform.name, account=heard.account, assurance="platform"),
            surface=self.platform.name,
            message_id=f"{self.platform.name}:{key}",
            said_at=heard.at if isinstance(heard, Typed) else None,
            evidence=heard.digest if isinstance(heard, Decided) else None,
        )
        try:
            reply = self.door.handle(request, _unheard)
        except UserError as mistake:
            return _mistaken(mistake)
        refused = "error" in reply.data
        private = refused or isinstance(command, Link) or not isinstance(heard, Typed)
        return Answer(text=reply.text, data=reply.data, code=reply.code, private=private)

    def _remembered(self, key: str, answer: Answer) -> Answer:
        with self.database.transaction() as work:
            first = work.messages.remember(self.platform.name, key, answer.to_json(), self.clock())
        return Answer.from_json(first)

    def _command(self, heard: Heard) -> Command:
        """Return what was asked; words and buttons pass through the same grammar."""
        match heard:
            case Typed():
                context = Context(surface=self.platform.name, promotion=self._promotion_of_thread(heard))
                return parse(heard.words, context=context)
            case Decided():
                return _decision(heard, Context(surface=self.platform.name))
            case Rechecked():
                return Recheck(promotion=promotion_named(heard.promotion, heard.project))
        assert_never(heard)

    def _promotion_of_thread(self, typed: Typed) -> PromotionName | None:
        if not typed.thread:
            return None
        with self.database.reading() as work:
            post = work.posts.of_message(self.platform.name, typed.thread)
        return None if post is None else promotion_named(post.promotion, post.project)


def _decision(decided: Decided, context: Context) -> Command:
    """Return a pressed decision as if it had been typed: reasons are cleaned, bounded and asked for in one place."""
    name = promotion_named(decided.promotion, decided.project)
    reason = ["--reason", decided.reason] if decided.reason.strip() else []
    command = parse(["approve" if decided.approves else "reject", str(name), *reason], context=context)
    if not isinstance(command, Approve | Reject):
        raise UsageError(f"A decision about {name} was expected.")
    return replace(command, promotion=name)


def _secret(command: Command) -> bool:
    """Is the answer for the asker's eyes only, and for no database? Asked again, it is another one."""
    return isinstance(command, Link) and command.code is None


def _mistaken(mistake: UserError) -> Answer:
    wrong = ExitCode.WRONG_USAGE if isinstance(mistake, UsageError) else ExitCode.REFUSED
    return Answer(text=str(mistake), data={"error": str(mistake)}, code=wrong)


def _unheard(_line: str) -> None:
    """Nobody watches a chat line by line."""
