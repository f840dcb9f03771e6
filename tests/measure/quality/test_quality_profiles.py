"""Are profiles exact, the same in any order and by any number of threads, of every strange table?"""

import datetime as dt
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from pyarrow import parquet

from gates.measure.quality import QualityAsked, quality
from gates.measure.scan.engine import opened
from gates.measure.scan.source import Files, Held
from gates.quality_facts import ColumnProfile, Quality


def looked(table: pa.Table, path: Path, *, threads: int = 2, **asked: Any) -> Quality:  # noqa: ANN401 - any field
    parquet.write_table(table, path, row_group_size=max(table.num_rows // 3, 1))
    with opened(threads=threads) as engine:
        return quality(engine, engine.view("data", Files(paths=(path,))), None, QualityAsked(**asked))


def profile(values: Any, path: Path) -> ColumnProfile:  # noqa: ANN401 - an array, or a list
    return looked(pa.table({"a": values}), path / "a.parquet").columns[0]


def test_a_number_is_profiled_by_its_finite_values(tmp_path: Path) -> None:
    found = profile([-1.0, 0.0, 0.0, 2.5, float("nan"), float("inf"), None], tmp_path)
    assert found == ColumnProfile(
        column="a",
        type="DOUBLE",
        kind="number",
        rows=7,
        nulls=1,
        nan=1,
        infinite=1,
        distinct=4,
        minimum=-1,
        maximum=2.5,
        mean=0.375,
        most_frequent=0,
        most_frequent_share=0.4,
        zero_share=0.4,
        negative_share=0.2,
    )


def test_more_numbers_than_anyone_counts_have_a_bound_and_their_frequent_value(tmp_path: Path) -> None:
    numbers = np.random.default_rng(0).normal(size=5000)
    found = profile(np.concatenate([numbers, np.zeros(2500), [1e9]]), tmp_path)
    assert (found.distinct, found.distinct_at_least) == (1001, True)
    assert found.most_frequent == 0
    assert found.most_frequent_share == pytest.approx(2500 / 7501)
    assert found.mean == pytest.approx((math.fsum(numbers) + 1e9) / 7501, rel=1e-11)
    assert found.negative_share == pytest.approx((numbers < 0).sum() / 7501)
    assert found.zero_share == pytest.approx(2500 / 7501)
    assert profile(numbers, tmp_path).most_frequent is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([True, False, True, None]), {"kind": "truth", "distinct": 2, "most_frequent": True, "maximum": 1}),
        (pa.array([2**63 - 1, -(2**63)]), {"minimum": -9.22337203685e18, "maximum": 9.22337203685e18, "distinct": 2}),
        (pa.array([2**64 - 1, 0], pa.uint64()), {"maximum": 1.84467440737e19, "distinct": 2, "zero_share": 0.5}),
        (pa.array([Decimal("1.10"), Decimal("2.20")]), {"kind": "number", "mean": 1.65, "most_frequent": 1.1}),
        (pa.array([1e308, -1e308, 1e308]), {"mean": pytest.approx(1e308 / 3), "distinct": 2}),
        (pa.array([0.0, -0.0, -0.0]), {"distinct": 1, "most_frequent": 0, "zero_share": 1}),
        (pa.array([5e-324, 0.0]), {"distinct": 2, "zero_share": 0.5}),
        (
            pa.array([dt.date(1, 1, 1), dt.date(9999, 12, 31)]),
            {"kind": "time", "minimum": "0001-01-01", "maximum": "9999-12-31", "distinct": 2, "mean": None},
        ),
        (
            pa.array([dt.datetime(2024, 1, 2, 3, 4, 5, tzinfo=dt.UTC)]),
            {"minimum": "2024-01-02 03:04:05+00", "distinct": 1},
        ),
        (pa.array([1, 2], pa.timestamp("ns")), {"kind": "time", "distinct": 2}),
        (pa.array(["", "\u00e9t\u00e9", "\U0001f600" * 3]), {"shortest": 0, "longest": 3, "blank": 1, "distinct": 3}),
        (pa.array(["x" * 5000, "x" * 5000 + "y", "z"]), {"longest": 5001, "distinct": 3}),
        (pa.array(["a", "b"]).dictionary_encode(), {"kind": "text", "distinct": 2}),
        (pa.array([[1], [1], None], pa.list_(pa.int64())), {"kind": "other", "distinct": None, "nulls": 1}),
        (pa.array([{"x": 1}, {"x": 2}]), {"kind": "other", "nulls": 0}),
        (pa.array([b"\x00", b"\xff"]), {"kind": "other"}),
        (pa.nulls(3), {"nulls": 3, "distinct": 0, "mean": None}),
        (pa.array([float("nan")] * 3), {"nan": 3, "distinct": 0, "minimum": None, "mean": None}),
        (pa.array([float("inf"), -float("inf")]), {"infinite": 2, "minimum": None, "mean": None}),
        (pa.array([2.0**63] * 3), {"distinct": 1, "mean": 9.22337203685e18}),
        (pa.array([1e25, 1e25 + 2.0**31]), {"distinct": 2, "mean": 1e25}),
        (pa.array([0.0, 3.5e305]), {"distinct": 2, "mean": 1.75e305}),
        (pa.array([1e-310, 3e-310]), {"distinct": 2, "mean": 2e-310}),
        (pa.array([f"{n:05}" for n in range(12_000)]), {"distinct": 10_001, "distinct_at_least": True, "longest": 5}),
        (pa.array([f"{n % 10_000:05}" for n in range(12_000)]), {"distinct": 10_000, "distinct_at_least": False}),
    ],
)
def test_every_type_has_a_profile(tmp_path: Path, values: Any, expected: dict[str, Any]) -> None:  # noqa: ANN401 - an array
    found = profile(values, tmp_path).model_dump()
    assert {name: found[name] for name in expected} == expected


