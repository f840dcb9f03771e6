"""How are a column's numbers put into cells fine enough, though an outlier may stretch them?

Few rows, or whole numbers close together, are counted value by value. Others go into equal classes between the least
and the largest of both sides, counted only: which values a class holds is known by its number. Where a class is too
full, it is divided again, and again, until its values are too few or all the same.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gates.measure.drift.arrays import floats, wholes
from gates.measure.drift.cells import Cells, Floats, of
from gates.measure.drift.grid import Grid, Joint, Source, classed, counting, seen
from gates.measure.scan.engine import Engine

EXACT = 10_000
"""Rows up to which each value is counted; KS, Wasserstein and all others are exact then."""
CLASSES = 4_096
FULL = 24 / CLASSES
"""Share of a side's values above which a class of several is divided again."""
ROUNDS = 6
"""Each division narrows a range at least sixteenfold, as fewer than one in sixteen classes can be too full."""
CROWDED, SORTED = 0.05, 1_000_000
"""Share of a side's values in one class beyond which all are counted one by one, if rows are not more than these."""
RUNS = 12
"""Runs of full classes that are divided apart; of more of them, each is one narrow peak of many."""
NONE: Floats = np.zeros(0)


def histograms(engine: Engine, sources: Sequence[Source], *, whole: bool, divided: Floats = NONE) -> tuple[Cells, ...]:
    """Return each side's cells; those that hold one of `divided` are divided, whether they are full or not."""
    grid = _grid(sources)
    if _few(sources, grid, whole=whole):
        return tuple(_by_value(engine, source) for source in sources)
    joint = classed(engine, sources, grid)
    joint = _divided(engine, sources, joint, _full(joint) | _holding(joint, divided), grid)
    for _ in range(ROUNDS):
        full = _full(joint)
        if not full.any() or len(_runs(full)) > RUNS:
            break
        joint = _divided(engine, sources, joint, full)
    if _crowded(joint) and max(source.rows for source in sources) <= SORTED:
        return tuple(_by_value(engine, source) for source in sources)
    return tuple(_side(joint, place, source) for place, source in enumerate(sources))


def first_queries(sources: Sequence[Source], *, whole: bool) -> list[str]:
    """Return the queries that `histograms` begins with; their tables have the same columns for all numbers."""
    grid = _grid(sources)
    return [] if _few(sources, grid, whole=whole) else [counting(source, grid) for source in sources]


def _few(sources: Sequence[Source], grid: Grid, *, whole: bool) -> bool:
    """Are there so few values that each is counted by itself, or are they too close together to be divided?"""
    few = max(source.rows for source in sources) <= EXACT
    return few or not math.isfinite(grid.steps) or (whole and grid.high - grid.low < 2 * CLASSES)


def _grid(sources: Sequence[Source]) -> Grid:
    low, high = min(source.low for source in sources), max(source.high for source in sources)
    return Grid(low=low, high=high, classes=CLASSES)


def _by_value(engine: Engine, source: Source) -> Cells:
    table = engine.reduce(
        f"SELECT value, count(*) AS rows FROM (SELECT {source.value} AS value FROM {source.view}) "  # noqa: S608 - quoted
        "WHERE value IS NOT NULL GROUP BY value"
    )
    values, counts = floats(table["value"]), wholes(table["rows"])
    known = ~np.isnan(values)
    return of(values[known], counts[known])


def _full(joint: Joint) -> NDArray[np.bool_]:
    totals = np.maximum(joint.counts.sum(axis=1, keepdims=True), 1)
    full: NDArray[np.bool_] = np.any(joint.counts > FULL * totals, axis=0)
    return full & (joint.low < joint.high)


def _crowded(joint: Joint) -> bool:
    """Do values differ so much in size that dividing did not tell them apart?"""
    totals = np.maximum(joint.counts.sum(axis=1, keepdims=True), 1)
    return bool(np.any((joint.counts > CROWDED * totals) & (joint.low < joint.high)))


def _holding(joint: Joint, values: Floats) -> NDArray[np.bool_]:
    found = np.zeros(len(joint.low), dtype=np.bool_)
    found[np.clip(np.searchsorted(joint.high, values), 0, len(found) - 1)] = True
    return found & (joint.low < joint.high)


def _runs(full: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the first and the last of each run of full cells."""
    starts, ends = np.flatnonzero(full & ~np.r_[False, full[:-1]]), np.flatnonzero(full & ~np.r_[full[1:], False])
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def _divided(
    engine: Engine, sources: Sequence[Source], joint: Joint, full: NDArray[np.bool_], grid: Grid | None = None
) -> Joint:
    """Return the cells with each run of full ones put into classes of its own; a grid where they are its classes."""
    runs = _runs(full)
    if len(runs) > RUNS:
        runs = [(runs[0][0], runs[-1][1])]
    parts, done = [], 0
    for first, last in runs:
        inside = Grid(low=float(joint.low[first]), high=float(joint.high[last]), classes=CLASSES)
        if not math.isfinite(inside.steps):
            continue
        where = inside.within()
        if grid is not None:
            where = f"{grid.within()} AND {grid.place()} BETWEEN {joint.place[first]:.0f} AND {joint.place[last]:.0f}"
        parts += [joint.some(slice(done, first)), seen(engine, sources, inside, where)]
        done = last + 1
    return _together([*parts, joint.some(slice(done, None))])


def _together(parts: Sequence[Joint]) -> Joint:
    """Return the cells of parts in order; a class gives way to values seen beside it, its ends are rounded."""
    low, high = np.concatenate([part.low for part in parts]), np.concatenate([part.high for part in parts])
    place = np.concatenate([part.place for part in parts])
    rough = ~np.isnan(place)
    high[:-1] = np.where(rough[:-1], np.minimum(high[:-1], low[1:]), high[:-1])
    low[1:] = np.where(rough[1:], np.maximum(low[1:], high[:-1]), low[1:])
    return Joint(low=low, high=high, counts=np.concatenate([part.counts for part in parts], axis=1), place=place)


def _side(joint: Joint, place: int, source: Source) -> Cells:
    """Return the cells in which a side has values, none beyond its own least and largest, and those of infinity."""
    some = joint.counts[place] > 0
    below, above = ([at] * (rows > 0) for at, rows in zip((-np.inf, np.inf), source.infinite, strict=True))
    low, high = (np.clip(ends[some], source.low, source.high) for ends in (joint.low, joint.high))
    rows = [[count] * (count > 0) for count in source.infinite]
    return Cells(
        low=np.r_[below, low, above],
        high=np.r_[below, high, above],
        counts=np.r_[rows[0], joint.counts[place][some], rows[1]].astype(np.int64),
    )
