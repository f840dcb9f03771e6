"""What the tests of the chats share: installations that something waits in, made once and copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chat.chat_world import ChatWorld, chats_around, world_with_people_in_chats
from tests.chat.platform_standin import PlatformStandin
from tests.hands import Saved


@pytest.fixture(scope="session")
def saved_quiet(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """Nothing was asked for yet."""
    with world_with_people_in_chats(tmp_path_factory.mktemp("chats") / "installation") as world:
        return Saved.of(world)


@pytest.fixture(scope="session")
def saved_waiting(saved_quiet: Saved, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """P1 waits for bob."""
    world = saved_quiet.again(tmp_path_factory.mktemp("chats") / "installation")
    world.say("alice", "promote churn 1 to staging")
    return Saved.of(world)


@pytest.fixture(scope="session")
def saved_two(saved_waiting: Saved, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """P1 is promoted, and P2, to production, waits for bob and carol."""
    world = saved_waiting.again(tmp_path_factory.mktemp("chats") / "installation")
    world.say("bob", "approve P1")
    world.clock.now += 3_600
    world.say("alice", "promote churn 1 to production")
    return Saved.of(world)


@pytest.fixture(scope="session")
def saved_changed(saved_waiting: Saved, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """P1 waits for bob, and what it is about has changed a minute after it was first shown."""
    world = saved_waiting.again(tmp_path_factory.mktemp("chats") / "installation")
    world.clock.now += 60
    world.target.name = "another"
    world.say("alice", "recheck P1")
    return Saved.of(world)


@pytest.fixture
def quiet(saved_quiet: Saved, tmp_path: Path) -> Iterator[ChatWorld]:
    """One chat, and nothing was asked for yet."""
    with chats_around(saved_quiet.again(tmp_path / "installation")) as chats:
        yield chats


@pytest.fixture
def waiting(saved_waiting: Saved, tmp_path: Path) -> Iterator[ChatWorld]:
    """One chat, and P1 waits for bob."""
    with chats_around(saved_waiting.again(tmp_path / "installation")) as chats:
        yield chats


@pytest.fixture
def two(saved_two: Saved, tmp_path: Path) -> Iterator[ChatWorld]:
    """Two chats, and P2 waits for bob and carol."""
    platforms = PlatformStandin(), PlatformStandin(name="teams", searchable=False)
    with chats_around(saved_two.again(tmp_path / "installation"), *platforms) as chats:
        yield chats


@pytest.fixture
def changed(saved_changed: Saved, tmp_path: Path) -> Iterator[ChatWorld]:
    """One chat, and P1 waits for bob with other evidence than at first."""
    with chats_around(saved_changed.again(tmp_path / "installation")) as chats:
        yield chats


@pytest.fixture
def pair(saved_two: Saved, tmp_path: Path) -> Iterator[ChatWorld]:
    """One chat, and P2 waits for bob and carol."""
    with chats_around(saved_two.again(tmp_path / "installation")) as chats:
        yield chats
