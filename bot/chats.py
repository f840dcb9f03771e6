"""Which chats does this installation speak in, and how are they put together?

Each platform that app.yaml has a section for has ears and a board of its own; none knows of another.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.chat.platform import Platform
from bot.chat.surface import ChatSurface, chat_database, chat_surface
from bot.surfaces import Service
from bot.turns import InTurn
from storage.database import Database

if TYPE_CHECKING:
    from starlette.routing import Route


class Hearing(Protocol):
    """How one platform is heard."""

    @property
    def routes(self) -> "Sequence[Route]":
        """What the web server is to answer."""

    def working(self, door: InTurn) -> AbstractContextManager[None]:
        """Let people look into the house, for the body."""


Spoken = tuple[Platform, Callable[[ChatSurface], Hearing]]
"""A platform, and how it is heard once there is somewhere to keep that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chats:
    """All chats of an installation, as one surface."""

    chat: ChatSurface
    hearings: Sequence[Hearing]

    @property
    def routes(self) -> "Sequence[Route]":
        """Return what the web server is to answer."""
        return [route for hearing in self.hearings for route in hearing.routes]

    @contextmanager
    def working(self, door: InTurn) -> Iterator[None]:
        """Act on what is heard and show what is true, for the body."""
        with ExitStack() as stack:
            stack.enter_context(self.chat.working(door))
            for hearing in self.hearings:
                stack.enter_context(hearing.working(door))
            yield

    def sweep(self) -> None:
        """Let every board look."""
        self.chat.sweep()


@contextmanager
def open_chats(service: Service) -> Iterator[Chats]:
    """Make ready to hear and to show; `UserError` when a secret is missing, or when it would not be safe."""
    with ExitStack() as stack:
        database = stack.enter_context(chat_database(service.settings))
        spoken = [*_slack(service, stack), *_teams(service, stack, database)]
        platforms = [platform for platform, _ in spoken]
        chat = chat_surface(service.settings, platforms, database, clock=service.clock, write_down=service.write_down)
        yield Chats(chat=chat, hearings=[hear(chat) for _, hear in spoken])


def _slack(service: Service, stack: ExitStack) -> Iterator[Spoken]:
    chosen = service.settings.slack
    if chosen is None:
        return
    from bot.slack.surface import slack_platform, slack_surface  # noqa: PLC0415 - bolt is slow to import

    platform = slack_platform(chosen, clock=service.clock)

    def hear(chat: ChatSurface) -> Hearing:
        keep = chat.letterboxes[platform.name].keep
        opened = slack_surface(chosen, platform, keep=keep, clock=service.clock, write_down=service.write_down)
        return stack.enter_context(opened)

    yield platform, hear


def _teams(service: Service, stack: ExitStack, database: Database) -> Iterator[Spoken]:
    chosen, server = service.settings.teams, service.settings.server
    if chosen is None:
        return
    from bot.teams.surface import teams_platform, teams_surface  # noqa: PLC0415 - the SDK is slow to import

    platform = stack.enter_context(teams_platform(chosen, database, clock=service.clock))

    def hear(chat: ChatSurface) -> Hearing:
        keep = chat.letterboxes[platform.name].keep
        return teams_surface(
            chosen, platform, keep=keep, clock=service.clock, host=server.host, on_loopback=server.on_loopback
        )

    yield platform, hear
