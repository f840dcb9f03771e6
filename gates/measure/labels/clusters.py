"""How much less do rows say that come in clusters?

Each row's influence on a metric is summed per cluster; the variance of these sums, against that of as many independent
rows, is the design effect (Kish 1965, Survey Sampling, 8.2), which widens intervals. All sums are of integers.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gates.measure.certainty import Floats
from gates.measure.classes import Codes
from gates.measure.labels.cells import Cells
from gates.measure.prepared import Prepared

BITS = 30
"""Influences are kept in units of the strongest times 2^-30."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """How clusters change what is known of one metric."""

    factor: float
    """By which standard errors grow, at least 1."""
    degrees: float
    """Clusters that would say as much if all had the same size, less one."""


def designs(prepared: Prepared, cells: Cells, slopes: Mapping[str, Floats]) -> dict[str, Design]:
    """Return the effect of clusters on several metrics, from each one's influence per cell, in one scan."""
    weights = np.column_stack([np.ones(len(cells.label), dtype=np.int64), *map(_fixed, slopes.values())])
    sizes, *squares = _squares(prepared, cells, weights)
    size, clusters = sizes / cells.total, prepared.clusters or 0
    found = {}
    for (name, some), square in zip(slopes.items(), squares, strict=True):
        unit = float(np.abs(some).max()) / 2**BITS
        found[name] = design_of(cells, some, square * unit**2, clusters=clusters, size=size)
    return found


def design_of(cells: Cells, slopes: Floats, squares: float, *, clusters: int, size: float) -> Design:
    """Return the effect of clusters, from the sum over them of the squares of their rows' summed influence.

    `size` is that of the cluster of a row picked at random. One more cluster of this size, all of whose rows have the
    strongest influence, keeps rows that hardly differ from looking independent.
    """
    strongest = float((slopes**2).max())
    together = clusters / max(clusters - 1, 1) * squares + size * strongest
    alone = float((cells.counts * slopes**2).sum()) + strongest
    effect = together / alone if strongest else 1.0
    return Design(factor=float(np.sqrt(max(1.0, effect))), degrees=max(cells.total / size - 1, 1.0))


def _fixed(slopes: Floats) -> Codes:
    strongest = float(np.abs(slopes).max()) or 1.0
    return np.asarray(np.round(slopes / strongest * 2**BITS), dtype=np.int64)


def _squares(prepared: Prepared, cells: Cells, weights: Codes) -> list[float]:
    """Return for each column of weights (cell x column) the sum over clusters of its squared sum over their rows."""
    keys, places = ("label", *prepared.who), range(weights.shape[1])
    values = ", ".join(f"({', '.join(map(str, row))})" for row in np.column_stack([cells.label, *cells.said, weights]))
    named = ", ".join([*(f"of_{key}" for key in keys), *(f"weight_{at}" for at in places)])
    same = " AND ".join(f"counted.{key} = weights.of_{key}" for key in keys)
    every = ", ".join(("cluster", *keys))
    counted = f"(SELECT {every}, count(*) AS rows FROM {prepared.view} GROUP BY {every}) AS counted"  # noqa: S608 - ours
    sums = ", ".join(f"CAST(sum(rows * weight_{at}) AS HUGEINT) AS sum_{at}" for at in places)
    joined = f"{counted} JOIN (VALUES {values}) AS weights({named}) ON {same}"
    squares = ", ".join(f"sum(sum_{at} * sum_{at}) AS square_{at}" for at in places)
    query = f"SELECT {squares} FROM (SELECT {sums} FROM {joined} GROUP BY cluster)"  # noqa: S608 - ours
    row = prepared.engine.reduce(query).to_pylist()[0]
    return [float(row[f"square_{at}"]) for at in places]
