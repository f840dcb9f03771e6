"""Rows written once, and prepared as production prepares them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from gates.measure.estimated import Estimated
from gates.measure.numbers import estimates
from gates.measure.prepared import Prepared
from gates.measure.preparing.asked import Answer, Asked
from gates.measure.preparing.prepare import prepare
from gates.measure.scan.engine import Engine, opened
from gates.measure.scan.source import Files
from gates.measure.scan.view import View
from gates.metric import ITEMS

Columns = Mapping[str, Any]


@contextmanager
def prepared(columns: Columns, *, threads: int = 2, **asked: Any) -> Iterator[Prepared]:  # noqa: ANN401 - fields of many kinds
    """Write columns to a file and prepare them, for the body; `asked` are fields of `Asked`."""
    with viewed(columns, threads=threads) as (engine, view):
        yield prepare(engine, view, roles(columns, **asked))


@contextmanager
def viewed(columns: Columns, *, threads: int = 2) -> Iterator[tuple[Engine, View]]:
    """Write columns to a file and open it, for the body."""
    with TemporaryDirectory() as folder, opened(threads=threads) as engine:
        path = Path(folder, "rows.parquet")
        pq.write_table(pa.table(dict(columns)), path)
        yield engine, engine.view("rows", Files(paths=(path,)))


def measured(columns: Columns, *names: str, threads: int = 2, **asked: Any) -> dict[str, Estimated | str]:  # noqa: ANN401 - fields of many kinds
    """Return what is known of metrics of numbers."""
    with prepared(columns, threads=threads, **asked) as rows:
        return estimates(rows, names)


def known(columns: Columns, name: str, **asked: Any) -> Estimated:  # noqa: ANN401 - fields of many kinds
    """Return what is known of one metric, which is no problem."""
    found = measured(columns, name, **asked)[name]
    assert isinstance(found, Estimated), found
    return found


def roles(columns: Columns, **asked: Any) -> Asked:  # noqa: ANN401 - fields of many kinds
    """Return what each column is, by its name; `regression` unless said otherwise."""
    task = asked.pop("task", "regression")
    carried = {part: part for part in ("cluster", "id", "time", "series", "horizon") if part in columns}
    return Asked(
        task=task,
        label="label" if "label" in columns else None,
        challenger=_answer(task, "challenger"),
        champion=_answer(task, "champion") if "champion" in columns else None,
        **{**carried, **asked},
    )


def _answer(task: str, column: str) -> Answer:
    return Answer(score=column) if task == ITEMS else Answer(prediction=column)


def two_models(count: int = 400, seed: int = 7) -> dict[str, NDArray[np.float64]]:
    """Return labels, and two models' answers that share much of their error."""
    rng = np.random.default_rng(seed)
    label, shared = rng.normal(5, 3, count), rng.normal(size=count)
    return {
        "label": label,
        "challenger": label + shared + 0.3 * rng.normal(size=count),
        "champion": label + 1.1 * shared + 0.3 * rng.normal(size=count),
    }
