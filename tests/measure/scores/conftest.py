"""Measures tables through a real engine."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gates.measure.scan.engine import opened
from gates.measure.scan.source import Files
from tests.measure.scores.scored_tables import Columns, prepared

Measure = Callable[..., Any]


@pytest.fixture(scope="session")
def measure(tmp_path_factory: pytest.TempPathFactory) -> Measure:
    """Write columns to a file and call a function with them prepared, and with more arguments."""
    folder = tmp_path_factory.mktemp("scores")

    def call(function: Callable[..., Any], columns: Columns, *more: Any, threads: int = 1, **also: Any) -> Any:  # noqa: ANN401 - as the function
        path = Path(folder, f"{len(list(folder.iterdir()))}.parquet")
        pq.write_table(pa.table(dict(columns)), path)
        problems = also.pop("score_problems", {})
        with opened(threads=threads) as engine:
            view = engine.view("rows", Files(paths=(path,)))
            return function(prepared(engine, view.name, columns, problems), *more, **also)

    return call
