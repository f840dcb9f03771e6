"""A whole installation between chats: real Git, SQLite and house, the real surface, and platforms in memory."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from bot.chat.board import Board
from bot.chat.heard import Decided, Heard, Rechecked, Typed
from bot.chat.letterbox import Letterbox, letterbox
from bot.chat.platform import Answer, Platform
from bot.chat.routing import Routing
from bot.chat.surface import ChatSurface
from bot.ears import Ears
from bot.settings import ChannelSettings
from bot.turns import InTurn
from storage.posts import PostRow
from tests.chat.platform_standin import Message, PlatformStandin
from tests.world import PEOPLE, World, evaluation_table, new_world, reopened, rulebook

GENERAL = "C0GENERAL"
SKILLED = 0.7
CHANNELS = {"default": ChannelSettings(slack=GENERAL, teams="19:general@thread.tacv2")}


class SurpriseError(AssertionError):
    """Something was written down as our own mistake."""


def account(login: str, platform: str = "slack") -> str:
    """Return a person's account."""
    if platform == "slack":
        return f"T01/U0{login.upper()}"
    number = sum(ord(letter) << (6 * place) for place, letter in enumerate(login))
    return f"11111111-2222-3333-4444-555555555555/00000000-0000-0000-0000-{number:012x}"


def people_in_chats(text: str = PEOPLE, *, logins: Sequence[str] = ("alice", "bob", "carol", "erin", "grace")) -> str:
    """Give people accounts in both chats."""
    lines = []
    for line in text.splitlines():
        login = line.strip().partition(":")[0]
        known = f"slack: {account(login)}, teams: {account(login, 'teams')}"
        if login in logins and "accounts: {" in line:
            line = line.replace("accounts: {", f"accounts: {{{known}, ")  # noqa: PLW2901 - the same line, richer
        elif login in logins:
            line = line.replace("}", f", accounts: {{{known}}}}}")  # noqa: PLW2901 - as above
        lines.append(line)
    return "\n".join(lines) + "\n"


