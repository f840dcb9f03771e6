"""Which values of a metric, or of a difference, do the counts leave plausible?

Shares of cells are drawn from their Dirichlet distribution given the counts, as gamma variates that need no scaling.
The prior has a direction, as in exact intervals of a proportion (Clopper and Pearson 1934, Biometrika 26:404-413, whose
lower bound is a Beta distribution's with one more failure): for lower bounds there is one more lost row, and of
the rows that were won almost one more, n/(n+1) where n were seen. Rows of like influence share that row; those of more
than twice the influence have one of their own. Without any differing row this is the rule of three, and so it holds
where models hardly differ; with many, it is the plain posterior.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gates.measure.certainty import Floats
from gates.measure.labels.cells import Cells
from gates.measure.labels.influence import influence
from gates.measure.labels.tally import METRICS, Tally, tally

WORK = 1_000_000
MOST, LEAST = 4_000, 2_000
MOST_CELLS = 2_000
"""With more cells than this there are so many rows that shares are normal, and no draws are needed."""
ALIKE = 2.0


def draws_for(cells: int) -> int:
    """Return how many draws are made of so many cells."""
    return min(MOST, max(LEAST, WORK // max(cells, 1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """Draws of the cells' shares without a prior, summed by class, which all metrics start from."""

    cells: Cells
    tallies: tuple[Tally, ...]
    seed: tuple[int, ...]


def base_draws(cells: Cells, seed: tuple[int, ...]) -> Base:
    """Draw the shares of all cells; `cells` are supported ones."""
    generator = np.random.default_rng(seed)
    drawn = generator.standard_gamma(cells.counts, size=(draws_for(len(cells.counts)), len(cells.counts)))
    return Base(cells=cells, tallies=tuple(tally(cells, model, drawn) for model in range(len(cells.said))), seed=seed)


def both_tails(name: str, base: Base) -> tuple[Floats, Floats]:
    """Return draws of a metric, or of its difference, whose lower (and whose upper) quantiles are bounds."""
    slopes = influence(name, base.cells)
    place = list(METRICS).index(name)
    tails = []
    for side, sign in enumerate((1.0, -1.0)):
        generator = np.random.default_rng((*base.seed, place, side))
        prior = list(_prior(base.cells, sign * slopes))
        tails.append(_values(name, base, prior, generator))
    return tails[0], tails[1]


def _values(name: str, base: Base, prior: list[tuple[int, float]], generator: np.random.Generator) -> Floats:
    added = [(cell, generator.standard_gamma(rows, size=len(base.tallies[0].labelled))) for cell, rows in prior]
    values = [METRICS[name](_with(base, model, added)) for model in range(len(base.tallies))]
    gaps = values[0] - values[1] if values[1:] else values[0]
    return np.asarray(gaps[~np.isnan(gaps)])


def _with(base: Base, model: int, added: list[tuple[int, Floats]]) -> Tally:
    before = base.tallies[model]
    labelled, said, right = before.labelled.copy(), before.said.copy(), before.right.copy()
    for cell, rows in added:
        true, answer = base.cells.label[cell], base.cells.said[model][cell]
        labelled[:, true] += rows
        said[:, answer] += rows
        if true == answer:
            right[:, true] += rows
    return Tally(labelled=labelled, said=said, right=right)


def _prior(cells: Cells, slopes: Floats) -> Iterator[tuple[int, float]]:
    """Yield cells and the rows that the prior of a lower bound gives to them."""
    apart = _apart(cells)
    for group in _alike(slopes, apart & (slopes < 0)):
        yield int(group[0]), 1.0
    for group in _alike(slopes, apart & (slopes > 0)):
        seen = float(cells.counts[group].sum())
        if seen:
            yield int(group[np.argmax(cells.counts[group])]), seen / (seen + 1)


def _apart(cells: Cells) -> NDArray[np.bool_]:
    """Return in which cells the models differ; of one model alone, all cells."""
    if len(cells.said) == 1:
        return np.ones(len(cells.label), dtype=np.bool_)
    return np.asarray(cells.said[0] != cells.said[1])


def _alike(slopes: Floats, among: NDArray[np.bool_]) -> Iterator[NDArray[np.int64]]:
    """Yield groups of cells whose influence is alike, the strongest first, each beginning with its strongest."""
    left = np.flatnonzero(among)
    left = left[np.argsort(-np.abs(slopes[left]), kind="stable")]
    strongest = abs(slopes[left[0]]) if len(left) else 0.0
    while len(left) and abs(slopes[left[0]]) > strongest / NEGLIGIBLE:
        alike = np.abs(slopes[left]) * ALIKE > abs(slopes[left[0]])
        yield left[alike]
        left = left[~alike]


NEGLIGIBLE = 1e4
"""So much weaker influence than the strongest is none."""
