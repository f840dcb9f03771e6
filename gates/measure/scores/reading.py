"""How do the rows of a view become arrays?

They are read once, in an order of their labels and scores, with the numbers of all groups that may be asked for: to
read them again for each group takes longer than everything that is computed from them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gates.measure.prepared import Prepared
from gates.measure.scan.arrays import array
from gates.measure.scan.dialect import text
from gates.measure.scores.arrays import Codes, Floats
from gates.measure.scores.sample import Sample

SCORES = {"challenger": "challenger_score", "champion": "champion_score"}
MOST_GROUPS = 200
"""A column of more values is read only when it is asked for."""
CROWDED = 16
"""Groups of fewer than one in so many rows are ranked by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """All rows as arrays, and by column the values that make groups."""

    all: Sample
    groups: dict[str, tuple[list[str], Codes]]
    """Values of a column, and the place of each row's among them."""


def samples(prepared: Prepared, by: Sequence[str]) -> dict[tuple[str, ...], Sample]:
    """Return the rows of each group that some columns of the view make; all rows under () without one."""
    rows = _rows(prepared, by)
    if not by:
        return {(): rows.all}
    places = np.zeros(len(rows.all.labels), dtype=np.int64)
    for column in by:
        named, codes = rows.groups[column]
        places = places * len(named) + codes
    parts = [(_named(rows, by, place), part) for place, part in _parts(places)]
    return {name: _some(rows.all, part) for name, part in sorted(parts, key=lambda one: one[0])}


def columns(prepared: Prepared, who: str) -> list[str]:
    """Return the view's columns of a model's scores."""
    if len(prepared.classes) <= 2:  # noqa: PLR2004 - binary
        return [SCORES[who]]
    return [f"{SCORES[who]}_{place}" for place in range(len(prepared.classes))]


def values(prepared: Prepared, by: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the groups that some columns of the view make, in order; one, (), without columns."""
    if not by:
        return ((),)
    wanted = ", ".join(by)
    found = prepared.engine.reduce(f"SELECT {wanted} FROM {prepared.view} GROUP BY {wanted}")  # noqa: S608 - our names
    return tuple(zip(*(map(str, found.column(column).to_pylist()) for column in by), strict=True))


def _rows(prepared: Prepared, by: Sequence[str]) -> _Rows:
    """Return what was read already, where it has the columns that are asked for."""
    known = prepared.kept.get(f"scores of {prepared.view}")
    if isinstance(known, _Rows) and all(column in known.groups for column in by):
        return known
    rows = prepared.kept[f"scores of {prepared.view}"] = _read(prepared, _named_columns(prepared, by))
    return rows


def _named_columns(prepared: Prepared, by: Sequence[str]) -> dict[str, list[str]]:
    """Return the columns that are asked for, or may be later, with their values."""
    single = [column for feature, column in prepared.groups.items() if "," not in feature]
    found = {column: [one for (one,) in values(prepared, (column,))] for column in dict.fromkeys([*by, *single])}
    return {column: names for column, names in found.items() if column in by or len(names) <= MOST_GROUPS}


def _read(prepared: Prepared, named: dict[str, list[str]]) -> _Rows:
    models = [columns(prepared, who) for who in prepared.who]
    table = prepared.engine.reduce(_query(prepared, [score for model in models for score in model], named))
    scores = [np.stack([floats(table.column(score)) for score in model], axis=1) for model in models]
    binary = len(models[0]) == 1
    sample = Sample(
        labels=array(table.column("label")).astype(np.int64),
        scores=tuple(one[:, 0] if binary else one for one in scores),
        classes=max(2, len(prepared.classes)),
        clusters=None if prepared.clusters is None else _numbered(table.column("cluster")),
        steps=tuple(_steps(one[:, 0]) for one in scores) if binary else (),
    )
    groups = {column: (names, array(table.column(f"of_{column}")).astype(np.int64)) for column, names in named.items()}
    return _Rows(all=sample, groups=groups)


def _query(prepared: Prepared, scores: Sequence[str], named: dict[str, list[str]]) -> str:
    """Return SQL for labels, scores, clusters, and the number of each row's group: to sort texts would take longer."""
    cluster = ["cluster"] if prepared.clusters is not None else []
    wanted = [f"rows.{one}" for one in ("label", *scores, *cluster)]
    wanted += [f"named_{column}.place AS of_{column}" for column in named]
    joins = [
        f"JOIN (VALUES {_listed(names)}) AS named_{column}(called, place) ON rows.{column} = named_{column}.called"
        for column, names in named.items()
    ]
    return f"SELECT {', '.join(wanted)} FROM {prepared.view} AS rows {' '.join(joins)}"  # noqa: S608 - our names


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"({text(name)}, {place})" for place, name in enumerate(names))


def _parts(places: Codes) -> Iterator[tuple[int, Codes]]:
    """Yield each place that occurs, and the rows that have it, in their order."""
    small = places.astype(np.int16) if places.max() < 2**15 else places  # which numpy sorts without comparing
    order = np.argsort(small, kind="stable")
    found, starts = np.unique(places[order], return_index=True)
    yield from zip(found.tolist(), np.split(order, starts[1:]), strict=True)


def _named(rows: _Rows, by: Sequence[str], place: int) -> tuple[str, ...]:
    """Return what a group has in each column."""
    name: list[str] = []
    for column in reversed(by):
        named = rows.groups[column][0]
        name.append(named[place % len(named)])
        place //= len(named)
    return tuple(reversed(name))


def _some(sample: Sample, part: Codes) -> Sample:
    """Return some of the rows."""
    return Sample(
        labels=sample.labels[part],
        scores=tuple(one[part] for one in sample.scores),
        classes=sample.classes,
        clusters=None if sample.clusters is None else np.unique(sample.clusters[part], return_inverse=True)[1],
        steps=tuple(_lowered(steps[part], len(steps)) for steps in sample.steps),
    )


def _steps(scores: Floats) -> Codes:
    """Return each score's place among the distinct ones."""
    order = np.argsort(scores)
    ascending = scores[order]
    steps = np.empty(len(scores), dtype=np.int64)
    steps[order] = np.cumsum(np.r_[False, ascending[1:] != ascending[:-1]])
    return steps


def _lowered(steps: Codes, size: int) -> Codes:
    """Return the places of some rows among themselves, from their places among so many rows."""
    if len(steps) * CROWDED < size:
        return np.unique(steps, return_inverse=True)[1]
    there = np.zeros(size, dtype=np.bool_)
    there[steps] = True
    return (np.cumsum(there) - 1)[steps]


def _numbered(column: Any) -> Codes:  # noqa: ANN401 - a pyarrow ChunkedArray
    """Return the number of each value, in the order in which values first come."""
    return array(column.combine_chunks().dictionary_encode().indices).astype(np.int64)


def floats(column: Any) -> Floats:  # noqa: ANN401 - a pyarrow ChunkedArray
    """Return a column of numbers."""
    return array(column).astype(np.float64)
