"""What does a server need to hear the chats and to show them what is true?"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field

from bot.chat.board import Board
from bot.chat.conversation import Conversation, Door
from bot.chat.heard import Heard, from_json
from bot.chat.letterbox import Letterbox, letterbox
from bot.chat.platform import Platform
from bot.chat.routing import Routing, routing_of
from bot.ears import Clock, Ears
from bot.settings import Settings
from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSurface:
    """Keeps from the moment the server listens; acts and shows once the house is open."""

    platforms: Sequence[Platform]
    letterboxes: Mapping[str, Letterbox]
    """By platform: what the adapters put into."""
    routing: Routing
    database: Database
    clock: Clock
    write_down: Callable[[BaseException], str]
    _bells: dict[str, threading.Event] = field(default_factory=dict, init=False)

    @contextmanager
    def working(self, door: Door) -> Iterator[None]:
        """Act on what is heard and show what is true, for the body; then finish what is begun."""
        with ExitStack() as stack:
            for platform in self.platforms:
                stack.enter_context(self._board(platform, door).watching())
                for ears in self.ears(platform, door):
                    stack.enter_context(ears.listening())
            yield

    def stir(self) -> None:
        """Let every board look now: something may have changed."""
        for bell in self._bells.values():
            bell.set()

    def sweep(self) -> None:
        """Forget what was settled long ago, and let every board look."""
        for box in (box for boxes in self.letterboxes.values() for box in boxes.boxes):
            box.forget()
        self.stir()

    def _board(self, platform: Platform, door: Door) -> Board:
        board = Board(
            platform=platform,
            window=door.window(),
            routing=self.routing,
            database=self.database,
            clock=self.clock,
            write_down=self.write_down,
        )
        self._bells[platform.name] = board.bell
        return board

    def ears(self, platform: Platform, door: Door) -> Iterator[Ears[Heard]]:
        """Yield who works through a platform's letterbox: one pair for what acts, one for what only looks."""
        conversation = Conversation(
            platform=platform, door=door, database=self.database, clock=self.clock, stir=self.stir
        )
        for box in self.letterboxes[platform.name].boxes:
            yield Ears(conversation=conversation, letterbox=box, read=from_json, write_down=self.write_down)


@contextmanager
def chat_database(settings: Settings) -> Iterator[Database]:
    """Open the connection that everything about chats shares."""
    with closing(Database(settings.database_url)) as database:
        yield database


def chat_surface(
    settings: Settings,
    platforms: Sequence[Platform],
    database: Database,
    *,
    clock: Clock,
    write_down: Callable[[BaseException], str],
) -> ChatSurface:
    """Make ready to hear; `letterboxes[platform.name].keep` is what an adapter calls. Opens nothing yet."""
    return ChatSurface(
        platforms=tuple(platforms),
        letterboxes={platform.name: letterbox(platform.name, database, clock) for platform in platforms},
        routing=routing_of(settings),
        database=database,
        clock=clock,
        write_down=write_down,
    )
