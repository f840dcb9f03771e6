"""How often was which class right? Accuracy and its kin from counts, and from counts drawn again."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gates.measure.classes import Codes
from gates.measure.estimate import Estimate, by_resampling
from gates.measure.intervals import Interval, wilson
from gates.measure.resampling import cell_draws
from gates.measure.rows import Floats, Rows

LABEL_METRICS = ("accuracy", "balanced_accuracy", "precision", "recall", "f1", "f1_macro")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Rows that agree in label and in both answers, counted; sorted, so that the order of rows is not in it."""

    label: Codes
    said: tuple[Codes, ...]
    """What the challenger and, where there is one, the champion said."""
    counts: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Per class (last axis), and per resample where there are many."""

    labelled: Floats
    said: Floats
    right: Floats


def cells_of(rows: Rows) -> Cells:
    """Reduce the rows to cells."""
    table = np.column_stack([rows.labels, *(answers.predicted for answers in rows.both)])
    cells, counts = np.unique(table, axis=0, return_counts=True)
    return Cells(
        label=cells[:, 0],
        said=tuple(cells[:, place] for place in range(1, cells.shape[1])),
        counts=counts.astype(np.float64),
    )


def label_estimates(rows: Rows, names: tuple[str, ...], seed: int) -> dict[str, Estimate | str]:
    """Estimate label metrics, all of them from the same 2,000 resamples; a text says why one is not defined."""
    cells, size = cells_of(rows), len(rows.classes)
    exact = [tally(cells.counts[None, :], cells.label, said, size) for said in cells.said]
    drawn: dict[str, list[list[Floats]]] = {name: [[] for _ in cells.said] for name in names}
    for block in cell_draws(cells.counts, seed):
        for place, said in enumerate(cells.said):
            tallied = tally(block, cells.label, said, size)
            for name in names:
                drawn[name][place].append(value_of(name, tallied, rows.positive))
    return {name: _estimate(name, rows, exact, drawn[name]) for name in names}


def _estimate(name: str, rows: Rows, exact: list[Tally], drawn: list[list[Floats]]) -> Estimate | str:
    values = tuple(float(value_of(name, tallied, rows.positive)[0]) for tallied in exact)
    for answers, value in zip(rows.both, values, strict=True):
        if np.isnan(value):
            return f"the {answers.who} never predicts {rows.classes[rows.positive]}, so {name} is not defined."
    return by_resampling(
        values,
        tuple(np.concatenate(blocks) for blocks in drawn),
        baseline=baseline_of(name, exact[0].labelled[0], rows.positive),
        method="paired bootstrap",
        own=_rate_interval(name, exact[0], rows.positive),
    )


def tally(counts: Floats, label: Codes, said: Codes, classes: int) -> Tally:
    """Sum counts (resample x cell) by class."""
    return Tally(
        labelled=_summed(counts, label, classes),
        said=_summed(counts, said, classes),
        right=_summed(counts * (label == said), label, classes),
    )


def _summed(counts: Floats, codes: Codes, classes: int) -> Floats:
    order = np.argsort(codes, kind="stable")
    present, starts = np.unique(codes[order], return_index=True)
    sums = np.zeros((len(counts), classes))
    sums[:, present] = np.add.reduceat(counts[:, order], starts, axis=1)
    return sums


def value_of(name: str, of: Tally, positive: int) -> Floats:
    """Return a label metric as scikit-learn defines it; NaN where precision has nothing to divide by."""
    if name == "accuracy":
        return _ratio(of.right.sum(axis=-1), of.labelled.sum(axis=-1))
    if name == "balanced_accuracy":
        return _mean_where(_ratio(of.right, of.labelled), of.labelled > 0)
    if name == "f1_macro":
        return _mean_where(_ratio(2 * of.right, of.labelled + of.said), of.labelled + of.said > 0)
    right, said, labelled = of.right[..., positive], of.said[..., positive], of.labelled[..., positive]
    if name == "precision":
        return np.where(said > 0, _ratio(right, said), np.nan)
    return _ratio(right, labelled) if name == "recall" else _ratio(2 * right, labelled + said)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _mean_where(values: Floats, counted: NDArray[np.bool_]) -> Floats:
    result: Floats = (values * counted).sum(axis=-1) / counted.sum(axis=-1)
    return result


def _rate_interval(name: str, of: Tally, positive: int) -> Interval | None:
    """Give accuracy, precision and recall the score interval of a rate; the others keep their resamples'."""
    if name == "accuracy":
        return wilson(int(of.right.sum()), int(of.labelled.sum()))
    if name in {"precision", "recall"}:
        whole = of.said if name == "precision" else of.labelled
        return wilson(int(of.right[0, positive]), int(whole[0, positive]))
    return None


def baseline_of(name: str, labelled: Floats, positive: int) -> float | None:
    """Return the metric of a model that always says the most frequent class.

    None for precision and recall, of which one alone says nothing: whoever always says yes has a recall of one.
    """
    share = float(labelled.max() / labelled.sum())
    if name == "accuracy":
        return share
    always = 2 * share / (1 + share)
    if name == "balanced_accuracy":
        return float(1 / (labelled > 0).sum())
    if name == "f1_macro":
        return always / float((labelled > 0).sum())
    if name == "f1":
        return always if int(labelled.argmax()) == positive else 0.0
    return None
