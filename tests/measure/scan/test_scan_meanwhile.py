"""May something else be measured of the same rows at the same time?"""
# ruff: noqa: S608 - the SQL is made of names of these tests

from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path
from threading import Event, get_ident
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from gates.measure.scan.duck import DuckEngine
from gates.measure.scan.engine import opened
from gates.measure.scan.meanwhile import meanwhile
from gates.measure.scan.source import Files, Held
from gates.refusal import UserError

ROWS = pa.table({"k": ["b", None, "a", "a"], "moment": pa.array([1, 2, 3, 4], pa.timestamp("us", tz="UTC"))})
ENDLESS = "SELECT count(*) AS n FROM range(10000000000) AS a(x), range(1000) AS b(y) WHERE (x * y) % 7 = 3"
"""It would take years."""


def test_another_thread_sees_the_same_rows_under_the_same_names(tmp_path: Path) -> None:
    parquet.write_table(ROWS, tmp_path / "rows.parquet")
    with opened(threads=2) as engine:
        filed = engine.view("filed", Files(paths=(tmp_path / "rows.parquet",)))
        held = engine.view("held", Held(name="held", rows=ROWS))
        kept = engine.derive("kept", f"SELECT k FROM {held.name}", kept=True)
        queries = [f"SELECT k, count(*) AS n FROM {view.name} GROUP BY k" for view in (filed, held, kept)]
        queries.append(f"SELECT CAST(min(moment) AS VARCHAR) AS moment FROM {filed.name}")
        alone = [engine.reduce(query).to_pylist() for query in queries]

        def work(own: DuckEngine) -> tuple[int, list[object]]:
            own.derive("filed too", f"SELECT k FROM {filed.name}")  # names do not meet
            return get_ident(), [own.reduce(query).to_pylist() for query in queries]

        with meanwhile(engine, work) as found:
            engine.derive("filed too", f"SELECT k FROM {filed.name} WHERE k = 'a'")
            thread, there = found()
    assert there == alone
    assert thread != get_ident()


def test_what_goes_wrong_there_is_raised_here() -> None:
    def work(own: DuckEngine) -> None:
        own.view("none", Held(name="none", rows=ROWS.slice(0, 0)))

    with opened() as engine, pytest.raises(UserError, match="none has no rows"), meanwhile(engine, work) as found:
        found()


def test_when_the_body_fails_the_work_is_stopped() -> None:
    begun, went_on = Event(), Event()

    def work(own: DuckEngine) -> None:
        begun.set()
        own.reduce(ENDLESS)
        went_on.set()

    def body() -> None:
        begun.wait()
        raise KeyboardInterrupt

    with opened(threads=2) as engine, pytest.raises(KeyboardInterrupt), meanwhile(engine, work):
        body()
    assert not went_on.is_set()


def test_a_stopped_engine_reduces_no_more() -> None:
    with opened() as engine, engine.another() as own:
        assert own.reduce("SELECT 1 AS one").num_rows == 1
        own.stop()
        with pytest.raises(CancelledError):
            own.reduce("SELECT 1 AS one")
        assert engine.reduce("SELECT 1 AS one").num_rows == 1


def test_a_bar_follows_it_only_while_the_body_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[float] = []
    went_on = Event()
    another = DuckEngine.another
    kept: list[Callable[[float], None] | None] = []

    def watched(engine: DuckEngine, *, tell: Callable[[float], None] | None = None) -> Any:  # noqa: ANN401 - as `another`
        kept.append(tell)
        return another(engine, tell=tell)

    def work(_: DuckEngine) -> None:
        (tell,) = kept
        assert tell is not None
        tell(0.25)
        went_on.set()
        while not told:
            tell(0.75)

    monkeypatch.setattr(DuckEngine, "another", watched)
    with opened() as engine, meanwhile(engine, work, tell=told.append) as found:
        went_on.wait()
        assert told == []
        found()
    assert set(told) == {0.75}
