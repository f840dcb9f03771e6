"""What the tests of linking share: a world whose first rulebook is trusted, made once and copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hands import Saved
from tests.linking.talk import BOB, CODES, Talk
from tests.world import evaluation_table, new_world


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """An installation where nothing has happened yet."""
    folder = tmp_path_factory.mktemp("begun") / "installation"
    evaluation_table(folder / "evaluation" / "churn.parquet", rows=50)
    with new_world(folder) as made:
        return Saved.of(made)


@pytest.fixture(scope="session")
def half_way(begun: Saved, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """As `begun`, and bob asked for a code in Slack and typed it at his terminal: R1 waits for a governor."""
    made = begun.again(tmp_path_factory.mktemp("half-way") / "installation")
    talk = Talk(made)
    talk.slack(BOB, "link")
    talk.forge("bob", f"link {CODES[0]}", message_id="m1")
    return Saved.of(made)


@pytest.fixture
def linked(half_way: Saved, tmp_path: Path) -> Iterator[Talk]:
    """A world of its own where bob's link waits for a governor."""
    made = half_way.again(tmp_path / "world")
    yield Talk(made, codes=iter(CODES[1:]))
    made.installation.database.close()


@pytest.fixture
def talk(begun: Saved, tmp_path: Path) -> Iterator[Talk]:
    """A world of its own, where people speak in Slack, in Teams and at terminals."""
    made = begun.again(tmp_path / "world")
    yield Talk(made)
    made.installation.database.close()
