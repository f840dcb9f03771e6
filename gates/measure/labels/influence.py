"""How much would one more row of a cell move a metric?"""

import numpy as np

from gates.measure.certainty import Floats
from gates.measure.labels.cells import Cells
from gates.measure.labels.tally import METRICS, Tally, tally

STEP = 1e-5
"""Relative; the central difference of a smooth function is then exact to about ten digits."""


def influence(name: str, cells: Cells) -> Floats:
    """Return, for each cell, the derivative by the share of its rows: of a metric, challenger minus champion.

    The influence function at the sample (Hampel 1974, JASA 69:383-393); its mean over the rows is 0.
    """
    slopes = influence_on(name, cells, 0)
    return slopes - influence_on(name, cells, 1) if cells.said[1:] else slopes


def influence_on(name: str, cells: Cells, model: int) -> Floats:
    """Return the same for the metric of one model alone."""
    return np.asarray(cells.total * _of_model(name, cells, model))


def _of_model(name: str, cells: Cells, model: int) -> Floats:
    labelled, said, right = _slopes(name, tally(cells, model, cells.counts[None, :]))
    hit = np.where(cells.label == cells.said[model], right[cells.label], 0.0)
    return np.asarray(labelled[cells.label] + said[cells.said[model]] + hit)


def _slopes(name: str, at: Tally) -> Floats:
    """Return the derivatives by rows labelled, said and right (first axis) of each class (second axis).

    A class without rows has none: 0.
    """
    counts = np.concatenate([at.labelled[0], at.said[0], at.right[0]])
    steps = counts * STEP
    moved = counts + np.concatenate([np.diag(steps), -np.diag(steps)])
    labelled, said, right = np.split(moved, 3, axis=1)
    above, below = np.split(METRICS[name](Tally(labelled=labelled, said=said, right=right)), 2)
    slopes = np.divide(above - below, 2 * steps, out=np.zeros_like(steps), where=steps > 0)
    return np.asarray(slopes.reshape(3, -1))
