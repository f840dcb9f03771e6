"""How many rows, which scores and how many events are in each bin of a reliability diagram, by group?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from gates.measure.prepared import Prepared
from gates.measure.scan.dialect import double, finest, fixed
from gates.measure.scores.arrays import Floats
from gates.measure.scores.binning import lent
from gates.measure.scores.grouping import Grouped
from gates.measure.scores.reliability import BINS, Bins, bias

BITS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Binned:
    """One model's reliability diagrams by group, by the group's number."""

    bins: Mapping[int, Bins]
    biases: Mapping[int, tuple[float, float]]
    """How much each group's error is expected to be too large, at least and at most."""
    table: str
    """A table that the engine knows: bin (of all groups), and the sign of its gap."""
    bin: str
    """A row's bin, as SQL."""
    gap: str
    """A row's score minus what came true, as SQL."""


def binned(prepared: Prepared, rows: Grouped, at: int) -> Binned:
    """Bin the scores of the model at a place, in one scan."""
    bin_ = f"(place * {BINS} + least(CAST(floor({rows.top(at)} * {BINS}) AS BIGINT), {BINS - 1}))"
    gap = f"({rows.top(at)} - {rows.came_true(at)})"
    read = f"SELECT {bin_} AS bin, {rows.came_true(at)} AS hit, {gap} AS gap"
    summing = _by_row if prepared.clusters is None else _by_cluster
    found = prepared.engine.reduce(summing(read, rows.rows, prepared.count))
    cells: dict[int, list[dict[str, Any]]] = {}
    for row in found.to_pylist():
        cells.setdefault(int(row["bin"]) // BINS, []).append(row)
    bins = {group: _bins(of) for group, of in cells.items()}
    return Binned(
        bins=bins,
        biases={group: bias(bins[group], _variances(of)) for group, of in cells.items()},
        table=lent(prepared, _signs(bins)),
        bin=bin_,
        gap=gap,
    )


def _by_row(read: str, rows: str, _: int) -> str:
    """Return a query for each bin's rows, events and gaps, and the gaps' squares; each row is a unit of its own."""
    return (
        "SELECT bin, count(*) AS held, sum(hit) AS hits, "  # noqa: S608 - our names
        f"sum({fixed('gap', BITS)}) AS gaps, sum({fixed('gap * gap', BITS)}) AS squares, "
        f"sum({fixed('gap', BITS)}) AS products, count(*) AS sizes, {BITS} AS bits "
        f"FROM ({read} FROM ({rows})) GROUP BY bin"
    )


def _by_cluster(read: str, rows: str, count: int) -> str:
    """Return the same query where a cluster's rows are one unit, whose sums are squared."""
    bits = min(BITS, finest(float(count) ** 2, 1))
    back = double(2.0**-BITS)
    units = (
        "SELECT bin, count(*) AS size, sum(hit) AS hits, "  # noqa: S608 - our names
        f"sum({fixed('gap', BITS)}) AS gaps FROM ({read}, cluster FROM ({rows})) GROUP BY bin, cluster"
    )
    scaled = f"SELECT bin, size, hits, gaps, CAST(gaps AS DOUBLE) * {back} AS gap FROM ({units})"  # noqa: S608 - our names
    return (
        "SELECT bin, sum(size) AS held, sum(hits) AS hits, sum(gaps) AS gaps, "  # noqa: S608 - our names
        f"sum({fixed('gap * gap', bits)}) AS squares, sum({fixed('gap * size', bits)}) AS products, "
        f"sum(size * size) AS sizes, {bits} AS bits FROM ({scaled}) GROUP BY bin"
    )


def _bins(rows: Sequence[Mapping[str, Any]]) -> Bins:
    columns = np.zeros((3, BINS))
    for row in rows:
        columns[:, row["bin"] % BINS] = row["held"], int(row["gaps"]) / 2**BITS, int(row["hits"])
    counts, gaps, hits = columns
    return Bins(counts=counts.astype(np.int64), gaps=gaps, hits=hits)


def _variances(rows: Sequence[Mapping[str, Any]]) -> Floats:
    """Return how each bin's sum of gaps scatters: squares of what units add, around the bin's mean."""
    variances = np.zeros(BINS)
    for row in rows:
        mean = Fraction(int(row["gaps"]), 2**BITS) / int(row["held"])
        squares, products = (Fraction(int(row[one]), 2 ** int(row["bits"])) for one in ("squares", "products"))
        rest = squares - 2 * mean * products + mean * mean * int(row["sizes"])
        variances[row["bin"] % BINS] = max(0.0, float(rest))
    return variances


def _signs(bins: Mapping[int, Bins]) -> dict[str, Any]:
    return {
        "bin": np.concatenate([group * BINS + np.arange(BINS) for group in bins]),
        "sign": np.concatenate([one.signs for one in bins.values()]),
    }
