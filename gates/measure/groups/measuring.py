"""How does each group fare under both models, and could this sample show that one fares worse?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gates.evidence import GroupMetric
from gates.measure.groups.catalogue import Wanted, wanted
from gates.measure.groups.features import Feature, features_of
from gates.measure.groups.grouping import Grouping
from gates.measure.groups.reading import Reading, reading
from gates.measure.groups.telling import told
from gates.measure.groups.values import GroupValues
from gates.measure.numbers.seasonal import clustered_by_series
from gates.measure.prepared import Prepared
from gates.measure.unusable import UnusableError


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Every metric in every group of one feature."""

    feature: str
    grouping: Grouping | None
    """None where the feature cannot be looked at."""
    values: tuple[tuple[Wanted, GroupValues], ...] = ()
    problems: tuple[tuple[str, str], ...] = ()
    """Metric, and why it cannot be had, in one line."""


def group_metrics(
    prepared: Prepared, features: Sequence[str], names: Sequence[str], power_against: float | None = None
) -> tuple[GroupMetric, ...]:
    """Measure each metric for each feature; what cannot be had is one fact without a group, with its problem.

    A feature `race,sex` is the intersection of the two; a metric `recall:cat` is the recall of one class of several.
    `power_against` is the shortfall of a group against which power is stated, in the metric's own unit.
    """
    return tuple(fact for table in tables(prepared, features, names) for fact in facts(table, power_against))


def tables(prepared: Prepared, features: Sequence[str], names: Sequence[str]) -> tuple[Table, ...]:
    """Measure each metric for each feature, before anything is told."""
    prepared = clustered_by_series(prepared)
    asked, found = wanted(prepared, names), features_of(prepared, features)
    read = reading(prepared, [feature for feature in found if not feature.problem], asked)
    return tuple(_table(feature, asked, read) for feature in found)


def _table(feature: Feature, asked: Sequence[Wanted], read: Reading) -> Table:
    if feature.problem:
        return _unusable(feature.name, asked, feature.problem)
    try:
        grouping = read.grouping(feature)
    except UnusableError as error:
        return _unusable(feature.name, asked, str(error))
    found = {one: one.problem or read.values(one, feature, grouping) for one in asked}
    return Table(
        feature=feature.name,
        grouping=grouping,
        values=tuple((one, values) for one, values in found.items() if isinstance(values, GroupValues)),
        problems=tuple((one.name, problem) for one, problem in found.items() if isinstance(problem, str)),
    )


def _unusable(feature: str, asked: Sequence[Wanted], problem: str) -> Table:
    return Table(feature=feature, grouping=None, problems=tuple((one.name, problem) for one in asked))


def facts(table: Table, power_against: float | None) -> Iterator[GroupMetric]:
    """Tell what was found, problems first."""
    for name, problem in table.problems:
        yield GroupMetric(feature=table.feature, group="", metric=name, rows=0, challenger=None, problem=problem)
    if table.grouping is not None:
        for one, values in table.values:
            yield from told(table.grouping, values, power_against, lower_is_better=one.lower_is_better)
