"""Which features can stand in for one another?"""

from itertools import combinations
from typing import Any

import numpy as np

from gates.measure.classes import Codes

BINS = 10
ALIKE = 0.5
"""Cramer's V, corrected for chance, from which on two features are named; of two normal numbers in ten bins each, it
belongs to a correlation of about 0.93."""
RANKED = 0.7
"""Spearman's correlation from which on two numbers are named."""


def related(table: Any, features: tuple[str, ...]) -> dict[str, tuple[str, ...]]:  # noqa: ANN401 - a pyarrow Table
    """Return for each feature the others that tell much of what it tells."""
    found: dict[str, list[str]] = {feature: [] for feature in features}
    ranks = {feature: _ranks(table.column(feature)) for feature in features}
    binned = {feature: _binned(ranks[feature]) for feature in features}
    for one, other in combinations(features, 2):
        numbers = all(_is_number(table.column(name)) for name in (one, other))
        close = numbers and abs(_correlation(ranks[one], ranks[other])) >= RANKED
        if close or _association(binned[one], binned[other]) >= ALIKE:
            found[one].append(other)
            found[other].append(one)
    return {feature: tuple(others) for feature, others in found.items()}


def _is_number(column: Any) -> bool:  # noqa: ANN401 - a pyarrow ChunkedArray
    import pyarrow as pa  # noqa: PLC0415 - heavy

    kinds = pa.types
    return bool(kinds.is_integer(column.type) or kinds.is_floating(column.type) or kinds.is_decimal(column.type))


def _ranks(column: Any) -> Codes:  # noqa: ANN401 - a pyarrow ChunkedArray
    """Return dense ranks in the order of the values; null is the last."""
    import pyarrow as pa  # noqa: PLC0415 - heavy
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    plain = column.combine_chunks()
    if pa.types.is_nested(plain.type) or pa.types.is_dictionary(plain.type):
        plain = pa.array([str(value) for value in plain.to_pylist()])
    return np.asarray(pc.rank(plain, sort_keys="ascending", tiebreaker="dense"), dtype=np.int64)


def _binned(ranks: Codes) -> Codes:
    """Return about ten bins of as many rows each; equal values share one."""
    values, places, counts = np.unique(ranks, return_inverse=True, return_counts=True)
    if len(values) <= BINS:
        return np.asarray(places, dtype=np.int64)
    middle = np.cumsum(counts) - counts / 2
    return np.asarray((middle * BINS // len(ranks))[places], dtype=np.int64)


def _correlation(one: Codes, other: Codes) -> float:
    spreads = one.std() * other.std()
    return float(((one - one.mean()) * (other - other.mean())).mean() / spreads) if spreads else 0.0


def _association(one: Codes, other: Codes) -> float:
    """Return Cramer's V, corrected for bias (Bergsma 2013)."""
    table = np.zeros((int(one.max(initial=0)) + 1, int(other.max(initial=0)) + 1))
    np.add.at(table, (one, other), 1)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    rows, (down, across) = table.sum(), table.shape
    if min(down, across) < 2 or rows < 2:  # noqa: PLR2004 - a constant is related to nothing
        return 0.0
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / rows
    square = float(((table - expected) ** 2 / expected).sum()) / rows
    square = max(square - (down - 1) * (across - 1) / (rows - 1), 0.0)
    fewer = min(side - (side - 1) ** 2 / (rows - 1) for side in (down, across)) - 1
    return float(np.sqrt(square / fewer)) if fewer > 0 else 0.0
