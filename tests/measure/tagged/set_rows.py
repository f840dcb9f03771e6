"""Rows of lists, written once and prepared as production prepares them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gates.measure.estimated import Estimated
from gates.measure.prepared import Prepared
from gates.measure.preparing.asked import Answer, Asked
from gates.measure.scan.engine import opened
from gates.measure.scan.source import Files
from gates.measure.tagged import estimates, prepare_tagged

Lists = Sequence[Sequence[str]]
LABELS, ENTITIES = "multilabel-classification", "entity-recognition"


@contextmanager
def prepared(task: str, columns: dict[str, Any], *, threads: int = 2, separator: str = "") -> Iterator[Prepared]:
    """Write columns to a file and prepare them, for the body."""
    asked = Asked(
        task=task,
        label="label",
        challenger=Answer(prediction="challenger"),
        champion=Answer(prediction="champion") if "champion" in columns else None,
        cluster="cluster" if "cluster" in columns else None,
    )
    with TemporaryDirectory() as folder, opened(threads=threads) as engine:
        path = Path(folder, "rows.parquet")
        pq.write_table(pa.table(columns), path)
        yield prepare_tagged(engine, engine.view("rows", Files(paths=(path,))), asked, separator=separator)


def measured(task: str, columns: dict[str, Any], *names: str, threads: int = 2) -> dict[str, Estimated | str]:
    """Return what is known of metrics of sets."""
    with prepared(task, columns, threads=threads) as rows:
        return estimates(rows, names)


def values(found: dict[str, Estimated | str]) -> dict[str, tuple[float, float | None]]:
    """Return each metric of both models, none of which is a problem."""
    assert not [some for some in found.values() if isinstance(some, str)], found
    return {name: (some.challenger, some.champion) for name, some in found.items() if isinstance(some, Estimated)}


def texts(rows: Lists) -> Any:  # noqa: ANN401 - a pyarrow Array
    """Return lists as a column, whatever is in them."""
    return pa.array([list(row) for row in rows], type=pa.list_(pa.string()))
