"""What the tests of pages share: an installation in which something of everything has happened."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.pages.surface import PagesSurface
from bot.settings import ServerSettings, Settings
from bot.turns import InTurn
from bot.web import Readiness, application
from tests.hands import Saved
from tests.made_once import made_once
from tests.pages.reader import Reader
from tests.proposals import propose
from tests.world import MODEL, World, evaluation_table, new_world

HOUR = 3_600


@pytest.fixture(scope="session")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """Everything there is to see.

    v1 serves in production (P2), v2 in staging (P3) after v1 (P1). P4 asks for v2 in production: bob approved it, carol
    is waited for. P5 asks for v3 in staging and is blocked, for it harms a group. R1 asks for other rules.
    """
    return made_once(tmp_path_factory, "busy", _busy)


def _busy(folder: Path) -> Saved:
    folder.mkdir()
    table = evaluation_table(folder / "evaluation" / "churn.parquet")
    with new_world(folder) as made:
        for scores in (table.scores(0.3), table.scores(0.45, seed=2), table.scores(0.6, seed=3, against="small")):
            made.register(scores)
        made.promote_through("1", "staging")
        made.promote_through("1", "production")
        made.promote_through("2", "staging")
        made.clock.now += HOUR
        made.say("alice", f"promote {MODEL} 2 to production --reason 'fresher data'")
        made.clock.now += HOUR
        made.say("bob", "approve P4 --reason 'reads well'")
        made.say("alice", f"promote {MODEL} 3 to staging")
        propose(made)
        made.clock.now += HOUR
        return Saved.of(made)


@pytest.fixture(scope="session")
def world(busy: Saved, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """That installation, open; tests of pages only look at it."""
    made = busy.again(tmp_path_factory.mktemp("looked-at") / "installation")
    yield made
    made.installation.database.close()


@pytest.fixture
def changing(busy: Saved, tmp_path: Path) -> Iterator[World]:
    """A copy of one's own, to change."""
    made = busy.again(tmp_path / "changing")
    yield made
    made.installation.database.close()


@contextmanager
def reading(world: World, **server: object) -> Iterator[Reader]:
    """Let somebody read the pages of a world, with these settings of the server."""
    settings = Settings(
        workspace=world.folder,
        targets={},
        projects=(),
        server=ServerSettings(**server),
    )
    surface = PagesSurface(
        settings, clock=world.clock, write_down=lambda _error: "It went wrong: bug-0123abcd. See /x."
    )
    app = application(settings.server, Readiness(), surface.routes)
    with surface.working(InTurn(world.house)):
        yield Reader(app)


@pytest.fixture
def reader(world: World) -> Iterator[Reader]:
    """Somebody at this machine, before an installation where something of everything has happened."""
    with reading(world) as made:
        yield made
