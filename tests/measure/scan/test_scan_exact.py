"""Are sums exact, the same in any order and on any number of threads, and refused where they cannot be?"""
# ruff: noqa: S608 - the SQL is made of names of these tests

import itertools
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from gates.measure.scan.dialect import double, finest, fixed, name, text, within
from gates.measure.scan.engine import Engine, opened
from gates.measure.scan.source import Files, Held
from gates.measure.unusable import UnusableError

NUMBERS = itertools.count()
FINITE = st.floats(allow_nan=False, allow_infinity=False)


def _sum(engine: Engine, view: str, expression: str, bits: int) -> Fraction:
    query = f"SELECT sum({fixed(expression, bits)}) AS total FROM {view}"
    return Fraction(int(engine.reduce(query).to_pylist()[0]["total"])) / Fraction(2) ** bits


@settings(max_examples=25)
@given(values=st.lists(FINITE, min_size=1, max_size=20))
def test_a_sum_is_off_by_less_than_half_a_unit_for_each_row(lasting: Engine, values: list[float]) -> None:
    bits = finest(max(map(abs, values)), len(values))
    view = lasting.view(f"sum {next(NUMBERS)}", Held(name="frame", rows=pa.table({"x": values})))
    error = abs(_sum(lasting, view.name, "x", bits) - sum(map(Fraction, values)))
    assert error <= Fraction(len(values), 2) / Fraction(2) ** bits


def test_the_largest_numbers_that_are_promised_do_not_overflow(engine: Engine) -> None:
    for largest, rows in ((1.0, 1024), (0.1, 999), (1e300, 3), (5e-324, 7), (2.0**53, 4096), (0.0, 5)):
        view = engine.view(f"v {rows}", Held(name="frame", rows=pa.table({"x": np.full(rows, -largest)})))
        assert _sum(engine, view.name, "x", finest(largest, rows)) == pytest.approx(-largest * rows, rel=1e-12)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 1e38, -1e300])
def test_what_cannot_be_summed_is_refused_and_not_wrong(engine: Engine, value: float) -> None:
    view = engine.view("v", Held(name="frame", rows=pa.table({"x": [1.0, value]})))
    with pytest.raises(UnusableError, match="the rows have a number too large or infinite"):
        _sum(engine, view.name, "x", 20)


def test_a_sum_that_overflows_is_refused(engine: Engine) -> None:
    view = engine.view("v", Held(name="frame", rows=pa.table({"x": [1.6e38, 1.6e38]})))
    with pytest.raises(UnusableError, match="the rows have a number too large or infinite"):
        _sum(engine, view.name, "x", 0)
    for infinite in (math.inf, math.nan):
        with pytest.raises(UnusableError, match="infinite values cannot be summed"):
            finest(infinite, 2)


@settings(max_examples=4)
@given(seed=st.integers(0, 2**32 - 1))
def test_reductions_are_the_same_bytes_in_any_order_and_on_any_number_of_threads(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    random = np.random.default_rng(seed)
    rows = 5_000
    table = pa.table(
        {
            "g": pa.array(["a", "b", "\N{SNOWMAN}", None]).take(random.integers(0, 4, rows)),
            "x": random.normal(size=rows) * 10.0 ** random.integers(-8, 8, rows),
            "n": random.integers(-(2**62), 2**62, rows),
        }
    )
    folder = tmp_path_factory.mktemp("orders")
    found = {
        _reduced(folder / f"{place}.parquet", table.take(random.permutation(rows)), threads)
        for place, threads in enumerate((1, 2, 2))
    }
    assert len(found) == 1


def _reduced(path: Path, table: pa.Table, threads: int) -> bytes:
    parquet.write_table(table, path, row_group_size=997)
    sums = f"sum({fixed('x', 60)}) AS total, sum(n) AS whole, min(x) AS low, count(*) AS n"
    with opened(threads=threads) as engine:
        view = engine.view("v", Files(paths=(path,)))
        reduced = engine.reduce(f"SELECT g, x > 0 AS up, {sums} FROM {view.name} GROUP BY g, x > 0")
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, reduced.schema) as stream:
        stream.write_table(reduced.combine_chunks())
    return bytes(sink.getvalue())


@pytest.mark.parametrize("value", [0.1, -0.0, 1e300, 5e-324, 1 / 3, 2.0**-1074, 123456789012345680.0])
def test_a_double_is_read_as_this_one(engine: Engine, value: float) -> None:
    (row,) = engine.reduce(f"SELECT {double(value)} AS x").to_pylist()
    assert repr(row["x"]) == repr(value)


@given(st.text(st.characters(exclude_characters="\x00", codec="utf-8"), min_size=1))
@settings(max_examples=25)
def test_any_name_and_any_text_can_be_quoted(lasting: Engine, word: str) -> None:
    (row,) = lasting.reduce(f"SELECT {text(word)} AS {name(word)}").to_pylist()
    assert row == {word: word}


def test_one_of_no_values_is_false(engine: Engine) -> None:
    asked = f"SELECT {within('NULL', ['1'])} AS a, {within('1', [])} AS b, {within('1', ['2', '1'])} AS c"
    assert engine.reduce(asked).to_pylist() == [{"a": False, "b": False, "c": True}]
