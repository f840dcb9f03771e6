"""What the tests of targets stand on: small scoring servers that are real processes and real HTTP."""

import json
import shutil
import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import duckdb
import pytest

from gates.evidence import VersionRef
from tests.targets.origin import Origin
from workflows.isolation.environments import Environments
from workflows.target import Placement, Slot
from workflows.targets.mlflow_server import LocalTarget

SLOT = Slot(project="bank", model="loan-approval", environment="production")

SCORER = Path(__file__).with_name("scorer.py")


def small_scorer(files: Path, port: int) -> Sequence[str]:
    """Serve a version of these tests: MLflow's protocol in a tenth of a second instead of five."""
    return (str(files / "scorer.py"), str(port))


@pytest.fixture
def slot() -> Slot:
    return SLOT


@pytest.fixture
def example(tmp_path: Path) -> Path:
    path = tmp_path / "example.parquet"
    with duckdb.connect() as connection:
        connection.sql("SELECT i * 0.5 AS income, i AS years FROM range(4) t(i)").write_parquet(str(path))
    return path


@pytest.fixture
def placed(tmp_path: Path, example: Path) -> Callable[..., Placement]:
    """Return a version of the small scorer: `placed("2", raises="no weights")` cannot start."""

    def place(version: str, *, slot: Slot = SLOT, **ways: object) -> Placement:
        files = tmp_path / "store" / version
        files.mkdir(parents=True, exist_ok=True)
        shutil.copy(SCORER, files)
        (files / "ways.json").write_text(json.dumps(ways))
        reference = VersionRef(version=version, digest=f"digest of {version}")
        return Placement(slot=slot, version=reference, files=files, example=example)

    return place


@pytest.fixture
def local_target(tmp_path: Path, first_port: int) -> Iterator[Callable[..., LocalTarget]]:
    """Return a factory of targets on one folder; all are closed in the end."""
    targets: list[LocalTarget] = []

    def build(*, drain_seconds: float = 5.0, start_timeout: float = 20.0) -> LocalTarget:
        target = LocalTarget(
            "local",
            Environments(tmp_path / "environments", shared=True),
            tmp_path / "root",
            drain_seconds=drain_seconds,
            first_port=first_port,
            start_timeout=start_timeout,
            entry=small_scorer,
        )
        targets.append(target)
        return target

    yield build
    for target in targets:
        target.close()


@pytest.fixture
def first_port() -> int:
    """Return a port that is free now, so that tests side by side do not meet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return min(port, 60_000)


@pytest.fixture
def origin() -> Iterator[Callable[[str], Origin]]:
    origins: list[Origin] = []

    def build(version: str) -> Origin:
        origins.append(Origin(version))
        return origins[-1]

    yield build
    for each in origins:
        each.close()
