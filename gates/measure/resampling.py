"""How are rows drawn again, with replacement and from a seed?"""

from collections.abc import Iterator

import numpy as np

from gates.measure.rows import Floats

MOST, LEAST = 2000, 200
WORK = 40_000_000
"""Cells or rows drawn in all, from which on there are fewer than `MOST` resamples: intervals need fewer the longer
they take, and never fewer than `LEAST`."""
CHUNK = 2_000_000


def resamples(size: int) -> int:
    """Return how many resamples of `size` cells or rows are drawn."""
    return min(MOST, max(LEAST, WORK // max(size, 1)))


def cell_draws(counts: Floats, seed: int) -> Iterator[Floats]:
    """Yield blocks of resampled counts (resample x cell), from the multinomial distribution of the cells.

    The same as drawing rows and counting again, but the order of rows is not in it.
    """
    generator = np.random.default_rng([seed, 1])
    total, left = int(counts.sum()), resamples(len(counts))
    step = max(1, CHUNK // len(counts))
    while left > 0:
        block = min(step, left)
        yield generator.multinomial(total, counts / total, size=block).astype(np.float64)
        left -= block


def row_draws(rows: int, seed: int) -> Iterator[Floats]:
    """Yield, for each resample, how often each row was drawn."""
    generator = np.random.default_rng([seed, 2])
    for _ in range(resamples(rows)):
        yield np.bincount(generator.integers(0, rows, size=rows), minlength=rows).astype(np.float64)
