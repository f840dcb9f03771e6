"""A whole installation in a Slack workspace: real house, real bolt over real HTTP, and a Slack made by hand."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import httpx
import uvicorn
from starlette.routing import BaseRoute

from bot.chat.conversation import Conversation
from bot.chat.heard import Heard, from_json
from bot.ears import Ears
from bot.settings import ServerSettings
from bot.settings_chat import SlackSettings
from bot.slack.hook import PATH
from bot.slack.surface import SlackSurface, slack_platform, slack_surface
from bot.web import Readiness, application
from tests.chat.chat_world import ChatWorld, chats_around
from tests.slack.driver import GENERAL, Driver, user
from tests.slack.standin.server import SlackStandin, slack_standin
from tests.slack.standin.workspace import Channel, Json, Member, Message, Whisper
from tests.world import World

PEOPLE = ("alice", "bob", "carol", "erin", "grace", "mallory")
DEADLINE = 10.0


@dataclass(slots=True, kw_only=True)
class Stage:
    """What a test has in its hands."""

    chat: ChatWorld
    slack: SlackStandin
    surface: SlackSurface
    driver: Driver
    stirred: list[None] = field(default_factory=list)

    def act(self) -> None:
        """Act on all that is due, as the threads of a server would."""
        for ears in self.ears():
            ears.take_up()

    def ears(self) -> Iterator[Ears[Heard]]:
        """Yield ears for both boxes."""
        conversation = Conversation(
            platform=self.surface.platform,
            door=self.chat.door,
            database=self.chat.world.installation.database,
            clock=self.chat.world.clock,
            stir=lambda: self.stirred.append(None),
        )
        for box in self.chat.letterbox().boxes:
            yield Ears(conversation=conversation, letterbox=box, read=from_json, write_down=self.chat.write_down)

    def converge(self) -> None:
        """Let the board look once."""
        self.chat.board(self.surface.platform).converge()

    def shown(self) -> Message:
        """Let the board look, and return the newest message about a promotion."""
        self.converge()
        return self.slack.space.promotions()[-1]

    def button(self, message: Message, action: str) -> str:
        """Return what a button of a message says back."""
        rows = [block for block in message.blocks if isinstance(block, dict) and block["type"] == "actions"]
        elements = [one for row in rows for one in row["elements"]]  # type: ignore[union-attr] # a list of objects
        return str(next(one["value"] for one in elements if one["action_id"] == action))  # type: ignore[index,call-overload] # as above

    def view(self, number: int = 1) -> Json:
        """Wait for the window with a number, and return it."""
        wait_for(lambda: len(self.slack.space.views) >= number)
        return self.slack.space.views[number - 1][1]

    def whisper(self, number: int = 1) -> Whisper:
        """Wait for what one person sees alone, and return it."""
        wait_for(lambda: len(self.slack.space.whispers) >= number)
        return self.slack.space.whispers[number - 1]

    def kept(self) -> int:
        """Count what is kept and not acted on yet."""
        with self.chat.world.installation.database.reading() as work:
            return sum(len(work.inbox.due(box.surface, self.chat.world.clock())) for box in self.chat.letterbox().boxes)

    def idle(self) -> None:
        """Wait until nothing runs behind an acknowledgement any more."""
        wait_for(lambda: not self.surface.lookout.busy)


@contextmanager
def slack_stage(world: World) -> Iterator[Stage]:
    """Put a workspace around an installation; the variables with the secrets are to be set."""
    clock = world.clock
    with ExitStack() as stack:
        chat = stack.enter_context(chats_around(world))
        slack = stack.enter_context(slack_standin(clock))
        populate(slack)
        chosen = SlackSettings(base_url=slack.base_url)
        platform = slack_platform(chosen, clock=clock, sleep=clock.sleep)
        keep, write_down = chat.letterbox().keep, chat.write_down
        surface = stack.enter_context(slack_surface(chosen, platform, keep=keep, clock=clock, write_down=write_down))
        url = stack.enter_context(served(surface.routes))
        stack.enter_context(surface.working(chat.door))
        client = stack.enter_context(httpx.Client())
        driver = Driver(slack=slack, address=f"{url}{PATH}", clock=clock, client=client)
        yield Stage(chat=chat, slack=slack, surface=surface, driver=driver)


def populate(slack: SlackStandin) -> None:
    """Let people and a channel be there; gus is a guest, and mallory has no part in the rulebook."""
    slack.space.channels[GENERAL] = Channel(id=GENERAL, name="general")
    for login in PEOPLE:
        slack.space.members[user(login)] = Member(id=user(login))
    slack.space.members[user("gus")] = Member(id=user("gus"), guest=True)


@contextmanager
def served(routes: "tuple[BaseRoute, ...]") -> Iterator[str]:
    """Serve routes on loopback, as `mlops serve` does."""
    app = application(ServerSettings(), Readiness(), routes)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def wait_for(holds: Callable[[], bool]) -> None:
    """Wait until something holds; fail when it never does."""
    end = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < end, "This never came to be."
        time.sleep(0.005)


def texts(document: object) -> str:
    """Return everything that a reader sees, in one line."""
    return json.dumps(document, ensure_ascii=False)
