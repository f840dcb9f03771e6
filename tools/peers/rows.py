"""Which rows does every contestant measure? The same files, written once per size.

Usage: python rows.py FOLDER ROWS
"""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

RACES, SEXES = ("white", "black", "hispanic", "asian", "other"), ("female", "male")
CHUNK = 1_000_000


def chunk(seed: int, rows: int, shift: float) -> pa.Table:
    """Return rows of 20 numbers, 5 categories, 2 sensitive features, a label and two correlated models' answers."""
    draw = np.random.default_rng(seed)
    numbers = {f"n{at:02}": draw.normal(loc=shift * (at % 5 == 0), size=rows) for at in range(20)}
    kinds = {f"c{at}": draw.choice([f"kind {k}" for k in range(3 + 4 * at)], size=rows) for at in range(5)}
    signal = sum(list(numbers.values())[:6]) / np.sqrt(6)
    label = (signal + draw.normal(size=rows) > 1).astype(np.int8)
    logits = {who: 1.6 * signal - 1.6 + draw.normal(scale=0.4, size=rows) for who in ("old", "new")}
    scores = {who: 1 / (1 + np.exp(-logit)) for who, logit in logits.items()}
    answers = {who: (logit > 0).astype(np.int8) for who, logit in logits.items()}
    groups = {
        "race": draw.choice(RACES, size=rows, p=[0.6, 0.15, 0.15, 0.07, 0.03]),
        "sex": draw.choice(SEXES, size=rows),
    }
    scored = {f"{who}_score": score for who, score in scores.items()}
    ids = np.arange(rows) + seed * CHUNK
    return pa.table({"id": ids, **numbers, **kinds, **groups, "y": label, **answers, **scored})


def written(path: Path, rows: int, seed: int, shift: float) -> None:
    """Write so many rows; a file that is there already stays."""
    if path.exists():
        return
    half = path.with_suffix(".part")
    first = chunk(seed, 1, shift)
    with parquet.ParquetWriter(half, first.schema) as writer:
        for at in range(0, rows, CHUNK):
            writer.write_table(chunk(seed + 1 + at // CHUNK, min(CHUNK, rows - at), shift))
    half.replace(path)


if __name__ == "__main__":
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    written(folder / f"current-{count}.parquet", count, 1, 0.02)
    written(folder / f"reference-{count}.parquet", count, 100_000, 0.0)
