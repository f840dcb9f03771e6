"""What do we need of a chat? Post, edit, find, add to a thread, write to a person, and answer."""

from dataclasses import asdict, dataclass, field
from typing import Protocol

from pydantic import JsonValue

from bot.exchange import ExitCode
from bot.house.places import Links
from gates.refusal import UserError
from reports.document import status_document
from reports.report import Report
from storage.canonical import canonical_digest


class MessageGoneError(UserError):
    """The message is not there any more: somebody removed it, or its channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A person who is spoken to by name."""

    person: str
    """Their login in people.yaml."""
    account: str | None
    """Their account on this platform, which is notified; None: they have none, or nobody is to be notified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What the one message of a promotion shows."""

    report: Report
    mentions: tuple[Mention, ...] = ()
    """Who can decide now, by login."""
    links: Links = field(default_factory=Links)

    @property
    def digest(self) -> str:
        """Return the name of this content: a message is edited only when it differs."""
        mentions: list[JsonValue] = [asdict(mention) for mention in self.mentions]
        return canonical_digest(
            {"report": status_document(self.report), "mentions": mentions, "links": asdict(self.links)}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the thread below a promotion's message."""

    key: str
    """What it is found by: "P12:341" for an entry of the ledger."""
    text: str
    """Plain and untrusted: it quotes people."""
    at: int
    mentions: tuple[Mention, ...] = ()
    """Who is spoken to by it."""
    perhaps_there: bool = False
    """An earlier try may have added it: where the platform can be asked, it is looked for first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What whoever asked gets to hear."""

    text: str
    """Plain lines as a terminal shows them, or the Markdown of a card; untrusted: it quotes people."""
    data: dict[str, JsonValue] = field(default_factory=dict)
    """The same for programs, such as the document of `status P12 --json`."""
    code: ExitCode = ExitCode.DONE
    private: bool = True
    """Only whoever asked sees it."""

    def to_json(self) -> dict[str, JsonValue]:
        """Return it as it is remembered."""
        return {"text": self.text, "data": self.data, "code": int(self.code), "private": self.private}

    @classmethod
    def from_json(cls, document: dict[str, JsonValue]) -> "Answer":
        """Return what was remembered."""
        data = document["data"]
        return cls(
            text=str(document["text"]),
            data=data if isinstance(data, dict) else {},
            code=ExitCode(int(str(document["code"]))),
            private=bool(document["private"]),
        )


class Platform(Protocol):
    """A chat, as this installation's app sees it.

    Every method may raise `Unavailable`, when it is tried again, and `UserError`, when somebody has to do something
    first. Channels and messages are named as the platform names them.
    """

    @property
    def name(self) -> str:
        """`slack` or `teams`: the platform of its accounts, and the surface of what is said there."""

    def post(self, channel: str, post: Post) -> str:
        """Post a promotion's message and return the platform's name for it."""

    def edit(self, channel: str, message: str, post: Post) -> None:
        """Show this instead, in place; raises `MessageGoneError` when the message is not there any more."""

    def find(self, channel: str, promotion: str, digest: str | None) -> str | None:
        """Return our newest message of a promotion in the channel's history, or None; any content without a digest.

        A platform that cannot be asked returns None: there a crash in the wrong moment repeats one message.
        """

    def add(self, channel: str, message: str, line: Line) -> None:
        """Add a line to the thread below a message."""

    def direct(self, account: str, key: str, text: str) -> None:
        """Write to one person, once for each key where the platform can be asked; `text` is plain and untrusted."""

    def answer(self, origin: dict[str, JsonValue], answer: Answer) -> None:
        """Answer whoever asked; `origin` is what the adapter itself put into what was heard."""


__all__ = ["Answer", "Line", "Links", "Mention", "MessageGoneError", "Platform", "Post"]
