"""What is each group's value under each model? fairlearn says; the counts behind it are ours."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gates.measure.classes import Codes
from gates.measure.group_names import Groups
from gates.measure.group_samples import ErrorSample, RateSample, Sample
from gates.measure.rows import Floats, Rows

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupValues:
    """One metric in every group: both models' values (NaN where no row counts), and the challenger's sample."""

    values: tuple[Floats, ...]
    sample: Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCells:
    """Rows that agree in group, label and answers, counted; in a binary task the positive class is 1, the other 0."""

    group: Codes
    label: Codes
    said: tuple[Codes, ...]
    counts: Codes


def group_cells(rows: Rows, groups: Groups) -> GroupCells:
    """Reduce the rows of a classification to cells."""
    columns = [rows.labels, *(answers.predicted for answers in rows.both)]
    if rows.positive >= 0:
        columns = [(column == rows.positive).astype(np.int64) for column in columns]
    cells, counts = np.unique(np.column_stack([groups.codes, *columns]), axis=0, return_counts=True)
    said = tuple(cells[:, place] for place in range(2, cells.shape[1]))
    return GroupCells(group=cells[:, 0], label=cells[:, 1], said=said, counts=counts.astype(np.int64))


def rate_values(name: str, cells: GroupCells, groups: int) -> GroupValues:
    """Return a rate in every group, of the cells that it counts."""
    counted = _counted(name, cells)
    values = tuple(_framed(_rate(name), cells, said, counted, groups) for said in cells.said)
    weights = np.where(counted, cells.counts, 0)
    hits = np.where(_hit(name, cells), weights, 0)
    return GroupValues(
        values=values,
        sample=RateSample(hits=_summed(cells.group, hits, groups), of=_summed(cells.group, weights, groups)),
    )


def _summed(group: Codes, weights: Codes, groups: int) -> Codes:
    return np.bincount(group, weights=weights, minlength=groups).astype(np.int64)


def _counted(name: str, cells: GroupCells) -> Mask:
    counted: Mask = np.ones(len(cells.label), dtype=np.bool_)
    if name in {"true_positive_rate", "false_negative_rate"}:
        counted = np.equal(cells.label, 1)
    elif name == "false_positive_rate":
        counted = np.equal(cells.label, 0)
    return counted


def _hit(name: str, cells: GroupCells) -> Mask:
    wanted = cells.label if name == "accuracy" else np.int64(0 if name == "false_negative_rate" else 1)
    hit: Mask = np.equal(cells.said[0], wanted)
    return hit


def _rate(name: str) -> Callable[..., float]:
    from fairlearn import metrics as fair  # noqa: PLC0415 - takes seconds
    from sklearn.metrics import accuracy_score  # noqa: PLC0415 - as above

    known: dict[str, Callable[..., float]] = {
        "selection_rate": fair.selection_rate,
        "true_positive_rate": fair.true_positive_rate,
        "false_positive_rate": fair.false_positive_rate,
        "false_negative_rate": fair.false_negative_rate,
        "accuracy": accuracy_score,
    }
    return known[name]


def _framed(metric: Callable[..., float], cells: GroupCells, said: Codes, counted: Mask, groups: int) -> Floats:
    from fairlearn.metrics import MetricFrame  # noqa: PLC0415 - takes seconds

    values = np.full(groups, np.nan)
    frame = MetricFrame(
        metrics=metric,
        y_true=cells.label[counted].tolist(),
        y_pred=said[counted].tolist(),
        sensitive_features=cells.group[counted].tolist(),
        sample_params={"sample_weight": cells.counts[counted].tolist()},
    )
    values[frame.by_group.index.to_numpy(dtype=np.int64)] = frame.by_group.to_numpy(dtype=np.float64)
    return values


def error_values(rows: Rows, groups: Groups) -> GroupValues:
    """Return the mean absolute error in every group."""
    errors = [np.abs(answers.values - rows.truth) for answers in rows.both]
    size = len(groups.names)
    values = tuple(_mean_errors(rows.truth, answers.values, groups) for answers in rows.both)
    members = [errors[0][groups.codes == place] for place in range(size)]
    deviations = np.array([some.std(ddof=1) if len(some) > 1 else np.nan for some in members])
    of = np.array([len(some) for some in members], dtype=np.int64)
    return GroupValues(values=values, sample=ErrorSample(means=values[0], deviations=deviations, of=of))


def _mean_errors(truth: Floats, answered: Floats, groups: Groups) -> Floats:
    from fairlearn.metrics import MetricFrame  # noqa: PLC0415 - takes seconds
    from sklearn.metrics import mean_absolute_error  # noqa: PLC0415 - as above

    frame = MetricFrame(
        metrics=mean_absolute_error,
        y_true=truth.tolist(),
        y_pred=answered.tolist(),
        sensitive_features=groups.codes.tolist(),
    )
    return np.asarray(frame.by_group.to_numpy(dtype=np.float64))
