"""Does an engine keep to its memory, its folder and its machine, and stop when it is told to?"""
# ruff: noqa: S608 - the SQL is made of names of these tests

import itertools
import os
import signal
import tempfile
import threading
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pytest
from pyarrow import parquet

from gates.measure.scan.engine import Engine, Kind, opened
from gates.measure.scan.source import Files, Held
from gates.measure.scan.values import Counted, values_of
from gates.measure.unusable import UnusableError
from gates.refusal import UserError

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
KINDS: dict[str, tuple[pa.Array, Kind, bool]] = {
    "tiny": (pa.array([1], pa.int8()), Kind.NUMBER, True),
    "unsigned": (pa.array([2**64 - 1], pa.uint64()), Kind.NUMBER, True),
    "decimal": (pa.array([Decimal("1.25")]), Kind.NUMBER, False),
    "whole decimal": (pa.array([Decimal(10**37)], pa.decimal128(38, 0)), Kind.NUMBER, True),
    "float": (pa.array([1.5], pa.float32()), Kind.NUMBER, False),
    "truth": (pa.array([True]), Kind.TRUTH, False),
    "text": (pa.array(["x"]), Kind.TEXT, False),
    "long text": (pa.array(["x"], pa.large_string()), Kind.TEXT, False),
    "dictionary": (pa.array(["x"]).dictionary_encode(), Kind.TEXT, False),
    "dictionary of numbers": (pa.array([7]).dictionary_encode(), Kind.NUMBER, True),
    "uuid": (pa.array([UUID(int=1).bytes], pa.uuid()), Kind.TEXT, False),
    "date": (pa.array([date(2026, 1, 1)]), Kind.TIME, False),
    "moment": (pa.array([MOMENT], pa.timestamp("us", "Europe/Berlin")), Kind.TIME, False),
    "nanoseconds": (pa.array([1], pa.timestamp("ns")), Kind.TIME, False),
    "seconds": (pa.array([1], pa.timestamp("s")), Kind.TIME, False),
    "time of day": (pa.array([time(12)]), Kind.OTHER, False),
    "duration": (pa.array([1], pa.duration("us")), Kind.OTHER, False),
    "bytes": (pa.array([b"x"]), Kind.OTHER, False),
    "list": (pa.array([["x"]]), Kind.OTHER, False),
    "structure": (pa.array([{"INTEGER": 1}]), Kind.OTHER, False),
    "nothing": (pa.nulls(1), Kind.OTHER, False),
}


def test_columns_are_of_the_kinds_that_measuring_knows(engine: Engine) -> None:
    view = engine.view("v", Held(name="frame", rows=pa.table({name: column for name, (column, *_) in KINDS.items()})))
    found = {name: (column.kind, column.integer) for name, column in view.columns.items()}
    assert found == {name: (kind, integer) for name, (_, kind, integer) in KINDS.items()}


@pytest.mark.parametrize("kept", [False, True])
def test_a_query_can_be_named_and_written_down(loans: Path, engine: Engine, kept: bool) -> None:  # noqa: FBT001 - pytest's
    view = engine.view("loans", Files(paths=(loans,)))
    sums = "sum(id) AS total, sum(CAST(id AS HUGEINT)) + 10000000000000000 AS wide"
    query = f"SELECT race, {sums} FROM {view.name} GROUP BY race"
    derived = engine.derive('the "best"', query, kept=kept)
    assert (derived.rows, derived.said, bool(derived.files)) == (4, 'the "best"', kept)
    rows = engine.reduce(f"SELECT race, wide FROM {derived.name} WHERE total > 2")
    assert rows.to_pylist() == [
        {"race": "it's \N{SNOWMAN}", "wide": Decimal(10**16 + 4)},
        {"race": None, "wide": Decimal(10**16 + 3)},
    ]


def test_a_query_of_ours_that_is_wrong_is_a_bug_and_no_refusal(loans: Path, engine: Engine) -> None:
    engine.view("loans", Files(paths=(loans,)))
    with pytest.raises(Exception, match="nobody") as bug:
        engine.reduce("SELECT nobody FROM loans")
    assert not isinstance(bug.value, UserError | UnusableError)


