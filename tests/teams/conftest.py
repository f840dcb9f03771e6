"""What the tests of Teams share: Microsoft's side over real HTTP, and an installation in which something waits."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chat.chat_world import world_with_people_in_chats
from tests.hands import Saved
from tests.teams.microsoft import Microsoft, microsoft
from tests.teams.room import Room, room_around


@pytest.fixture(scope="module")
def _server() -> Iterator[Microsoft]:
    with microsoft() as stand_in:
        yield stand_in


@pytest.fixture
def ms(_server: Microsoft) -> Microsoft:
    """A stand-in for Microsoft as on its first day."""
    fresh = Microsoft(_server.url, now=int(time.time()))
    for name in Microsoft.__slots__:
        setattr(_server, name, getattr(fresh, name))
    return _server


@pytest.fixture(scope="session")
def _saved_waiting(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    with world_with_people_in_chats(tmp_path_factory.mktemp("teams") / "installation") as world:
        world.say("alice", "promote churn 1 to staging")
        return Saved.of(world)


@pytest.fixture
def room(_saved_waiting: Saved, ms: Microsoft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """P1 waits for bob; the app was added to the channel's team."""
    with room_around(_saved_waiting.again(tmp_path / "installation"), ms, monkeypatch) as room:
        room.install()
        yield room
