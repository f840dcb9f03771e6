"""Which bins are fine enough for scores of any distribution, and which bin is a score in?

Two levels. The first is logarithmic towards 0, towards 1 and towards infinity, so that neither an outlier nor a crowd
near 0 or 1 can collapse it, and it needs no look at the data. The second cuts each of its bins into equal widths from
its own least score to its greatest, as many as it holds rows for, so that all bins hold about equally many rows. A bin
whose scores are all the same is a tie, and exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from gates.measure.prepared import Prepared
from gates.measure.scan.arrays import array
from gates.measure.scan.source import Held

OCTAVE = 64
"""Bins of the first level for each doubling."""
HALF = OCTAVE * 1100
"""The first level's bin at 1/2: beyond the smallest double's, 2^-1074."""

_numbers = count()
"""Keep the names of lent tables apart; no number measured depends on them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """How one column of scores is cut into bins."""

    score: str
    """The rows' column."""
    of: int
    """The place of the class whose score it is, where there are several."""
    table: str
    """A table that the engine knows: key, first, low, scale, last."""
    bins: int


def key(score: str) -> str:
    """Return the first level's bin as SQL; it never falls when the score rises."""
    small = f"{HALF} + CAST(floor(log2({score}) * {OCTAVE}) AS BIGINT)"
    mirrored = f"{3 * HALF} - CAST(floor(log2(1 - {score}) * {OCTAVE}) AS BIGINT)"
    large = f"{6 * HALF} + CAST(floor(log2({score}) * {OCTAVE}) AS BIGINT)"
    negative = f"-1 - ({2 * HALF} + CAST(floor(log2(-{score}) * {OCTAVE}) AS BIGINT))"
    return (
        f"CASE WHEN {score} < 0 THEN {negative} WHEN {score} = 0 THEN 0 WHEN {score} <= 0.5 THEN {small} "
        f"WHEN {score} < 1 THEN {mirrored} ELSE {large} END"
    )


def cuts(prepared: Prepared, rows: str, score: tuple[int, str], bins: int) -> Cuts:
    """Cut a column of scores, given with its class's place, into about so many bins, in one scan."""
    of, name = score
    keyed = f"SELECT {key(name)} AS key, {name} AS score FROM ({rows})"  # noqa: S608 - our names
    found = prepared.engine.reduce(
        f"SELECT key, count(*) AS held, min(score) AS low, max(score) AS high FROM ({keyed}) GROUP BY key"  # noqa: S608 - our names
    )
    held, low, high = (array(found.column(one)) for one in ("held", "low", "high"))
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        wanted = np.where(high > low, np.ceil(held * (bins / prepared.count)), 1).astype(np.int64)
        scale = wanted / (high - low)
    wide = np.isfinite(scale) & (high > low)
    inside = np.where(wide, wanted, 1)
    columns = {
        "key": array(found.column("key")),
        "first": np.cumsum(inside) - inside,
        "low": low,
        "scale": np.where(wide, scale, 0.0),
        "last": inside - 1,
    }
    return Cuts(score=name, of=of, table=lent(prepared, columns), bins=int(inside.sum()))


def step(score: str, cut: str) -> str:
    """Return a score's bin as SQL, where `cut` is the row of its key in the cuts' table."""
    return f"{cut}.first + least({cut}.last, CAST(floor(({score} - {cut}.low) * {cut}.scale) AS BIGINT))"


def lent(prepared: Prepared, columns: dict[str, Any]) -> str:
    """Let the engine read a small table; returns its name in SQL.

    It is written down, so that the engine knows its size and its keys' range: what is joined is then looked up.
    """
    import pyarrow as pa  # noqa: PLC0415 - heavy

    called = f"held {next(_numbers)}"
    held = prepared.engine.view(called, Held(name=called, rows=pa.table(columns)))
    return written(prepared, f"SELECT * FROM {held.name}")  # noqa: S608 - our names


def stepped(rows: str, cut: Sequence[Cuts], columns: Sequence[str]) -> str:
    """Return some columns of rows as SQL, with the bin of each score that is cut, as step_ and the score's name."""
    keys = "".join(f", {key(one.score)} AS key_{one.score}" for one in cut)
    steps = [f"CAST({step(f'keyed.{one.score}', f'cut_{one.score}')} AS INTEGER) AS step_{one.score}" for one in cut]
    joins = " ".join(f"JOIN {one.table} AS cut_{one.score} ON key_{one.score} = cut_{one.score}.key" for one in cut)
    wanted = ", ".join([*(f"keyed.{column}" for column in columns), *steps])
    return f"SELECT {wanted} FROM (SELECT *{keys} FROM ({rows})) AS keyed {joins}"  # noqa: S608 - our names


def written(prepared: Prepared, query: str) -> str:
    """Write a query's rows down, for many scans; returns their name in SQL."""
    return prepared.engine.derive(f"scores {next(_numbers)}", query, kept=True).name
