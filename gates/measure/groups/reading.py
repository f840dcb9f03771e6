"""From which small tables are the metrics of groups read, and what do they come to?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from gates.measure.groups.answered import Answered, AnsweredRows
from gates.measure.groups.borrowed import borrowed
from gates.measure.groups.catalogue import Wanted
from gates.measure.groups.cells import Cells, cells_of
from gates.measure.groups.classified import CLASSWISE, classified
from gates.measure.groups.clustered import AnsweredClusters, Moments, moments_of
from gates.measure.groups.errors import Errors, Sums, errors_of, sums_of
from gates.measure.groups.families import ByGroup, told_of_groups
from gates.measure.groups.features import Feature
from gates.measure.groups.grouping import Grouping, grouping
from gates.measure.groups.numbered import NAMES as ERRORS
from gates.measure.groups.numbered import numbered
from gates.measure.groups.values import GroupValues
from gates.measure.prepared import Prepared
from gates.measure.unusable import UnusableError
from gates.metric import BINARY, CLASSES, FORECASTING, MULTICLASS, REGRESSION

TOO_LARGE = "the numbers are too large for it: divide the columns by a power of ten."


class Reading(Protocol):
    """Small tables of a task's rows."""

    def grouping(self, feature: Feature) -> Grouping:
        """Return a feature's groups; raises `UnusableError`."""

    def values(self, asked: Wanted, feature: Feature, grouping: Grouping) -> GroupValues | str:
        """Return a metric in every group, or why it cannot be had."""


def reading(prepared: Prepared, features: Sequence[Feature], asked: Sequence[Wanted]) -> Reading:
    """Reduce the rows to what the metrics need."""
    if prepared.task in CLASSES:
        others = dict.fromkeys(one.base for one in asked if not one.problem and not _counted(one, prepared.task))
        return ReadClasses(prepared=prepared, cells=cells_of(prepared, features), others=tuple(others))
    return _read_numbers(prepared, features, asked)


def _counted(asked: Wanted, task: str) -> bool:
    """Is the metric a matter of one class, or of right and wrong?"""
    return asked.base == "accuracy" or (asked.base in CLASSWISE and (asked.place is not None or task == BINARY))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadClasses:
    """A classification's cells, by the name of each feature."""

    prepared: Prepared
    cells: dict[str, Cells]
    others: tuple[str, ...]
    """Metrics that other families know."""
    told: dict[str, ByGroup] = field(default_factory=dict)
    """What they told, by feature."""
    moments: dict[tuple[str, int | None], Moments] = field(default_factory=dict)
    """Of clusters, by feature and class."""

    def grouping(self, feature: Feature) -> Grouping:
        """Return a feature's groups."""
        cells = self.cells[feature.name]
        found = grouping(feature, cells.groups, cells.counts)
        if self.prepared.task != BINARY:
            return found
        return replace(found, positives=found.summed(np.where(np.equal(cells.label, 1), cells.counts, 0)))

    def values(self, asked: Wanted, feature: Feature, grouping: Grouping) -> GroupValues | str:
        """Return a metric in every group."""
        if asked.base not in self.others or asked.place is not None:
            return classified(asked.name, asked.base, self._answered(asked, feature, grouping))
        if feature.name not in self.told:
            self.told[feature.name] = told_of_groups(self.prepared, feature, grouping, self.others)
        return borrowed(asked, grouping, self.told[feature.name])

    def _answered(self, asked: Wanted, feature: Feature, grouping: Grouping) -> Answered:
        cells = self.cells[feature.name]
        if asked.place is not None:
            cells = of_class(cells, asked.place)
        elif self.prepared.task == MULTICLASS:
            cells = right_or_wrong(cells)
        rows = AnsweredRows(cells=cells, grouping=grouping, seed=self.prepared.seed)
        if self.prepared.clusters is None:
            return rows
        key = (feature.name, asked.place)
        if key not in self.moments:
            self.moments[key] = moments_of(self.prepared, feature, grouping, asked.place)
        return AnsweredClusters(rows_alone=rows, moments=self.moments[key])


def of_class(cells: Cells, place: int) -> Cells:
    """Look at one class against all others: 1 is the class, 0 is any other."""
    label, *said = (np.equal(codes, place).astype(np.int64) for codes in (cells.label, *cells.said))
    return replace(cells, label=label, said=tuple(said))


def right_or_wrong(cells: Cells) -> Cells:
    """Look at nothing but whether answers are right: the label is 1 everywhere, and so is a right answer."""
    said = tuple(np.equal(codes, cells.label).astype(np.int64) for codes in cells.said)
    return replace(cells, label=np.ones_like(cells.label), said=said)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadNumbers:
    """Sums of errors, and whatever other metrics of numbers need."""

    prepared: Prepared
    sums: Sums
    expressions: Mapping[str, Mapping[str, str]]
    """By metric and model."""
    errors: Errors | None
    others: tuple[str, ...]
    """Metrics that other families know."""
    told: dict[str, ByGroup] = field(default_factory=dict)
    """What they told, by feature."""

    def grouping(self, feature: Feature) -> Grouping:
        """Return a feature's groups."""
        return grouping(feature, self.sums.groups, self.sums.counts)

    def values(self, asked: Wanted, feature: Feature, grouping: Grouping) -> GroupValues | str:
        """Return a metric in every group."""
        if asked.base in self.others or self.errors is None:
            return borrowed(asked, grouping, self._told(feature, grouping))
        try:
            return numbered(asked.name, self.expressions[asked.base], self.sums, grouping, self.errors.power)
        except OverflowError:
            return TOO_LARGE

    def _told(self, feature: Feature, grouping: Grouping) -> ByGroup:
        if feature.name not in self.told:
            self.told[feature.name] = told_of_groups(self.prepared, feature, grouping, self.others)
        return self.told[feature.name]


def _read_numbers(prepared: Prepared, features: Sequence[Feature], asked: Sequence[Wanted]) -> ReadNumbers:
    """Sum errors in one scan, unless rows come in clusters or the numbers cannot be summed: their family knows then."""
    known = tuple(dict.fromkeys(one.base for one in asked if not one.problem))
    bases = [base for base in known if base in ERRORS]
    errors = _summable(prepared) if bases and prepared.clusters is None else None
    expressions = {} if errors is None else {base: errors.expressions(base) for base in bases}
    listed = [sql for one in expressions.values() for sql in one.values()]
    return ReadNumbers(
        prepared=prepared,
        sums=sums_of(prepared, features, listed),
        expressions=expressions,
        errors=errors,
        others=tuple(base for base in known if base not in expressions),
    )


def _summable(prepared: Prepared) -> Errors | None:
    if prepared.task not in (REGRESSION, FORECASTING):
        return None
    try:
        return errors_of(prepared)
    except UnusableError:
        return None
