"""Are the golden conversations the same in Teams? Every activity that is sent or changed is kept, line by line.

Written as a person writes to the bot alone; the promotion's card stands in the channel. Every card is held to the
limits of Teams, and `make test-all` to the schema of Adaptive Cards.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conversation import Golden
from tests.conversing import FOLDER, IN_CHATS, SPOKEN, elsewhere, masked, typed_lines
from tests.reports.chat_limits import card_problems
from tests.teams.microsoft import Microsoft, microsoft
from tests.teams.room import Room, room_around
from tests.world import World

Json = dict[str, Any]
STRANGER = "mallory"
CARD = "application/vnd.microsoft.card.adaptive"


@pytest.fixture(scope="module")
def server() -> Iterator[Microsoft]:
    with microsoft() as stand_in:
        yield stand_in


@pytest.fixture
def ms(server: Microsoft) -> Microsoft:
    """Microsoft's side, as on its first day."""
    fresh = Microsoft(server.url, now=int(time.time()))
    for name in Microsoft.__slots__:
        setattr(server, name, getattr(fresh, name))
    return server


@pytest.mark.parametrize("path", IN_CHATS)
def test_a_conversation_goes_the_same_way_in_teams(
    path: Path, world: World, ms: Microsoft, golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    with room_around(world, ms, monkeypatch) as room:
        room.install()
        told = [
            {"typed": line, "sent": sent_after(room, line, number)} for number, line in enumerate(typed_lines(path))
        ]
    page = json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True).replace(ms.url, "<microsoft>")
    golden.page(FOLDER / "teams" / f"{path.stem}.json", masked(world, page) + "\n")


def sent_after(room: Room, line: str, number: int) -> list[Json]:
    """Let somebody type or do something; return what Teams was sent because of it."""
    before = all_messages(room)
    spoken = SPOKEN.fullmatch(line)
    if spoken is None:
        elsewhere(room.world, line)
    else:
        who = STRANGER if spoken["who"] in {"anybody", "zoe"} else spoken["who"]
        room.say(who, spoken["words"], number=f"f:{number}")
    room.converge()
    sent = [
        {"conversation": thread, "was": "sent" if name not in before else "changed", **message}
        for name, (thread, message) in all_messages(room).items()
        if before.get(name) != (thread, message)
    ]
    for card in cards_in(sent):
        assert not card_problems(card), card
    return sent


def all_messages(room: Room) -> dict[str, tuple[str, Json]]:
    """Return all that stands anywhere, by its number."""
    return {message["id"]: (thread, message) for thread, held in room.ms.threads.items() for message in held}


def cards_in(sent: list[Json]) -> Iterator[Json]:
    """Yield the cards of activities."""
    for activity in sent:
        for attachment in activity.get("attachments") or []:
            if attachment["contentType"] == CARD:
                yield attachment["content"]