@dataclass(slots=True, kw_only=True)
class ChatWorld:
    """One installation, and the chats around it."""

    world: World
    platforms: Sequence[PlatformStandin]
    routing: Routing
    bugs: list[BaseException] = field(default_factory=list)
    _keys: Iterator[int] = field(default_factory=count)

    @property
    def slack(self) -> PlatformStandin:
        """The first platform."""
        return self.platforms[0]

    @property
    def teams(self) -> PlatformStandin:
        """The second one."""
        return self.platforms[1]

    @property
    def door(self) -> InTurn:
        """The house, as a server offers it."""
        return InTurn(self.world.house)

    def board(self, platform: Platform | None = None) -> Board:
        """Return a new board, as after a restart."""
        return Board(
            platform=platform or self.slack,
            window=self.world.house.window(),
            routing=self.routing,
            database=self.world.installation.database,
            clock=self.world.clock,
            write_down=self.write_down,
        )

    def converge(self) -> None:
        """Let every board look once."""
        for platform in self.platforms:
            self.board(platform).converge()

    def surface(self) -> ChatSurface:
        """Return the whole surface, as a server holds it."""
        return ChatSurface(
            platforms=tuple(self.platforms),
            letterboxes={platform.name: self.letterbox(platform.name) for platform in self.platforms},
            routing=self.routing,
            database=self.world.installation.database,
            clock=self.world.clock,
            write_down=self.write_down,
        )

    def letterbox(self, platform: str = "slack") -> Letterbox:
        """Return the letterbox of a platform."""
        return letterbox(platform, self.world.installation.database, self.world.clock)

    def ears(self) -> list[Ears[Heard]]:
        """Return new ears of every platform."""
        surface = self.surface()
        return [ears for platform in self.platforms for ears in surface.ears(platform, self.door)]

    def hear(self, *told: Heard) -> None:
        """Keep what people say, and act on all of it."""
        for heard in told:
            self.letterbox(heard.platform).keep(f"k{next(self._keys)}", heard)
        self.act()

    def act(self) -> None:
        """Act on what is due."""
        for ears in self.ears():
            ears.take_up()

    def say(self, login: str, words: str, *, platform: str = "slack", guest: bool = False, thread: str = "") -> Answer:
        """Let a person write a command; return what they hear."""
        self.hear(self.typed(login, words, platform=platform, guest=guest, thread=thread))
        return self.heard_on(platform)

    def press(self, login: str, promotion: str, *, approves: bool = True, reason: str = "", digest: str = "") -> Answer:
        """Let a person press a button below what a message shows now; return what they hear."""
        self.hear(self.decided(login, promotion, approves=approves, reason=reason, digest=digest))
        return self.heard_on("slack")

    def heard_on(self, platform: str) -> Answer:
        """Return the last answer on a platform."""
        return next(one for one in self.platforms if one.name == platform).answers[-1][1]

    def typed(self, login: str, words: str, *, platform: str = "slack", guest: bool = False, thread: str = "") -> Typed:
        """Return a command as it was heard."""
        return Typed(
            platform=platform,
            account=account(login, platform),
            words=words,
            origin={"to": login},
            at=self.world.clock(),
            place=GENERAL,
            thread=thread,
            guest=guest,
        )

    def decided(
        self,
        login: str,
        promotion: str,
        *,
        approves: bool = True,
        reason: str = "",
        digest: str = "",
        guest: bool = False,
        platform: str = "slack",
    ) -> Decided:
        """Return a pressed button as it was heard."""
        shown = digest or str(self.world.promotion(int(promotion[1:])).evidence_digest)
        return Decided(
            platform=platform,
            account=account(login, platform),
            approves=approves,
            promotion=promotion,
            project="default",
            digest=shown,
            reason=reason,
            origin={"to": login},
            at=self.world.clock(),
            guest=guest,
        )

    def rechecked(self, login: str, promotion: str) -> Rechecked:
        """Return another pressed button."""
        return Rechecked(
            platform="slack",
            account=account(login),
            promotion=promotion,
            project="default",
            origin={"to": login},
            at=self.world.clock(),
            guest=False,
        )

    def the(self, promotion: str = "P1") -> Message:
        """Return the one message of a promotion on the first platform."""
        return self.slack.the(promotion)

    def row(self, promotion: str = "P1", platform: str = "slack") -> PostRow:
        """Return what is noted about a promotion's message."""
        with self.world.installation.database.reading() as work:
            row = work.posts.get(platform, promotion)
        assert row is not None
        return row

    def write_down(self, error: BaseException) -> str:
        """Write a bug down as the server does."""
        self.bugs.append(error)
        return f"Something went wrong inside Gatehouse: bug-{len(self.bugs):08x}. The details are in /srv/secret/place."

    def restarted(self) -> "ChatWorld":
        """Return the same installation in a new process; the chats are as they were left."""
        return replace(self, world=reopened(self.world))


@contextmanager
def chats_around(
    world: World,
    *platforms: PlatformStandin,
    channels: Mapping[str, ChannelSettings] | None = None,
) -> Iterator[ChatWorld]:
    """Put chats around an installation; at the end, nothing may have been written down as a bug."""
    made = ChatWorld(
        world=world,
        platforms=platforms or (PlatformStandin(),),
        routing=Routing({"default": CHANNELS if channels is None else channels}),
    )
    try:
        yield made
    finally:
        world.installation.database.close()
    if made.bugs:
        raise SurpriseError(made.bugs)


@contextmanager
def world_with_people_in_chats(folder: Path, *, rules: Mapping[str, str] | None = None) -> Iterator[World]:
    """Open an installation with a version that is good enough to be promoted; `rules` go in place of the usual ones."""
    table = evaluation_table(folder / "evaluation" / "churn.parquet")
    files = {**rulebook(folder), "policies/people.yaml": people_in_chats().encode()}
    files |= {path: text.encode() for path, text in (rules or {}).items()}
    with new_world(folder, rules=files) as world:
        world.register(table.scores(SKILLED))
        yield world
