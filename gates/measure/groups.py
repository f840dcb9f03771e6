"""How does each group of people fare under both models, and could this sample show that one fares worse?"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gates.evidence import GroupMetric
from gates.measure.group_names import Groups, groups_of
from gates.measure.group_values import GroupValues, error_values, group_cells, rate_values
from gates.measure.rounding import rounded
from gates.measure.rows import Rows
from gates.measure.unusable import UnusableError
from gates.metric import GROUP_METRICS, REGRESSION, metric_problem


def group_metrics(
    rows: Rows, *, data: Path, features: tuple[str, ...], names: tuple[str, ...], power_against: float
) -> tuple[GroupMetric, ...]:
    """Measure each group metric for each feature; what cannot be had is one fact without a group, with its problem."""
    facts: list[GroupMetric] = []
    for feature in dict.fromkeys(features):
        facts += _feature(rows, data, feature, tuple(dict.fromkeys(names)), power_against)
    return tuple(facts)


def _feature(rows: Rows, data: Path, feature: str, names: tuple[str, ...], power_against: float) -> list[GroupMetric]:
    try:
        groups = groups_of(data, feature, rows.order)
    except UnusableError as error:
        return [_without(feature, name, str(error)) for name in names]
    problems = {name: metric_problem(name, GROUP_METRICS, rows.task) for name in names}
    found = _values(rows, groups, tuple(name for name in names if not problems[name]))
    facts = [_without(feature, name, problem) for name, problem in problems.items() if problem]
    for name, values in found.items():
        told = _Told(name=name, groups=groups, values=values, power_against=power_against)
        facts += [told.fact(place) for place in range(len(groups.names))]
    return facts


def _without(feature: str, name: str, problem: str) -> GroupMetric:
    return GroupMetric(feature=feature, group="", metric=name, rows=0, challenger=None, problem=problem)


def _values(rows: Rows, groups: Groups, names: tuple[str, ...]) -> dict[str, GroupValues]:
    if rows.task == REGRESSION:
        return {name: error_values(rows, groups) for name in names}
    cells = group_cells(rows, groups)
    return {name: rate_values(name, cells, len(groups.names)) for name in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """One metric of one feature, ready to be told group by group."""

    name: str
    groups: Groups
    values: GroupValues
    power_against: float

    def fact(self, place: int) -> GroupMetric:
        """Return the fact of one group; the reference group has no difference to itself."""
        sample, is_reference = self.values.sample, place == self.groups.reference
        own = sample.own(place) or (None, None)
        value, champion = self._value(0, place), self._value(1, place)
        return GroupMetric(
            feature=self.groups.feature,
            group=self.groups.names[place],
            metric=self.name,
            rows=sample.rows(place),
            challenger=rounded(value),
            low=rounded(own[0]),
            high=rounded(own[1]),
            champion=rounded(champion),
            reference=is_reference,
        ).model_copy(update={} if is_reference else self._apart(place, value))

    def _value(self, model: int, place: int) -> float | None:
        found = self.values.values[model:][:1]
        return None if not found or np.isnan(found[0][place]) else float(found[0][place])

    def _apart(self, place: int, value: float | None) -> dict[str, float | None]:
        reference = self.groups.reference
        low, high = self.values.sample.apart(place, reference) or (None, None)
        base = self._value(0, reference)
        lower = GROUP_METRICS[self.name].lower_is_better
        return {
            "difference": rounded(None if value is None or base is None else value - base),
            "difference_low": rounded(low),
            "difference_high": rounded(high),
            "power": rounded(self.values.sample.power(place, reference, self.power_against, lower_is_better=lower)),
            "power_against": rounded(self.power_against),
        }