def test_nothing_is_left_on_disk_and_nothing_spilled_lies_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with opened(threads=1) as engine:
        engine.view("v", Held(name="stream", rows=pa.table({"x": [1]}).to_reader()))
        (folder,) = tmp_path.iterdir()
        assert [path.suffix for path in (folder / "copied").iterdir()] == [".parquet"]
    assert list(tmp_path.iterdir()) == []


def test_what_does_not_fit_into_memory_is_spilled(tmp_path: Path) -> None:
    rows = 600_000
    parquet.write_table(pa.table({"x": pa.array(range(rows))}), tmp_path / "x.parquet")
    with opened(threads=1, memory="20MB") as engine:
        view = engine.view("v", Files(paths=(tmp_path / "x.parquet",)))
        query = f"SELECT count(*) AS n FROM (SELECT x, count(*) AS n FROM {view.name} GROUP BY x)"
        assert engine.reduce(query).to_pylist() == [{"n": rows}]


def test_what_does_not_fit_at_all_is_refused(loans: Path) -> None:
    refused = pytest.raises(UserError, match="needs more memory than there is")
    with opened(threads=1, memory="8MB") as engine:
        view = engine.view("v", Files(paths=(loans,)))
        with refused:
            engine.reduce(f"SELECT list(a.id) AS l FROM {view.name} a, range(3000000)")


def test_nothing_is_fetched_and_no_variable_is_read(engine: Engine) -> None:
    secret = pa.table({"x": [1]})
    for query in ("FROM secret", "FROM read_parquet('https://example.org/x.parquet')", "FROM read_xlsx('x.xlsx')"):
        with pytest.raises(Exception, match=r"secret|extension|httpfs|read_xlsx|excel"):
            engine.reduce(query)
    assert secret.num_rows == 1


def test_progress_is_told_from_little_to_much(tmp_path: Path) -> None:
    """The scan goes on until it has told something: how fast it is hangs on the machine."""
    numbers = pa.table({"x": pa.array(range(400_000))})
    parquet.write_table(numbers, tmp_path / "x.parquet", row_group_size=20_000)
    told: list[float] = []
    with opened(threads=1, tell=told.append) as engine:
        view = engine.view("v", Files(paths=(tmp_path / "x.parquet",)))
        for times in itertools.takewhile(lambda _: not told, (2**power for power in range(3, 12))):
            sums = ", ".join(f"sum(sin(x * {place})) AS s{place}" for place in range(times))
            engine.reduce(f"SELECT {sums} FROM {view.name}")
    assert told
    assert all(0 < share <= 1 for share in told)


def test_an_interrupt_stops_a_query_that_would_run_for_years(engine: Engine) -> None:
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            engine.reduce("SELECT count(*) AS n FROM range(10000000000000) t(x) WHERE x % 3 = 7")
    finally:
        timer.cancel()
    assert engine.reduce("SELECT 1 AS a").to_pylist() == [{"a": 1}]


def test_the_values_of_a_column_are_counted_up_to_a_limit(loans: Path, engine: Engine) -> None:
    view = engine.view("loans", Files(paths=(loans,)))
    counted = values_of(engine, view, "race", most=4)
    assert counted[0] == Counted(value="black", rows=1)
    assert counted[-1] == Counted(value=None, rows=1)
    with pytest.raises(UnusableError, match=r"^race has more than 3 different values.$"):
        values_of(engine, view, "race", most=3)
    with pytest.raises(UserError, match="no column 'rcae'"):
        values_of(engine, view, "rcae", most=3)


def test_both_zeros_are_one_value(engine: Engine) -> None:
    view = engine.view("v", Held(name="frame", rows=pa.table({"x": [0.0, -0.0, None, float("nan")]})))
    counted = values_of(engine, view, "x", most=9)
    assert [(str(some.value), some.rows) for some in counted] == [("0.0", 2), ("nan", 1), ("None", 1)]
