"""A house and a voice for the tests of the ears: small, by hand, and with bad days of their own."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.commands import Approve, Card, Command, PromotionName, Status
from bot.exchange import ExitCode, Notice, Progress, Reply, Request
from bot.github.conversation import Conversation
from bot.github.ears import Ears, Letterbox
from bot.github.heard import Heard, Pressed, Said
from gates.refusal import UserError
from storage.database import Database
from tests.fresh_database import fresh_database
from tests.github.deliveries import HEAD
from workflows.forge import Button

P12 = PromotionName(number=12, project="shop")
CARD = "# Model card\n\nFine **numbers**."
STATUS = "P12 waits for `two` people.\n  Next: mlops approve P12"


@dataclass(slots=True, kw_only=True)
class SmallDoor:
    """Implements `bot.github.conversation.Door`: alice may decide, mallory may not."""

    requests: list[Request] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    known: dict[int, PromotionName] = field(default_factory=lambda: {12: P12})
    troubles: list[Exception] = field(default_factory=list)
    """Raised one after the other, before anything is done."""
    meanwhile: Callable[[], object] = lambda: None
    """Called whenever the house is asked."""

    def handle(self, request: Request, progress: Progress) -> Reply:
        self._stumble()
        progress("a step")
        self.requests.append(request)
        who = request.speaker.account
        match request.command:
            case Approve() if who == "mallory":
                text = "mallory has no role that counts for <P12>."
                return Reply(text=text, code=ExitCode.REFUSED, data={"error": text})
            case Status(about=PromotionName()):
                return Reply(text=STATUS, code=ExitCode.REFUSED, data={"id": "P12", "state": "blocked"})
            case Card():
                return Reply(text=CARD, code=ExitCode.DONE)
            case Status():
                raise UserError("Which project? There are @bank, shop.")
            case command:
                return Reply(text=f"{type(command).__name__} by {who} is done.", code=ExitCode.WAITING)

    def notice(self, notice: Notice) -> None:
        self._stumble()
        self.notices.append(notice)

    def named(self, project: str, pull_request: int) -> PromotionName | None:
        assert project == "shop"
        return self.known.get(pull_request)

    @property
    def commands(self) -> list[Command]:
        """What was asked, in order."""
        return [request.command for request in self.requests]

    def _stumble(self) -> None:
        self.meanwhile()
        if self.troubles:
            raise self.troubles.pop(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A comment as GitHub lists it."""

    id: int = 501
    number: int = 12
    account: str = "alice"
    is_bot: bool = False
    text: str = "/mlops approve"
    at: int = 1_000
    edited: bool = False
    on_pull_request: bool = True


@dataclass(slots=True, kw_only=True)
class SmallVoice:
    """Implements `bot.github.voice.Voice` on lists; it answers once for each thing that is answered."""

    reactions: list[tuple[int, str]] = field(default_factory=list)
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    comments: list[Written] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)

    def since(self, at: int) -> Sequence[Written]:
        self._stumble()
        self.asked.append(at)
        return tuple(self.comments)

    def react(self, comment_id: int, name: str) -> None:
        self._stumble()
        if (comment_id, name) not in self.reactions:
            self.reactions.append((comment_id, name))

    def answer(self, number: int, to: str, text: str) -> None:
        self._stumble()
        self.answers.setdefault(to, (number, text))

    @property
    def texts(self) -> list[str]:
        """The answers in the order they were given."""
        return [text for _, text in self.answers.values()]

    def _stumble(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)


@dataclass(slots=True)
class Watch:
    """A clock that stands still until it is moved."""

    now: int = 1_000

    def __call__(self) -> int:
        return self.now


@dataclass(slots=True, kw_only=True)
class Room:
    """Ears with their letterbox on a real database, between a small house and a small voice."""

    database: Database
    door: SmallDoor = field(default_factory=SmallDoor)
    voice: SmallVoice = field(default_factory=SmallVoice)
    watch: Watch = field(default_factory=Watch)
    bugs: list[BaseException] = field(default_factory=list)

    @property
    def letterbox(self) -> Letterbox:
        """Kept things; a new one each time, as after a restart."""
        return Letterbox(database=self.database, clock=self.watch)

    @property
    def conversation(self) -> Conversation:
        """What acts on them."""
        return Conversation(door=self.door, voices={"shop": self.voice}, database=self.database, clock=self.watch)

    def ears(self, letterbox: Letterbox | None = None) -> Ears:
        """Return new ears, as after a restart."""
        return Ears(conversation=self.conversation, letterbox=letterbox or self.letterbox, write_down=self.write_down)

    def hear(self, *told: Heard, delivery: str = "d-1") -> bool:
        """Keep what a delivery told."""
        return self.letterbox.keep(delivery, told)

    def hear_and_act(self, *told: Heard, delivery: str = "d-1") -> None:
        """Keep it, and work through all that is due."""
        self.hear(*told, delivery=delivery)
        self.ears().take_up()

    def due(self) -> list[str]:
        """Return the keys of what waits, whenever it is due."""
        with self.database.reading() as work:
            return [row.key for row in work.inbox.due("github", 2**40)]

    def next_due(self) -> int | None:
        """Return when there is something to do."""
        with self.database.reading() as work:
            return work.inbox.next_due("github")

    def write_down(self, error: BaseException) -> str:
        """Write a bug down as the server does."""
        self.bugs.append(error)
        return f"Something went wrong inside Gatehouse: bug-{len(self.bugs):08x}. The details are in /srv/secret/place."


@contextmanager
def small_room(folder: Path) -> Iterator[Room]:
    """Open a room on a database of its own."""
    room = Room(database=fresh_database(folder / "gatehouse.db"))
    try:
        yield room
    finally:
        room.database.close()


def said(text: str, *, account: str = "alice", comment: int = 501, number: int = 12) -> Said:
    """Return a comment as it was heard."""
    return Said(project="shop", number=number, comment=comment, account=account, text=text)


def pressed(button: Button, *, account: str = "alice", numbers: tuple[int, ...] = (12,)) -> Pressed:
    """Return a pressed button as it was heard."""
    return Pressed(project="shop", account=account, button=button, head=HEAD, numbers=numbers, check="mlops/promotion")
