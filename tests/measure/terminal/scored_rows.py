"""Rows that two models answered, as people bring them to `mlops measure`."""

from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet


def scored(path: Path, rows: int = 3_000, *, worse: float = 0.0, seed: int = 1) -> Path:
    """Write labels, both models' answers and scores, and two features; `worse` is the challenger's extra noise."""
    draw = np.random.default_rng(seed)
    signal = draw.normal(size=rows)
    label = (signal + 0.7 * draw.normal(size=rows) > 0).astype(np.int8)
    old = 2 * signal + 0.2 * draw.normal(size=rows)
    new = 2 * signal + (0.2 + worse) * draw.normal(size=rows)
    table = pa.table(
        {
            "id": np.arange(rows),
            "y": label,
            "old": (old > 0).astype(np.int8),
            "new": (new > 0).astype(np.int8),
            "old_score": 1 / (1 + np.exp(-old)),
            "new_score": 1 / (1 + np.exp(-new)),
            "race": draw.choice(["a", "b", "c"], size=rows, p=[0.6, 0.39, 0.01]),
            "sex": draw.choice(["female", "male"], size=rows),
            "age": draw.integers(18, 90, size=rows),
        }
    )
    parquet.write_table(table, path)
    return path
