"""How are errors spread, and where along the labels are they largest? And how do items change?"""

import math
import sys
from collections.abc import Mapping

from gates.answer_facts import Changes, Decile, Histogram
from gates.measure.numbers.columns import Columns, columns_of
from gates.measure.numbers.exact import means, one_row
from gates.measure.numbers.items import item_columns
from gates.measure.numbers.ranks import at_ranks
from gates.measure.prepared import Prepared
from gates.measure.rounding import rounded
from gates.measure.scan.arrays import array
from gates.measure.scan.dialect import double, finest, fixed

BINS = 41
"""Of a histogram: odd, so that no change at all is the middle of one."""
REACH = 2.0
"""Histograms reach this many times as far as the middle nine tenths, so that a few wild numbers do not crush them."""
FALLBACK = 4.0
"""The same of the mean size, where the middle nine tenths are all 0."""
MIDDLE = (0.05, 0.95)
TENTHS = 10
LEAST = 20
"""Rows from which deciles say something."""


def deciles(prepared: Prepared) -> tuple[Decile, ...]:
    """Return how far off the models are from one decile of the labels to the next; equal labels are not parted."""
    if prepared.count < LEAST:
        return ()
    columns = columns_of(prepared)
    ranks = [math.ceil(prepared.count * tenth / TENTHS) - 1 for tenth in range(1, TENTHS)]
    found = at_ranks(prepared.engine, columns.rows.view, columns.label, ranks)
    cuts = sorted(set(found.values()))
    part = " + ".join(f"CASE WHEN {columns.label} > {double(cut)} THEN 1 ELSE 0 END" for cut in cuts)
    bits = finest(4.0, prepared.count)
    sums = {
        f"{kind}_{who}": f"sum({fixed(sql, bits)})"
        for who in columns.who
        for kind, sql in (("size", columns.absolute(who)), ("bias", f"e_{who}"))
    }
    listed = ", ".join(f"{sql} AS {called}" for called, sql in sums.items())
    query = (
        f"SELECT {part} AS part, count(*) AS n, min({columns.label}) AS low, max({columns.label}) AS high, {listed} "  # noqa: S608 - ours
        f"FROM {columns.rows.view} GROUP BY 1"
    )
    return tuple(_decile(row, columns, bits) for row in prepared.engine.reduce(query).to_pylist())


def _decile(row: dict[str, object], columns: Columns, bits: int) -> Decile:
    rows = int(str(row["n"]))

    def mean(called: str) -> float:
        return _kept(math.ldexp(int(str(row[called])) / rows, columns.power - bits))

    champion = "champion" in columns.who
    return Decile(
        low=_kept(math.ldexp(float(str(row["low"])), columns.power)),
        high=_kept(math.ldexp(float(str(row["high"])), columns.power)),
        rows=rows,
        challenger=mean("size_challenger"),
        champion=mean("size_champion") if champion else None,
        challenger_bias=mean("bias_challenger"),
        champion_bias=mean("bias_champion") if champion else None,
    )


def errors(prepared: Prepared) -> tuple[Histogram, ...]:
    """Count each model's errors in the same bins."""
    columns = columns_of(prepared)
    return _histograms(columns, {f"{who}_error": f"e_{who}" for who in columns.who})


def differences(prepared: Prepared) -> tuple[tuple[Histogram, ...], Changes | None]:
    """Count how items change from champion to challenger; nothing without a champion."""
    if not prepared.champion:
        return (), None
    columns = item_columns(prepared)
    change = f"({columns.answer('challenger')} - {columns.answer('champion')})"
    found = one_row(
        prepared.engine,
        columns.rows.view,
        {"better": f"count_if({change} > 0)", "worse": f"count_if({change} < 0)", "same": f"count_if({change} = 0)"},
    )
    changes = Changes(better=int(found["better"]), worse=int(found["worse"]), same=int(found["same"]))
    return _histograms(columns, {"difference": change}), changes


def _histograms(columns: Columns, numbers: Mapping[str, str]) -> tuple[Histogram, ...]:
    """Count numbers, by what they are and in SQL, in the same bins."""
    middles = {what: _middle(columns, sql) for what, sql in numbers.items()}
    reach = REACH * max(abs(end) for ends in middles.values() for end in ends)
    if not reach:
        sizes = [f"abs({sql})" for sql in numbers.values()]
        reach = FALLBACK * max(means(columns.rows.engine, columns.rows.view, sizes, columns.rows.count).values())
    return tuple(_histogram(columns, what, sql, reach, middles[what]) for what, sql in numbers.items())


def _middle(columns: Columns, sql: str) -> tuple[float, float]:
    """Return the ends of the middle nine tenths, as numpy's percentile has them: straight between two ranks."""
    places = [(columns.rows.count - 1) * share for share in MIDDLE]
    ranks = {rank for place in places for rank in (math.floor(place), math.ceil(place))}
    found = at_ranks(columns.rows.engine, columns.rows.view, sql, ranks)
    low, high = (_between(found[math.floor(at)], found[math.ceil(at)], at - math.floor(at)) for at in places)
    return low, high


def _between(low: float, high: float, share: float) -> float:
    return low * (1 - share) + high * share if low != high else low


def _histogram(columns: Columns, what: str, sql: str, reach: float, middle: tuple[float, float]) -> Histogram:
    """Count a number in equal bins from minus to plus `reach`."""
    width = 2 * reach / BINS
    counts = [0] * BINS
    if width > 0 and math.isfinite(1 / width):
        place = f"floor(least(greatest(({sql}) * {double(1 / width)} + {BINS / 2!r}, 0e0), {BINS - 1}e0))"
        query = f"SELECT CAST({place} AS INTEGER) AS bin, count(*) AS n FROM {columns.rows.view} GROUP BY 1"  # noqa: S608 - ours
        found = columns.rows.engine.reduce(query)
        for bin_, rows in zip(array(found["bin"]).tolist(), array(found["n"]).tolist(), strict=True):
            counts[int(bin_)] = int(rows)
    else:
        counts[BINS // 2] = columns.rows.count
    end, ends = _in_unit(reach, columns), tuple(_in_unit(one, columns) for one in middle)
    found = {"what": what, "low": -end, "high": end, "counts": tuple(counts), "middle": ends}
    return Histogram.model_validate(found)


def _in_unit(value: float, columns: Columns) -> float:
    """Return a number in the data's own unit, or the largest that there is."""
    if math.frexp(value)[1] + columns.power <= sys.float_info.max_exp:
        return _kept(math.ldexp(value, columns.power))
    return math.copysign(sys.float_info.max, value)


def _kept(value: float) -> float:
    return rounded(value) or 0.0
