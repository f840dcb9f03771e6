"""How many rows agree in label, answers and groups? The one table that all rates of all groups are read from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from gates.measure.groups.features import Feature
from gates.measure.groups.limits import Counts
from gates.measure.prepared import Prepared
from gates.measure.scan.dialect import name

MOST_CELLS = 250_000
"""More than so many possible cells are not counted for all features at once, but for one intersection after another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A small column: each cell's place among the names, which are sorted."""

    names: tuple[str, ...]
    codes: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Rows that agree in everything that is asked, counted."""

    label: Counts
    said: tuple[Counts, ...]
    """The answer of the challenger and, where there is one, of the champion."""
    counts: Counts
    groups: Mapping[str, Column]
    """By single feature."""


def cells_of(prepared: Prepared, features: Sequence[Feature]) -> dict[str, Cells]:
    """Count the rows of a classification, by the name of each feature; one scan where that is a small table."""
    single = tuple(dict.fromkeys(part for feature in features for part in feature.parts))
    if not single:
        return {}
    if _small(prepared, features):
        together = _counted(prepared, single)
        return dict.fromkeys((feature.name for feature in features), together)
    return {feature.name: _counted(prepared, feature.parts) for feature in features}


def _small(prepared: Prepared, features: Sequence[Feature]) -> bool:
    sizes = {part: size for feature in features for part, size in feature.sizes.items()}
    return prod([*sizes.values(), *[len(prepared.classes)] * (1 + len(prepared.who))]) <= MOST_CELLS


def _counted(prepared: Prepared, single: Sequence[str]) -> Cells:
    columns = ["label", *prepared.who, *(prepared.groups[part] for part in single)]
    listed = ", ".join(name(column) for column in columns)
    query = f"SELECT {listed}, count(*) AS {name('rows')} FROM {prepared.view} GROUP BY {listed}"  # noqa: S608 - quoted
    table = prepared.engine.reduce(query)
    return Cells(
        label=_whole(table, "label"),
        said=tuple(_whole(table, who) for who in prepared.who),
        counts=_whole(table, "rows"),
        groups={part: coded(table.column(prepared.groups[part])) for part in single},
    )


def _whole(table: Any, column: str) -> Counts:  # noqa: ANN401 - a pyarrow Table
    # to_numpy would load pandas, which takes longer than all the rest
    return np.array(table.column(column).to_pylist(), dtype=np.int64)


def coded(column: Any) -> Column:  # noqa: ANN401 - a pyarrow ChunkedArray of text
    """Return a small column of text as places among its sorted names."""
    values = column.to_pylist()
    names = sorted(set(values))
    places = {value: place for place, value in enumerate(names)}
    return Column(names=tuple(names), codes=np.array([places[value] for value in values], dtype=np.int64))
