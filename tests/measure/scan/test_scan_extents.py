"""Are minima, maxima and missing values the same from footers as from a scan?"""
# ruff: noqa: S608 - the SQL is made of names of these tests

import math
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from gates.measure.scan.engine import Engine, opened
from gates.measure.scan.extents import Extent, extents
from gates.measure.scan.source import Files, Held
from gates.refusal import UserError

NUMBERS = st.lists(st.none() | st.floats() | st.sampled_from([0.0, -0.0, math.nan, math.inf]), min_size=1, max_size=30)
WHOLE = st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=30)


def _expected(values: list[Any]) -> Extent:
    there = [value for value in values if value is not None and value == value]  # noqa: PLR0124 - NaN
    return Extent(
        minimum=min(there, default=None), maximum=max(there, default=None), missing=sum(v is None for v in values)
    )


@settings(max_examples=20)
@given(numbers=NUMBERS, whole=WHOLE, size=st.integers(1, 7))
def test_footers_and_scans_agree(
    lasting: Engine,
    tmp_path_factory: pytest.TempPathFactory,
    numbers: list[float | None],
    whole: list[int | None],
    size: int,
) -> None:
    rows = min(len(numbers), len(whole))
    columns = {"x": pa.array(numbers[:rows], pa.float64()), "n": pa.array(whole[:rows], pa.int64())}
    path = tmp_path_factory.mktemp("extents") / "x.parquet"
    parquet.write_table(pa.table(columns), path, row_group_size=size)
    view = lasting.view(path.parent.name, Files(paths=(path,)))
    scanned = lasting.derive(f"{path.parent.name} scanned", f"SELECT * FROM {view.name}")
    expected = {"x": _expected(numbers[:rows]), "n": _expected(whole[:rows])}
    assert extents(lasting, view, ["x", "n"]) == extents(lasting, scanned, ["x", "n"]) == expected


def test_footers_are_enough_for_numbers(tmp_path: Path) -> None:
    """A file whose rows cannot be read any more still says how far they reach."""
    path = tmp_path / "x.parquet"
    parquet.write_table(pa.table({"x": list(range(1000))}), path, compression="none", use_dictionary=False)
    whole = path.read_bytes()
    path.write_bytes(whole[:4] + b"\xff" * 4000 + whole[4004:])
    with opened(threads=1) as engine:
        view = engine.view("v", Files(paths=(path,)))
        assert extents(engine, view, ["x"])["x"] == Extent(minimum=0, maximum=999, missing=0)


def test_texts_dates_and_columns_without_statistics_are_scanned(tmp_path: Path, engine: Engine) -> None:
    path = tmp_path / "x.parquet"
    days = pa.array([3, None, 1], pa.date32())
    parquet.write_table(
        pa.table({"s": ["b", "a" * 900, None], "d": days, "x": [1, 2, 3]}), path, write_statistics=False
    )
    view = engine.view("v", Files(paths=(path,)))
    found = extents(engine, view, ["s", "d", "x"])
    assert (found["s"].minimum, found["s"].maximum, found["s"].missing) == ("a" * 900, "b", 1)
    assert (str(found["d"].minimum), found["d"].missing) == ("1970-01-02", 1)
    assert found["x"] == Extent(minimum=1, maximum=3, missing=0)


def test_files_that_duckdb_wrote_and_frames_in_memory_have_extents_too(tmp_path: Path, engine: Engine) -> None:
    path = tmp_path / "x.parquet"
    duckdb.sql(f"COPY (SELECT * FROM (VALUES (1.5::DOUBLE), ('NaN'), (NULL)) t(x)) TO '{path}'")
    view = engine.view("v", Files(paths=(path,)))
    held = engine.view("h", Held(name="frame", rows=pa.table({"x": [1.5, math.nan, None]})))
    assert extents(engine, view, ["x"]) == extents(engine, held, ["x"]) == {"x": _expected([1.5, None])}


def test_a_column_of_lists_has_no_extent(engine: Engine) -> None:
    view = engine.view("v", Held(name="frame", rows=pa.table({"l": [[1]]})))
    with pytest.raises(UserError, match="neither number"):
        extents(engine, view, ["l"])
    assert extents(engine, view, []) == {}
