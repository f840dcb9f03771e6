"""How do both models fare at each horizon, for each class or label, for each type of entity?

Parts are told, not judged: a policy judges metrics of all rows, and groups of people.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from gates.evidence import MetricComparison
from gates.measure.comparing import fact
from gates.measure.estimated import Estimated
from gates.measure.labels.cells import Cells, cells_of
from gates.measure.prepared import Prepared
from gates.measure.tagged.tallies import Tally, tallies, types
from gates.measure.unusable import UnusableError
from gates.metric import BINARY, ENTITIES, FORECASTING, MULTICLASS, MULTILABEL
from gates.part_facts import Part

MOST = 30
"""Parts that are looked at one by one; beyond that, nobody reads them."""
MOST_ROWS = 20_000_000
"""Rows times horizons, for each horizon takes scans of its own: what a person still waits for."""
OF_CLASS = ("f1", "precision", "recall")
OF_TYPE = ("entity_f1", "entity_precision", "entity_recall")
OF_HORIZON = ("mean_absolute_error", "mean_absolute_scaled_error")


def _refuse(many: int, what: str) -> None:
    if many > MOST:
        raise UnusableError(f"there are {many:,} {what}, too many to tell of each.")


def _facts(found: Mapping[str, Estimated | str], names: Sequence[str], rows: int) -> tuple[MetricComparison, ...]:
    return tuple(fact(name, found[name], rows) for name in names if name in found)


def _horizons(prepared: Prepared) -> tuple[Part, ...]:
    from gates.measure.numbers.forecasting import horizons  # noqa: PLC0415 - only what a task needs

    if "horizon" not in prepared.carried:
        return ()
    many = _distinct(prepared, "horizon")
    _refuse(many, "horizons")
    if many * prepared.count > MOST_ROWS:
        raise UnusableError(f"{prepared.count:,} rows of {many} horizons are too many to look at each horizon.")
    return tuple(
        Part(kind="horizon", name=one.horizon, rows=one.rows, metrics=_facts(one.metrics, OF_HORIZON, one.rows))
        for one in horizons(prepared, OF_HORIZON)
    )


def _distinct(prepared: Prepared, column: str) -> int:
    table = prepared.engine.reduce(f"SELECT count(DISTINCT {column}) AS n FROM {prepared.view}")  # noqa: S608 - ours
    return int(table.column("n")[0].as_py())


def _classes(prepared: Prepared) -> tuple[Part, ...]:
    """Look at each class against all others, in the cells of all of them: one scan, however many classes."""
    _refuse(len(prepared.classes), "classes")
    cells = cells_of(prepared)
    having = np.bincount(cells.label, weights=cells.counts, minlength=len(prepared.classes))
    return tuple(
        Part(kind="class", name=name, rows=int(having[place]), metrics=_against_others(prepared, place, cells))
        for place, name in enumerate(prepared.classes)
    )


def _against_others(prepared: Prepared, place: int, cells: Cells) -> tuple[MetricComparison, ...]:
    from gates.measure.labels.estimates import Counted, estimates  # noqa: PLC0415 - only what a task needs

    names = ("others", prepared.classes[place])
    if prepared.clusters is None:
        two = _of_one(cells, place)
        counted = Counted(cells=two, classes=names, clusters=None, designs={}, seed=prepared.seed)
        return _facts({name: counted.estimate(name) for name in OF_CLASS}, OF_CLASS, prepared.count)
    sides = ", ".join(f"CASE WHEN {who} = {place} THEN 1 ELSE 0 END AS {who}" for who in ("label", *prepared.who))
    view = f"(SELECT {sides}, cluster FROM {prepared.view})"  # noqa: S608 - names of our own
    found = estimates(replace(prepared, view=view, task=BINARY, classes=names, groups={}), OF_CLASS)
    return _facts(found, OF_CLASS, prepared.count)


def _of_one(cells: Cells, place: int) -> Cells:
    """Put all classes but one together."""
    table = np.column_stack([np.equal(codes, place) for codes in (cells.label, *cells.said)]).astype(np.int64)
    seen, at = np.unique(table, axis=0, return_inverse=True)
    counts = np.bincount(at.reshape(-1), weights=cells.counts, minlength=len(seen)).astype(np.float64)
    return Cells(label=seen[:, 0], said=tuple(seen[:, 1:].T), counts=counts, classes=2)


def _labels(prepared: Prepared) -> tuple[Part, ...]:
    """Tell each label's F1, without intervals: a label is too seldom there for most of them."""
    found = tallies(prepared)
    names = tuple(found["challenger"])
    _refuse(len(names), "labels")
    return tuple(
        Part(
            kind="label",
            name=name,
            rows=found["challenger"][name].true,
            metrics=_facts({"f1": _estimated([found[who][name] for who in prepared.who])}, ("f1",), prepared.count),
        )
        for name in names
    )


def _estimated(models: Sequence[Tally]) -> Estimated:
    return Estimated(
        challenger=models[0].f1,
        challenger_interval=None,
        champion=models[1].f1 if models[1:] else None,
        method="counts",
        effective=models[0].true,
    )


def _types(prepared: Prepared) -> tuple[Part, ...]:
    from gates.measure.tagged.estimates import by_type  # noqa: PLC0415 - only what a task needs

    _refuse(len(types(prepared)), "types of entities")
    return tuple(
        Part(kind="type", name=name, rows=prepared.count, metrics=_facts(found, OF_TYPE, prepared.count))
        for name, found in by_type(prepared, OF_TYPE).items()
    )


PARTS: Mapping[str, Callable[[Prepared], tuple[Part, ...]]] = {
    FORECASTING: _horizons,
    MULTICLASS: _classes,
    MULTILABEL: _labels,
    ENTITIES: _types,
}


def parts(prepared: Prepared) -> tuple[Part, ...]:
    """Measure each part of the rows' task; none where it has no parts.

    Raises `UnusableError` where there are too many to look at one by one.
    """
    return PARTS[prepared.task](prepared) if prepared.task in PARTS else ()
