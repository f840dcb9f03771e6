"""Do the cells of a column hold just the values that they should, whatever the values are?"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gates.measure.drift import histogram
from gates.measure.drift.asked import DriftAsked, Limits
from gates.measure.drift.cells import Cells, of
from gates.measure.drift.drift import drift
from gates.measure.drift.reading import read
from gates.measure.scan.engine import Engine
from gates.measure.scan.source import Files

Values = NDArray[np.float64]
SPECIAL = st.sampled_from(
    [0.0, -0.0, 1.0, 1e-300, 5e-324, -1e308, 1e308, 1.7976931348623157e308, np.inf, -np.inf, np.nan, 1e16, 1e16 + 2]
)
COLUMNS = st.lists(st.one_of(SPECIAL, st.floats(-10, 10), st.integers(0, 3).map(float)), min_size=1, max_size=80)
FEW = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True, scope="module")
def always_in_classes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(histogram, "EXACT", 0)
        yield


NUMBERS = count()


def cells(engine: Engine, folder: Path, *sides: Values) -> list[Cells]:
    """Return the cells of one column on each side."""
    views = []
    for side in sides:
        path = folder / f"cells_{next(NUMBERS)}.parquet"
        pq.write_table(pa.table({"x": pa.array(side)}), path)
        views.append(engine.view(path.stem, Files(paths=(path,))))
    found = [side.columns["x"].numbers for side in read(engine, views, ["x"])]
    return [numbers.cells for numbers in found if numbers is not None]


def holds(found: Cells, values: Values, beside: Values | None = None) -> None:
    """Check that cells are in order, and hold as many values as there are between their ends.

    Cells are as exact as the doubles of the widest side are, for all sides are cut by one grid.
    """
    known = np.sort(values[~np.isnan(values)])
    assert found.total == len(known)
    assert np.all(found.low <= found.high)
    assert np.all(found.high[:-1] <= found.low[1:])
    ends = np.cumsum(found.counts)
    firsts, lasts = known[ends - found.counts], known[ends - 1]
    whole = known if beside is None else np.r_[known, beside]
    finite = np.abs(whole[np.isfinite(whole)])
    near = 1e-12 * float(finite.max(initial=0.0))
    with np.errstate(invalid="ignore", over="ignore"):
        assert np.all((firsts >= found.low - near) | (firsts == found.low))
        assert np.all((lasts <= found.high + near) | (lasts == found.high))


def exactly(found: Cells, values: Values) -> bool:
    known = values[~np.isnan(values)]
    exact = of(known, np.ones(len(known), dtype=np.int64))
    return all(
        np.array_equal(one, other)
        for one, other in zip((found.low, found.high, found.counts), (exact.low, exact.high, exact.counts), strict=True)
    )


@FEW
@given(COLUMNS, COLUMNS)
def test_each_value_is_counted_once_in_a_cell_around_it(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory, one: list[float], other: list[float]
) -> None:
    sides = np.array(one), np.array(other)
    for found, values in zip(cells(engine, tmp_path_factory.mktemp("cells"), *sides), sides, strict=True):
        holds(found, values, np.concatenate(sides))


@pytest.mark.parametrize(
    ("called", "values"),
    [
        ("mostly nothing", np.r_[np.zeros(8_000), np.random.default_rng(0).normal(size=2_000)]),
        ("whole numbers as doubles", np.random.default_rng(1).integers(0, 300, 10_000).astype(np.float64)),
        ("rounded", np.round(np.random.default_rng(2).normal(size=10_000), 2)),
        ("two peaks apart", np.r_[np.full(5_000, 1e-9), np.full(5_000, 1e9)]),
    ],
)
def test_values_that_repeat_are_told_apart(engine: Engine, tmp_path: Path, called: str, values: Values) -> None:
    (found,) = cells(engine, tmp_path, values)
    holds(found, values)
    full = found.counts > len(values) / 100
    assert np.array_equal(found.low[full], found.high[full]), called


@pytest.mark.parametrize("spread", [2.0, 6.0])
def test_a_long_tail_and_an_outlier_leave_no_cell_too_full(engine: Engine, tmp_path: Path, spread: float) -> None:
    random = np.random.default_rng(3)
    sides = np.r_[random.lognormal(0, spread, 8_000), -1e300, np.inf], random.lognormal(0, spread, 5_000)
    for found, values in zip(cells(engine, tmp_path, *sides), sides, strict=True):
        holds(found, values)
        assert found.counts.max() < 0.02 * len(values)


def test_both_sides_share_their_classes(engine: Engine, tmp_path: Path) -> None:
    random = np.random.default_rng(4)
    one, other = cells(engine, tmp_path, random.normal(size=30_000), random.normal(1, 2, size=9_000))
    inner = one.low[1:]
    assert np.mean(np.isin(inner, other.low)) > 0.5
    after = np.searchsorted(other.low, inner)
    straddling = (after > 0) & (other.high[after - 1] >= inner)
    assert not straddling.any()


def test_cells_that_hold_a_decile_are_divided_where_they_leave_the_answer_open(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(5)
    sides = random.normal(size=10_000), random.normal(0.25, 1, 10_000)
    views = []
    for side in sides:
        path = tmp_path / f"cells_{next(NUMBERS)}.parquet"
        pq.write_table(pa.table({"x": side}), path)
        views.append(engine.view(path.stem, Files(paths=(path,))))
    asked = DriftAsked(multivariate=False, limits=Limits(jensen_shannon=0.5))
    plain = drift(engine, views[0], views[1], asked).columns[0]
    monkeypatch.setattr(histogram, "EXACT", 100_000)
    exact = drift(engine, views[0], views[1], asked).columns[0]
    monkeypatch.setattr(histogram, "EXACT", 0)
    assert exact.jensen_shannon_adjusted is not None
    limits = Limits(jensen_shannon=exact.jensen_shannon_adjusted)
    finer = drift(engine, views[0], views[1], DriftAsked(multivariate=False, limits=limits)).columns[0]
    assert plain.psi_error_bound is not None
    assert plain.psi_error_bound > 0
    assert plain.psi != exact.psi
    assert finer.psi_error_bound is None
    assert (finer.psi, finer.jensen_shannon, finer.bins) == (exact.psi, exact.jensen_shannon, exact.bins)
