"""What the tests of storage stand on: a real database in a folder of its own, and one piece of evidence."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gates.evidence import Evidence, Facts, Kind, MetricComparison, Subject, VersionRef
from storage.database import Database
from tests.fresh_database import fresh_database


@pytest.fixture
def database_file(tmp_path: Path) -> Path:
    return tmp_path / "workspace" / "gatehouse.db"


@pytest.fixture
def database(database_file: Path) -> Iterator[Database]:
    """An upgraded database on SQLite."""
    database = fresh_database(database_file)
    yield database
    database.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class MlflowDatabase:
    """A real MLflow database, and what was said while it was made."""

    uri: str
    spoken: tuple[str, str]
    """Standard output and standard error."""


@pytest.fixture(scope="session")
def mlflow_database(tmp_path_factory: pytest.TempPathFactory) -> MlflowDatabase:
    """Made once, by the adapter's first question in a process of its own: that takes seconds."""
    uri = f"sqlite:///{tmp_path_factory.mktemp('mlflow')}/mlflow.db"
    program = f"from storage.mlflow_registry import MlflowRegistry; print(MlflowRegistry({uri!r}).models())"
    made = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )
    return MlflowDatabase(uri=uri, spoken=(made.stdout, made.stderr))


@pytest.fixture
def evidence() -> Evidence:
    """Evidence as a small promotion has it."""
    return Evidence(
        subject=Subject(
            project="bank",
            model="loan-approval",
            environment="production",
            target="local",
            kind=Kind.PROMOTE,
            challenger=VersionRef(version="2", digest="c" * 64),
            champion=None,
            evaluation_data="d" * 64,
            entry={"model": "loan-approval", "limit": 0.05, "whole": 1.0},
            policy={"gates": ["comparison"]},
        ),
        facts=Facts(metrics=(MetricComparison(metric="accuracy", challenger=0.1 + 0.2, rows=993),)),
    )
