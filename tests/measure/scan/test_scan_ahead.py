"""Do many reductions at once give what each gives alone?"""
# ruff: noqa: S608 - the SQL is made of names of these tests

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from gates.measure.scan.ahead import AT_ONCE, Ahead, ahead
from gates.measure.scan.engine import Engine, opened
from gates.measure.scan.source import Files


class Watched(Ahead):
    """An engine that remembers what it was asked."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine that answers."""
        super().__init__(engine, {})
        self.asked: list[str] = []

    def reduce(self, query: str) -> Any:  # noqa: ANN401 - a pyarrow Table
        """Answer, and remember the query."""
        self.asked.append(query)
        return super().reduce(query)


@pytest.mark.parametrize("many", [0, 1, 2, AT_ONCE + 3])
def test_queries_made_at_once_give_the_tables_that_each_gives_alone(tmp_path: Path, many: int) -> None:
    parquet.write_table(pa.table({"k": ["b", None, "a", "a", "c"], "x": [3, 1, 4, 1, 5]}), tmp_path / "rows.parquet")
    with opened(threads=1) as engine:
        rows = engine.view("rows", Files(paths=(tmp_path / "rows.parquet",))).name
        queries = [f"SELECT k, count(*) AS n FROM {rows} WHERE x > {least} GROUP BY k" for least in range(many)]
        watched = Watched(engine)
        known = ahead(watched, queries)
        made = len(watched.asked)
        for query in queries:
            assert known.reduce(query).to_pylist() == engine.reduce(query).to_pylist()
        assert len(watched.asked) == made == -(-many // AT_ONCE)


def test_a_query_that_was_not_made_ahead_is_made_when_it_is_asked(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"x": [3, 1]}), tmp_path / "rows.parquet")
    with opened(threads=1) as engine:
        rows = engine.view("rows", Files(paths=(tmp_path / "rows.parquet",)))
        known = ahead(engine, [f"SELECT max(x) AS x FROM {rows.name}"])
        assert known.reduce(f"SELECT min(x) AS x FROM {rows.name}").to_pylist() == [{"x": 1}]
        assert known.derive("more", f"SELECT x + 1 AS x FROM {rows.name}").rows == 2
