"""How do tests of groups get at rows?"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from gates.measure.prepared import Prepared
from gates.measure.preparing.asked import Answer, Asked
from gates.measure.preparing.prepare import prepare
from gates.measure.scan.engine import opened
from gates.measure.scan.source import Files

Columns = Mapping[str, Sequence[Any]]
Open = Callable[..., AbstractContextManager[Prepared]]


@pytest.fixture(scope="session")
def opening(tmp_path_factory: pytest.TempPathFactory) -> Open:
    """Prepare columns: `y`, `a` and perhaps `b` (the models' answers), their scores, and features named by `by`."""
    folder = tmp_path_factory.mktemp("rows")

    @contextmanager
    def prepared(
        columns: Columns,
        by: Sequence[str],
        *,
        task: str = "binary-classification",
        threads: int | None = None,
        **more: Any,  # noqa: ANN401 - passed on
    ) -> Iterator[Prepared]:
        path = folder / f"{len(list(folder.iterdir()))}.parquet"
        parquet.write_table(pa.table({name: pa.array(values) for name, values in columns.items()}), path)
        with opened(threads=threads) as engine:
            asked = Asked(
                task=task,
                label="y" if "y" in columns else None,
                challenger=_answer(columns, "a"),
                champion=_answer(columns, "b") if "b" in columns else None,
                by=tuple(tuple(feature.split(",")) for feature in by),
                **more,
            )
            yield prepare(engine, engine.view("data", Files(paths=(path,)), said=Path(path).name), asked)

    return prepared


def _answer(columns: Columns, who: str) -> Answer:
    return Answer(prediction=who, score=f"{who}_score" if f"{who}_score" in columns else None)


def people(seed: int = 4, rows: int = 900) -> dict[str, Any]:
    """Make two models' answers for people of a few races and sexes, and some of unknown race."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, 2, rows)
    said = [np.where(random.random(rows) < right, truth, 1 - truth) for right in (0.85, 0.8)]
    race = random.choice(np.array(["white", "black", "asian", None], dtype=object), rows, p=[0.5, 0.3, 0.15, 0.05])
    return {"y": truth, "a": said[0], "b": said[1], "race": race.tolist(), "sex": random.choice(["f", "m"], rows)}
