"""Tables written once, and two of them compared."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gates.drift_facts import Drift
from gates.measure.drift.asked import DriftAsked
from gates.measure.drift.drift import drift
from gates.measure.scan.engine import Engine, View, opened
from gates.measure.scan.source import Files

Compare = Callable[..., Drift]
Open = Callable[..., View]
NUMBERS = count()


@pytest.fixture(scope="session")
def engines() -> Iterator[Callable[[int], Engine]]:
    """Return an engine of so many threads, opened once for all tests."""
    found: dict[int, Engine] = {}
    with ExitStack() as stack:

        def engine(threads: int) -> Engine:
            if threads not in found:
                found[threads] = stack.enter_context(opened(threads=threads))
            return found[threads]

        yield engine


@pytest.fixture
def engine(engines: Callable[[int], Engine]) -> Engine:
    """Return an engine of one thread."""
    return engines(1)


def viewed(engine: Engine, folder: Path, rows: Mapping[str, Any], said: str) -> View:
    """Write rows, and open them under a name of their own."""
    called = f"drift_{next(NUMBERS)}"
    path = folder / f"{called}.parquet"
    pq.write_table(pa.table(dict(rows)), path)
    return engine.view(called, Files(paths=(path,)), said=said)


@pytest.fixture
def view(engine: Engine, tmp_path: Path) -> Open:
    """Open rows, given as columns."""

    def ask(rows: Mapping[str, Any], said: str = "rows") -> View:
        return viewed(engine, tmp_path, rows, said)

    return ask


@pytest.fixture
def compare(engines: Callable[[int], Engine], tmp_path: Path) -> Compare:
    """Compare two sides, given as columns; without the classifier unless asked."""

    def ask(reference: Mapping[str, Any], current: Mapping[str, Any], *, threads: int = 1, **asked: object) -> Drift:
        engine = engines(threads)
        sides = [
            viewed(engine, tmp_path, rows, said) for said, rows in (("reference", reference), ("current", current))
        ]
        return drift(
            engine,
            sides[0],
            sides[1],
            DriftAsked(**{"multivariate": False, **asked}),  # type: ignore[arg-type] # keywords of the test
        )

    return ask
