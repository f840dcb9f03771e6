"""What the tests of the whole review workflow on GitHub share."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.github.world import GitHubWorld, github_world
from tests.world import POLICY, Table, evaluation_table


@pytest.fixture(scope="session")
def loans(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Table]:
    """The evaluation table's file, and what is in it; made once."""
    path = tmp_path_factory.mktemp("evaluation") / "churn.parquet"
    return path, evaluation_table(path)


@pytest.fixture
def on_github(loans: tuple[Path, Table], tmp_path: Path) -> Iterator[GitHubWorld]:
    """An installation on GitHub; v1 is good, v2 better, v3 harms a group, and nothing serves yet."""
    with _made(loans, tmp_path) as made:
        yield made


@pytest.fixture
def two_approvals(loans: tuple[Path, Table], tmp_path: Path) -> Iterator[GitHubWorld]:
    """As `on_github`, and staging asks for the approval of a validator and of an ML engineer."""
    one, two = "    approvals: [{role: validator}]\n", "    approvals: [{role: validator}, {role: ml-engineer}]\n"
    with _made(loans, tmp_path, {"policies/churn.yaml": POLICY.replace(one, two, 1).encode()}) as made:
        yield made


@contextmanager
def _made(loans: tuple[Path, Table], tmp_path: Path, rules: Mapping[str, bytes] | None = None) -> Iterator[GitHubWorld]:
    folder = tmp_path / "installation"
    (folder / "evaluation").mkdir(parents=True)
    shutil.copy(loans[0], folder / "evaluation" / "churn.parquet")
    table = loans[1]
    with github_world(folder, rules) as made:
        for scores in (table.scores(0.3), table.scores(0.45, seed=2), table.scores(0.6, seed=3, against="small")):
            made.world.register(scores)
        yield made
