"""What is done about what GitHub told us, and how do people hear of it?

Whoever asks is answered once. What the house answered is remembered, so that a try that failed half-way goes on where
it stopped. An approval by comment or button is the same as one in a terminal: the house decides what it is worth.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, assert_never

from bot.commands import Approve, Command, PromotionName, Recheck, Reject
from bot.exchange import Notice, Progress, Reply, Request, Speaker
from bot.github import answers
from bot.github.answers import Outcome
from bot.github.heard import Everything, Heard, Look, Main, Missed, Pressed, Said
from bot.github.spoken import commands_in
from bot.github.voice import Voice
from bot.grammar.parse import Context, parse
from gates.refusal import UserError
from storage.database import Database
from workflows.forge import Button

SURFACE = "github"
LABELS = {Button.APPROVE: "Approve", Button.REJECT: "Reject", Button.RECHECK: "Re-run"}
REJECTED = "rejected with the button"
NOTHING_HERE = "There is no open promotion and no rulebook change in this pull request to decide about."


class Door(Protocol):
    """What of the house is needed here; see `bot.exchange.House`."""

    def handle(self, request: Request, progress: Progress) -> Reply:
        """Answer a command."""

    def notice(self, notice: Notice) -> None:
        """Look again."""

    def named(self, project: str, pull_request: int) -> PromotionName | None:
        """Return what a pull request is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Talks with the house on one side and with people on the other."""

    door: Door
    voices: Mapping[str, Voice]
    """By project."""
    database: Database
    clock: Callable[[], int]

    def act(self, heard: Heard, key: str) -> None:
        """Do what was asked; `key` names the delivery. Raises Unavailable when it is to be tried again."""
        match heard:
            case Look(project=project, number=number):
                self.door.notice(Notice(project=project, pull_request=number))
            case Main(project=project):
                self.door.notice(Notice(project=project, main=True))
            case Everything(project=project):
                self.door.notice(Notice(project=project))
            case Said():
                self._said(heard)
            case Missed():
                text = answers.written_again(edited=heard.edited)
                self._object(heard.project, heard.number, heard.comment, text)
            case Pressed():
                self._pressed(heard, key)
            case _:
                assert_never(heard)

    def regret(self, heard: Heard, key: str, text: str) -> None:
        """Tell the person who waits that nothing came of it; whoever only gave a hint waits for nothing."""
        voice = self.voices[heard.project]
        if isinstance(heard, Said):
            voice.answer(heard.number, f"regret of comment:{heard.comment}", text)
        elif isinstance(heard, Pressed) and heard.numbers:
            label = LABELS[heard.button]
            voice.answer(heard.numbers[0], f"regret of {key}", answers.press_answer(heard.account, label, text))

    def _said(self, said: Said) -> None:
        lines = commands_in(said.text)
        if len(lines) > answers.MOST:
            text = answers.too_many(said.account, len(lines))
            self._object(said.project, said.number, said.comment, text)
            return
        here = self.door.named(said.project, said.number) if lines else None
        outcomes = [(line, self._carry_out(said, line, place, here)) for place, line in enumerate(lines, start=1)]
        self._tell(said, outcomes)

    def _carry_out(self, said: Said, line: str, place: int, here: PromotionName | None) -> Outcome:
        try:
            command = parse(line, context=Context(surface="pull_request", promotion=here))
        except UserError as mistake:
            return answers.refusal(str(mistake))
        message_id = _message_id(f"github:comment:{said.comment}", place)
        return self._once(command, account=said.account, message_id=message_id, here=here, said_at=said.at)

    def _once(
        self,
        command: Command,
        *,
        account: str,
        message_id: str,
        here: PromotionName | None,
        commit: str | None = None,
        said_at: int | None = None,
    ) -> Outcome:
        """Ask the house, unless it answered this message before."""
        with self.database.reading() as work:
            known = work.messages.seen(SURFACE, message_id)
        if known is not None:
            return Outcome.from_json(known)
        speaker = Speaker(platform="github", account=account, assurance="platform")
        request = Request(
            command=command,
            speaker=speaker,
            surface=SURFACE,
            message_id=message_id,
            commit=commit,
            said_at=said_at,
        )
        try:
            outcome = answers.outcome_of(command, self.door.handle(request, _unheard), here)
        except UserError as mistake:
            outcome = answers.refusal(str(mistake))
        with self.database.transaction() as work:
            work.messages.remember(SURFACE, message_id, outcome.to_json(), self.clock())
        return outcome

    def _tell(self, said: Said, outcomes: list[tuple[str, Outcome]]) -> None:
        voice = self.voices[said.project]
        if told := [(line, outcome) for line, outcome in outcomes if outcome.text]:
            voice.answer(said.number, f"comment:{said.comment}", answers.answer(said.account, told))
        if any(outcome.taken for _, outcome in outcomes):
            voice.react(said.comment, "+1")
        if any(outcome.refused for _, outcome in outcomes):
            voice.react(said.comment, "confused")

    def _object(self, project: str, number: int, comment: int, text: str) -> None:
        voice = self.voices[project]
        voice.answer(number, f"comment:{comment}", text)
        voice.react(comment, "confused")

    def _pressed(self, pressed: Pressed, key: str) -> None:
        """Decide about what the commit's pull request is; a commit of several needs words that say which."""
        found = {number: self.door.named(pressed.project, number) for number in pressed.numbers}
        meant = {number: name for number, name in found.items() if name is not None}
        if pressed.button is Button.RECHECK:
            self._recheck(pressed, key, found)
        elif len(meant) == 1:
            ((number, name),) = meant.items()
            self._decide(pressed, key, number, name)
        else:
            text = _say_which(tuple(meant.values())) if meant else NOTHING_HERE
            self._refuse_press(pressed, key, text, *pressed.numbers[:1])

    def _recheck(self, pressed: Pressed, key: str, found: Mapping[int, PromotionName | None]) -> None:
        """Measure again what is ours, and look again at what is not: why it could not begin may have changed."""
        if not found:
            self.door.notice(Notice(project=pressed.project))
        for number, name in found.items():
            if name is None:
                self.door.notice(Notice(project=pressed.project, pull_request=number))
            else:
                self._decide(pressed, key, number, name)

    def _decide(self, pressed: Pressed, key: str, number: int, name: PromotionName) -> None:
        message_id = _message_id(f"github:check_run:{key}", 1 + pressed.numbers.index(number))
        outcome = self._once(
            _command(pressed.button, name),
            account=pressed.account,
            message_id=message_id,
            here=name,
            commit=pressed.head,
        )
        if outcome.refused:
            self._refuse_press(pressed, message_id, outcome.text, number)

    def _refuse_press(self, pressed: Pressed, key: str, text: str, *numbers: int) -> None:
        label = LABELS[pressed.button]
        for number in numbers:
            self.voices[pressed.project].answer(number, key, answers.press_answer(pressed.account, label, text))


def _command(button: Button, name: PromotionName) -> Command:
    match button:
        case Button.APPROVE:
            return Approve(promotion=name)
        case Button.REJECT:
            return Reject(promotion=name, reason=REJECTED)
        case Button.RECHECK:
            return Recheck(promotion=name)
    assert_never(button)


def _message_id(start: str, place: int) -> str:
    """Name the message; a second command in it has a name of its own."""
    return start if place == 1 else f"{start}:{place}"


def _say_which(names: tuple[PromotionName, ...]) -> str:
    return f"This commit belongs to {' and '.join(map(str, names))}. Say which in a comment: /mlops approve {names[0]}"


def _unheard(_line: str) -> None:
    """Nobody watches a pull request line by line."""
