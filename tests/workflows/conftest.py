"""What the tests of the workflows share: a whole installation, new for each test, and the table it judges with."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hands import Saved, register_versions
from tests.made_once import made_once
from tests.world import Table, World, evaluation_table, new_world

EVALUATION = Path("evaluation") / "churn.parquet"


@pytest.fixture(scope="session")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Table]:
    """The evaluation table's file, and what is in it; made once."""
    path = tmp_path_factory.mktemp("evaluation") / "churn.parquet"
    return path, evaluation_table(path)


@pytest.fixture
def table(evaluation: tuple[Path, Table]) -> Table:
    """Labels and groups of the evaluation table, and scores of models that are good or bad at them."""
    return evaluation[1]


@pytest.fixture
def installation_folder(evaluation: tuple[Path, Table], tmp_path: Path) -> Path:
    """A folder that holds the evaluation table and nothing else yet."""
    folder = tmp_path / "installation"
    (folder / EVALUATION).parent.mkdir(parents=True)
    shutil.copy(evaluation[0], folder / EVALUATION)
    return folder


@pytest.fixture
def world(installation_folder: Path) -> Iterator[World]:
    """A whole installation whose first rulebook is trusted; nothing is registered yet."""
    with new_world(installation_folder) as made:
        yield made


@pytest.fixture(scope="session")
def registered(evaluation: tuple[Path, Table], tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """Nothing serves yet; the versions of golden conversations are registered."""

    def make(folder: Path) -> Saved:
        (folder / EVALUATION).parent.mkdir(parents=True)
        shutil.copy(evaluation[0], folder / EVALUATION)
        with new_world(folder) as made:
            register_versions(made, evaluation[1])
            return Saved.of(made)

    return made_once(tmp_path_factory, "registered", make)


@pytest.fixture(scope="session")
def staged(registered: Saved, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """As `registered`, and v1 serves in staging."""

    def make(folder: Path) -> Saved:
        made = registered.again(folder)
        made.promote_through("1", "staging")
        return Saved.of(made)

    return made_once(tmp_path_factory, "staged", make)


@pytest.fixture
def quiet(registered: Saved, tmp_path: Path) -> Iterator[World]:
    """A world of its own where nothing serves yet."""
    made = registered.again(tmp_path / "quiet")
    yield made
    made.installation.database.close()


@pytest.fixture
def served(staged: Saved, tmp_path: Path) -> Iterator[World]:
    """A world of its own where v1 serves in staging."""
    made = staged.again(tmp_path / "served")
    yield made
    made.installation.database.close()


@pytest.fixture(scope="session")
def asking(staged: Saved, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """As `staged`, and alice asked for v2 in staging: P2 waits for its approval."""

    def make(folder: Path) -> Saved:
        made = staged.again(folder)
        made.say("alice", "promote churn 2 to staging")
        return Saved.of(made)

    return made_once(tmp_path_factory, "asking", make)


@pytest.fixture
def asked(asking: Saved, tmp_path: Path) -> Iterator[World]:
    """A world of its own where v1 serves in staging, and v2 is asked for as P2."""
    made = asking.again(tmp_path / "asked")
    yield made
    made.installation.database.close()


@pytest.fixture(scope="session")
def grown(staged: Saved, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """As `staged`, then v1 came to production (P2) and v2 to staging (P3), where v1 served before."""

    def make(folder: Path) -> Saved:
        made = staged.again(folder)
        made.promote_through("1", "production")
        made.promote_through("2", "staging")
        return Saved.of(made)

    return made_once(tmp_path_factory, "grown", make)


@pytest.fixture
def lived_in(grown: Saved, tmp_path: Path) -> Iterator[World]:
    """A world of its own where v2 serves in staging, after v1, and v1 in production."""
    made = grown.again(tmp_path / "lived-in")
    yield made
    made.installation.database.close()


@pytest.fixture(scope="session")
def engine_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the engine's database lies: the same for all tests, as it outlives processes."""
    return tmp_path_factory.mktemp("engine")
