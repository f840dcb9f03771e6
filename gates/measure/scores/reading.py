"""How do the rows of a view become arrays?"""

from typing import Any

import numpy as np

from gates.measure.prepared import Prepared
from gates.measure.scan.arrays import array
from gates.measure.scores.arrays import Codes, Floats
from gates.measure.scores.sample import Sample

SCORES = {"challenger": "challenger_score", "champion": "champion_score"}
NAMELESS = "''"
"""What all rows are called where there are no groups."""


def samples(prepared: Prepared, column: str | None) -> dict[str, Sample]:
    """Return the rows of each value of a column of the view, by value; all rows under "" without one."""
    models = [columns(prepared, who) for who in prepared.who]
    cluster = ["cluster"] if prepared.clusters is not None else []
    called = f"{column or NAMELESS} AS called"
    wanted = ", ".join([called, "label", *(score for model in models for score in model), *cluster])
    table = prepared.engine.reduce(f"SELECT {wanted} FROM {prepared.view}")  # noqa: S608 - our names
    clusters = places(table.column("cluster")) if cluster else None
    scores = [np.stack([floats(table.column(score)) for score in model], axis=1) for model in models]
    labels = floats(table.column("label")).astype(np.int64)
    return {
        name: Sample(
            labels=labels[part],
            scores=tuple(one[part, 0] if one.shape[1] == 1 else one[part] for one in scores),
            classes=max(2, len(prepared.classes)),
            clusters=None if clusters is None else np.unique(clusters[part], return_inverse=True)[1],
        )
        for name, part in _parts(table.column("called"))
    }


def columns(prepared: Prepared, who: str) -> list[str]:
    """Return the view's columns of a model's scores."""
    if len(prepared.classes) <= 2:  # noqa: PLR2004 - binary
        return [SCORES[who]]
    return [f"{SCORES[who]}_{place}" for place in range(len(prepared.classes))]


def _parts(column: Any) -> list[tuple[str, slice]]:  # noqa: ANN401 - a pyarrow ChunkedArray
    """Return each value of a sorted column and the rows that have it."""
    encoded = column.combine_chunks().dictionary_encode()
    codes = array(encoded.indices)
    ends = np.cumsum(np.bincount(codes)) if len(codes) else np.zeros(0, dtype=np.int64)
    starts = np.concatenate([[0], ends[:-1]]) if len(ends) else ends
    names = encoded.dictionary.to_pylist()
    return [(str(name), slice(int(start), int(end))) for name, start, end in zip(names, starts, ends, strict=True)]


def places(column: Any) -> Codes:  # noqa: ANN401 - a pyarrow ChunkedArray
    """Return the number of each value, in the order in which values first come."""
    return array(column.combine_chunks().dictionary_encode().indices).astype(np.int64)


def floats(column: Any) -> Floats:  # noqa: ANN401 - a pyarrow ChunkedArray
    """Return a column of numbers."""
    return array(column).astype(np.float64)
