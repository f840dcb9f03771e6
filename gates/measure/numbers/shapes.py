"""How are errors spread, and where along the labels are they largest? And how do items change?"""

import math
import sys

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
REACH = 4.0
"""Histograms reach this many times as far as the mean size of what they count."""
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
    sizes = means(prepared.engine, columns.rows.view, [columns.absolute(who) for who in columns.who], prepared.count)
    reach = REACH * max(sizes.values())
    return tuple(_histogram(columns, f"{who}_error", f"e_{who}", reach) for who in columns.who)


def differences(prepared: Prepared) -> tuple[tuple[Histogram, ...], Changes | None]:
    """Count how items change from champion to challenger; nothing without a champion."""
    if not prepared.champion:
        return (), None
    columns = item_columns(prepared)
    change = f"({columns.answer('challenger')} - {columns.answer('champion')})"
    size = means(prepared.engine, columns.rows.view, [f"abs({change})"], prepared.count)
    found = one_row(
        prepared.engine,
        columns.rows.view,
        {"better": f"count_if({change} > 0)", "worse": f"count_if({change} < 0)", "same": f"count_if({change} = 0)"},
    )
    histogram = _histogram(columns, "difference", change, REACH * size[f"abs({change})"])
    return (histogram,), Changes(better=int(found["better"]), worse=int(found["worse"]), same=int(found["same"]))


def _histogram(columns: Columns, what: str, sql: str, reach: float) -> Histogram:
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
    fits = math.frexp(reach)[1] + columns.power <= sys.float_info.max_exp
    end = _kept(math.ldexp(reach, columns.power)) if fits else sys.float_info.max
    return Histogram.model_validate({"what": what, "low": -end, "high": end, "counts": tuple(counts)})


def _kept(value: float) -> float:
    return rounded(value) or 0.0
