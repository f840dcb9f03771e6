"""What passes between a surface and the house: who speaks, what they ask, what they hear."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pydantic import JsonValue

    from bot.commands import Command, PromotionName
    from bot.house.window import Window


class ExitCode(IntEnum):
    """How a command ended, as the terminal tells its shell."""

    DONE = 0
    REFUSED = 1
    WRONG_USAGE = 2
    WAITING = 3
    UNAVAILABLE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """An account on a platform, and how surely it is theirs."""

    platform: str
    """`embedded` for the terminal on the embedded forge."""
    account: str | None
    """None: nobody said who they are; they may look, not act."""
    assurance: str
    """`platform` (a verified signature, token or login) or `asserted` (`--as`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One command as heard: by whom, where, and from which message."""

    command: "Command"
    speaker: Speaker
    surface: str
    """`terminal`, `console`, `github`, `slack` or `teams`."""
    message_id: str
    """The same message heard twice has the same id, and is answered once."""
    commit: str | None = None
    """SHA of the commit that the speaker saw when they pressed a button there; None for words, which mean what is."""
    said_at: int | None = None
    """When it was written, where it may be heard much later; in seconds since 1970. None: just now."""
    evidence: str | None = None
    """Digest of what the speaker was shown and decides about; None for words, which mean what is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Somebody told that something changed. It carries no truth; it only says where to look again."""

    project: str
    pull_request: int | None = None
    """None: everything that is open."""
    main: bool = False
    """Main moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the speaker hears: text for people, one JSON document for programs, and how it ended."""

    text: str
    """Plain text of short lines, as a terminal shows it: the outcome first, then what to type next."""
    code: ExitCode
    data: "dict[str, JsonValue]" = field(default_factory=dict)


Progress = Callable[[str], None]
"""Told one short line at each long step."""

Handler = Callable[[Request, Progress], Reply]
"""The house's one door: every surface hands its requests in here. Raises UserError and Unavailable."""


class House(Protocol):
    """An open installation, as the surfaces see it; `bot.app.open_house` opens it.

    Acting commands and `tick` come one at a time. Looking commands may come from other threads meanwhile.
    """

    def handle(self, request: Request, progress: Progress) -> Reply:
        """Answer a command; see `Handler`."""

    def tick(self, now: int) -> None:
        """Sweep: look for deadlines, pull requests opened by hand, and changes made behind our back."""

    def notice(self, notice: Notice) -> None:
        """Look again where something may have changed. Raises UserError and Unavailable."""

    def named(self, project: str, pull_request: int) -> "PromotionName | None":
        """Return what a pull request is: a promotion ("P12"), a rulebook change ("R3"), or nothing of ours."""

    def ready(self) -> "tuple[bool, dict[str, JsonValue]]":
        """Tell whether it can serve, and what is missing."""

    def names(self, kind: str) -> Sequence[str]:
        """Return the names of a kind for completion: `MODEL`, `VERSION`, `ENVIRONMENT` or `PROMOTION`; else none."""

    def window(self) -> "Window":
        """Return what a chat may see, from any thread; looking never waits."""

    def rulebook_files(self, project: str | None) -> Mapping[str, bytes]:
        """Return the rulebook's files as main has them; the only project when none is named."""
