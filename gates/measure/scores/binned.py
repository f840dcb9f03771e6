"""How many rows, which scores and how many events are in each bin of a reliability diagram, by group?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from gates.measure.prepared import Prepared
from gates.measure.scan.dialect import fixed
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
    found = prepared.engine.reduce(
        "SELECT bin, count(*) AS held, sum(hit) AS hits, "  # noqa: S608 - our names
        f"sum({fixed('gap', BITS)}) AS gaps, sum({fixed('gap * gap', BITS)}) AS squares "
        f"FROM (SELECT {bin_} AS bin, {rows.came_true(at)} AS hit, {gap} AS gap FROM ({rows.rows})) GROUP BY bin"
    )
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


def _bins(rows: Sequence[Mapping[str, Any]]) -> Bins:
    columns = np.zeros((3, BINS))
    for row in rows:
        columns[:, row["bin"] % BINS] = row["held"], int(row["gaps"]) / 2**BITS, int(row["hits"])
    counts, gaps, hits = columns
    return Bins(counts=counts.astype(np.int64), gaps=gaps, hits=hits)


def _variances(rows: Sequence[Mapping[str, Any]]) -> Floats:
    variances = np.zeros(BINS)
    for row in rows:
        total = Fraction(int(row["gaps"]), 2**BITS)
        rest = Fraction(int(row["squares"]), 2**BITS) - total * total / int(row["held"])
        variances[row["bin"] % BINS] = max(0.0, float(rest))
    return variances


def _signs(bins: Mapping[int, Bins]) -> dict[str, Any]:
    return {
        "bin": np.concatenate([group * BINS + np.arange(BINS) for group in bins]),
        "sign": np.concatenate([np.sign(one.gaps) for one in bins.values()]),
    }
