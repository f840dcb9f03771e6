"""Columns in memory, prepared on an engine of their own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pytest

from gates.measure.prepared import Prepared
from gates.measure.preparing.asked import Answer, Asked
from gates.measure.preparing.prepare import prepare
from gates.measure.scan.engine import Engine, opened
from gates.measure.scan.source import Held

SAID = Answer(prediction="said")


@pytest.fixture(scope="session")
def preparing_engine() -> Iterator[Engine]:
    """Open one engine for all tests here."""
    with opened(threads=1) as engine:
        yield engine


@pytest.fixture
def prepared(preparing_engine: Engine, request: pytest.FixtureRequest) -> Callable[..., Prepared]:
    """Give a function that prepares columns, by default the label `y` and the challenger's answers `said`."""
    views = 0

    def build(columns: Mapping[str, Any], **asked: Any) -> Prepared:  # noqa: ANN401 - fields of Asked
        nonlocal views
        views += 1
        name = f"{request.node.nodeid} {views}"
        table = pa.table({called: pa.array(values) for called, values in columns.items()})
        view = preparing_engine.view(name, Held(name=name, rows=table), said="the data")
        given = {"task": None, "label": "y", "challenger": SAID, "champion": None, **asked}
        return prepare(preparing_engine, view, Asked(**given))

    return build


@pytest.fixture
def rows_of() -> Callable[..., list[dict[str, Any]]]:
    """Give a function that reads some columns of prepared rows, sorted."""

    def read(found: Prepared, columns: Sequence[str] = ("label", "challenger")) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = found.engine.reduce(f"SELECT {', '.join(columns)} FROM {found.view}").to_pylist()  # noqa: S608 - a test's
        return rows

    return read
