"""A whole installation in Teams: real Git, SQLite, house, route, SDK and tokens; Microsoft's side is a stand-in."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.chat.board import Board
from bot.chat.letterbox import Letterbox, letterbox
from bot.chat.routing import Routing
from bot.chat.surface import ChatSurface
from bot.settings import ChannelSettings
from bot.teams.hook import PATH
from bot.teams.platform import TeamsPlatform
from bot.teams.surface import TeamsSurface, teams_platform, teams_surface
from bot.turns import InTurn
from storage.database import Database
from tests.chat.chat_world import account
from tests.teams.activities import activity, click, message
from tests.teams.microsoft import BOT, CHANNEL, PASSWORD, Microsoft, served
from tests.world import World

Json = dict[str, Any]
PATIENT = 60.0
"""Seconds: this machine may be busy, and no test is about how fast it is."""


class SurpriseError(AssertionError):
    """Something was written down as our own mistake."""


def person(login: str) -> str:
    """Return a person's Entra object id."""
    return account(login, "teams").rpartition("/")[2]


@dataclass(slots=True, kw_only=True)
class Room:
    """An installation that people talk to in Teams."""

    world: World
    ms: Microsoft
    platform: TeamsPlatform
    teams: TeamsSurface
    chat: ChatSurface
    client: httpx.Client
    write_down: Callable[[BaseException], str]

    @property
    def box(self) -> Letterbox:
        """What the route keeps things in."""
        return self.chat.letterboxes["teams"]

    def send(self, body: Json, **claims: Any) -> httpx.Response:  # noqa: ANN401 - claims may be anything
        """Send an activity as Microsoft does."""
        headers = {"authorization": f"Bearer {self.ms.token(**claims)}", "content-type": "application/json"}
        return self.client.post(PATH, content=json.dumps(body), headers=headers)

    def install(self) -> None:
        """Add the app to the team of the channel."""
        sent = activity(self.ms, "conversationUpdate", person=person("grace"), thread=CHANNEL)
        assert self.send({**sent, "id": "f:install", "membersAdded": [{"id": BOT}]}).status_code == 202

    def say(self, login: str, words: str, *, thread: str = "", number: str = "f:1") -> None:
        """Let a person write to us, and act on it."""
        sent = message(self.ms, words, person=person(login), thread=thread, id=number)
        assert self.send(sent).status_code == 202
        self.act()

    def click(self, login: str, verb: str, *, on: str, **data: object) -> Json:
        """Let a person use a card; return what they are shown."""
        number = on.partition(";messageid=")[2]
        answer = self.send(click(self.ms, verb, person=person(login), thread=on, card=number, **data))
        assert answer.status_code == 200, answer.text
        shown: Json = answer.json()
        return shown

    def act(self) -> None:
        """Act on all that is due."""
        for ears in self.chat.ears(self.platform, InTurn(self.world.house)):
            ears.take_up()

    def converge(self) -> None:
        """Let the board look once."""
        board = Board(
            platform=self.platform,
            window=self.world.house.window(),
            routing=self.chat.routing,
            database=self.chat.database,
            clock=self.world.clock,
            write_down=self.write_down,
        )
        board.converge()

    def thread(self) -> str:
        """Return the only thread of the channel."""
        (name,) = (name for name in self.ms.threads if name.startswith(f"{CHANNEL};"))
        return name

    def card(self) -> Json:
        """Return the card of the only promotion, as everybody sees it."""
        return card_of(self.ms.threads[self.thread()][0])

    def heard(self, login: str) -> str:
        """Return what a person heard last, in the chat with us."""
        return text_of(card_of(self.ms.threads[f"a:{person(login)}"][-1]))

    def about(self, **more: object) -> Json:
        """Return what the buttons of the card say back."""
        promotion = self.world.promotion(1)
        return {"promotion": "P1", "project": "default", "digest": promotion.evidence_digest, **more}


def card_of(message: Json) -> Json:
    """Return the card of a message."""
    (attachment,) = message["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card: Json = attachment["content"]
    return card


def text_of(card: Any) -> str:  # noqa: ANN401 - any part of a card
    """Return all that a card says, in order."""
    if isinstance(card, list):
        return "\n".join(filter(None, map(text_of, card)))
    if not isinstance(card, dict):
        return ""
    if card.get("type") == "RichTextBlock":
        return "".join(run["text"] for run in card["inlines"])
    own = card["text"] if isinstance(card.get("text"), str) else ""
    inside = [text_of(card.get(part)) for part in ("body", "items", "columns", "rows", "cells")]
    return "\n".join(filter(None, [own, *inside]))


def verbs_of(card: Json) -> list[str]:
    """Return the buttons of a card."""
    return [action["verb"] for action in card.get("actions", [])]


@contextmanager
def room_around(world: World, ms: Microsoft, monkeypatch: pytest.MonkeyPatch, **changes: object) -> Iterator[Room]:
    """Open an installation to Teams for the body; at the end, nothing may have been written down as a bug."""
    monkeypatch.setenv("TEAMS_APP_PASSWORD", PASSWORD)
    chosen = ms.settings(**changes)
    database: Database = world.installation.database
    box = letterbox("teams", database, world.clock)
    bugs: list[BaseException] = []

    def note(error: BaseException) -> str:
        bugs.append(error)
        return "Something went wrong inside Gatehouse: bug-00000001."

    monkeypatch.setattr("bot.teams.hearing.PATIENCE", PATIENT)
    with teams_platform(chosen, database, clock=world.clock) as platform:
        platform.lookout.patience = PATIENT
        teams = teams_surface(chosen, platform, keep=box.keep, clock=world.clock, host="127.0.0.1", on_loopback=True)
        chat = ChatSurface(
            platforms=(platform,),
            letterboxes={"teams": box},
            routing=Routing({"default": {"default": ChannelSettings(teams=CHANNEL)}}),
            database=database,
            clock=world.clock,
            write_down=note,
        )
        with (
            teams.working(InTurn(world.house)),
            served(Starlette(routes=list(teams.routes))) as url,
            httpx.Client(base_url=url, timeout=20) as client,
        ):
            yield Room(world=world, ms=ms, platform=platform, teams=teams, chat=chat, client=client, write_down=note)
    database.close()
    if bugs:
        raise SurpriseError(bugs)
