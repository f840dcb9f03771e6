"""By how much may two models differ in a number that is no rate of the same rows, such as precision or F1?

Drawn from what each group's joint table of label and both answers leaves plausible: shares of cells are gamma variates
of their counts. For lower limits every cell that speaks against the challenger has one more row, for upper limits every
cell that speaks for it, as in exact intervals of a proportion (Clopper and Pearson 1934, Biometrika 26:404-413). So
limits hold where models hardly differ, too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gates.confidence import NORMAL
from gates.measure.groups.limits import Floats, Pair, Scores

DRAWS = 4_000
SEEDED = 0x67726F75
"""Keeps these draws apart from those of other measurements with the same seed."""
FURTHEST = -NORMAL.inv_cdf(10 / DRAWS)
"""Further out than this score, draws tell too little: limits go on as a normal tail would."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnSpread:
    """A number of each group, and draws of it for lower and for upper limits: a row each, a column a group."""

    value: Floats
    lower: Floats
    upper: Floats

    def at(self, score: Scores) -> Pair:
        """Return the draws' quantiles."""
        return self._end(self.lower, score, -1), self._end(self.upper, score, 1)

    def _end(self, draws: Floats, score: Scores, sign: int) -> Floats:
        near, share = np.minimum(score, FURTHEST), np.maximum(np.divide(score, FURTHEST), 1.0)
        levels = [NORMAL.cdf(sign * float(one)) for one in np.ravel(near)]
        middle, found = np.quantile(draws, 0.5, axis=0), np.quantile(draws, levels, axis=0)
        return np.asarray(middle + ((found if np.ndim(score) else found[0]) - middle) * share)


def drawn(
    value: Floats, tables: Floats, influence: Floats, number: Callable[[Floats], Floats], seed: int
) -> DrawnSpread:
    """Return the spread of a number of cells' rows.

    `tables` has the rows of each group and cell, `influence` whether one more row there raises or lowers the number.
    """
    rows, more = _draws(tables.tobytes(), tables.shape, seed)
    lower, upper = (number(rows + more * (sign * influence > 0)) for sign in (-1, 1))
    return DrawnSpread(value=value, lower=lower, upper=upper)


@lru_cache(maxsize=1)
def _draws(tables: bytes, shape: tuple[int, ...], seed: int) -> Pair:
    """Draw every cell's rows, and one row more, by draw, group and cell; once for all metrics of a table."""
    random = np.random.default_rng([seed, SEEDED])
    counts = np.frombuffer(tables, dtype=np.float64).reshape(shape)
    return random.standard_gamma(counts, size=(DRAWS, *shape)), random.standard_exponential(size=(DRAWS, *shape))