def test_odd_names_are_names() -> None:
    names = ['a"b', "select", "l0", "n0", "k", "y", "", " ", "drop table x; --", "\u00fc", "COUNT(*)"]
    table = pa.table({name: [place, place + 1.5, None] for place, name in enumerate(names)})
    with opened() as engine:
        found = quality(engine, engine.view("data", Held(name="data", rows=table)), None, QualityAsked())
    assert [(one.nulls, one.mean) for one in found.columns] == [(1, place + 0.75) for place in range(len(names))]


@pytest.mark.full  # two queries a column
def test_more_columns_than_one_query_takes_are_all_profiled(tmp_path: Path) -> None:
    found = looked(pa.table({f"c{n}": [n, n] for n in range(101)}), tmp_path / "wide.parquet")
    assert [one.mean for one in found.columns] == list(range(101))


@pytest.mark.full
@given(data=some.data())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_rows_and_the_number_of_threads_change_no_byte(tmp_path: Path, data: Any) -> None:  # noqa: ANN401 - hypothesis'
    count = data.draw(some.integers(1, 60))
    columns = {
        "x": some.none() | some.floats(width=64) | some.sampled_from([0.1, 0.2, -0.0]),
        "n": some.none() | some.integers(-(2**63), 2**63 - 1),
        "t": some.none() | some.sampled_from(["a", "A ", "\u0430", "12", "", "n/a"]),
        "y": some.none() | some.sampled_from([0, 1]),
    }
    types = {"x": pa.float64(), "n": pa.int64(), "t": pa.string(), "y": pa.int8()}
    drawn = {name: data.draw(some.lists(values, min_size=count, max_size=count)) for name, values in columns.items()}
    table = pa.table({name: pa.array(values, types[name]) for name, values in drawn.items()})
    order = data.draw(some.permutations(range(count)))
    first = looked(table, tmp_path / "one.parquet", threads=1, label="y")
    second = looked(table.take(order), tmp_path / "two.parquet", threads=2, label="y")
    assert first.model_dump_json() == second.model_dump_json()
    numbers = [value for value in table.column("x").to_pylist() if value is not None and math.isfinite(value)]
    expected = math.fsum(value / len(numbers) for value in numbers) if numbers else None
    scale = max(map(abs, numbers), default=0)
    assert first.columns[0].mean == (expected if expected is None else pytest.approx(expected, abs=scale * 1e-11))
    assert first.columns[0].distinct == len(set(numbers)) + any(
        value is not None and math.isinf(value) for value in table.column("x").to_pylist()
    )


def test_a_large_table_gives_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    columns: dict[str, Any] = {f"f{n}": random.lognormal(size=30_000) * 10.0**n for n in range(3)}
    columns |= {"c": random.integers(0, 9, 30_000).astype(str), "y": random.integers(0, 2, 30_000)}
    table = pa.table(columns)
    first = looked(table, tmp_path / "one.parquet", threads=1, label="y")
    mixed = table.take(random.permutation(30_000))
    assert looked(mixed, tmp_path / "two.parquet", threads=2, label="y").model_dump_json() == first.model_dump_json()
    for one in first.columns[:3]:
        assert one.mean == pytest.approx(math.fsum(columns[one.column]) / 30_000, rel=1e-11)
