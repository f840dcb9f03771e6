"""How do groups fare? One row for each group, one column for each metric, so that a person sees it at a glance."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gates.conclusion import Conclusion
from gates.evidence import GroupMetric
from gates.fairness_facts import Criterion, GroupSize
from gates.outcome import Outcome
from gates.shortfall import place
from gates.weighing import GroupKey

DIFFERENCE, RATIO = "_difference", "_ratio"
NAMED = ("demographic_parity", "equalized_odds", "equal_opportunity")
"""The criteria that have names of their own; the others are metrics."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One group."""

    size: GroupSize
    cells: tuple[GroupMetric | None, ...]
    """One for each metric; None where it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """All groups, by feature as they were named."""

    metrics: tuple[str, ...]
    rows: tuple[Row, ...]
    homeless: tuple[GroupMetric, ...]
    """What was measured of no group that has a size, such as a feature that could not be read."""
    conclusions: Mapping[GroupKey, Conclusion]

    def outcome(self, cell: GroupMetric) -> Outcome | None:
        """Return what was concluded of one group's metric; None where nothing was."""
        found = self.conclusions.get(_key(cell))
        return None if found is None else found.outcome

    @property
    def judged(self) -> tuple[int, ...]:
        """Places of the metrics that something was concluded of."""
        names = {metric for _, _, metric in self.conclusions}
        return tuple(place for place, metric in enumerate(self.metrics) if metric in names)

    @property
    def problems(self) -> tuple[str, ...]:
        """Why what was asked of groups could not be measured; of a feature without groups once, not for each metric."""
        return tuple(dict.fromkeys(f"{self._of(one)}: {one.problem}" for one in self.measured if one.problem))

    def _of(self, one: GroupMetric) -> str:
        if one not in self.homeless or one.group:
            return f"{one.metric} of {place(one)}"
        return f"{one.metric} of {one.feature}" if one.feature in self.features else one.feature

    @property
    def features(self) -> frozenset[str]:
        """The features that have groups."""
        return frozenset(row.size.feature for row in self.rows)

    @property
    def without_interval(self) -> bool:
        """Has a group a value without an interval?"""
        return any(one.challenger is not None and one.low is None for one in self.measured)

    @property
    def measured(self) -> tuple[GroupMetric, ...]:
        """Every group's every metric."""
        return (*(cell for row in self.rows for cell in row.cells if cell is not None), *self.homeless)

    @property
    def has_positives(self) -> bool:
        """Do the sizes know the share of positives?"""
        return any(row.size.positives is not None for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """How far apart the groups of a feature are in one criterion, as a difference and as a ratio."""

    feature: str
    name: str
    difference: Criterion | None
    ratio: Criterion | None

    @property
    def problem(self) -> str:
        """One line, when it could not be computed."""
        return next((one.problem for one in (self.difference, self.ratio) if one and one.problem), "")

    @property
    def too_few(self) -> str:
        """One line, when a group has too few rows for an interval."""
        return next((one.too_few for one in (self.difference, self.ratio) if one and one.too_few), "")


def groups_of(
    sizes: Sequence[GroupSize], groups: Sequence[GroupMetric], conclusions: Mapping[GroupKey, Conclusion]
) -> Groups:
    """Arrange what was measured of groups."""
    metrics = tuple(dict.fromkeys(one.metric for one in groups))
    cells = {(one.feature, one.group, one.metric): one for one in groups}
    rows = tuple(
        Row(size=size, cells=tuple(cells.get((size.feature, size.group, metric)) for metric in metrics))
        for size in sizes
    )
    placed = {(size.feature, size.group) for size in sizes}
    homeless = tuple(one for one in groups if (one.feature, one.group) not in placed)
    return Groups(metrics=metrics, rows=rows, homeless=homeless, conclusions=conclusions)


def apart(criteria: Sequence[Criterion], *, named_only: bool) -> tuple[Apart, ...]:
    """Put each criterion's difference and ratio together; with `named_only`, leave metrics out where others are."""
    found = {(one.feature, one.criterion): one for one in criteria}
    keys = tuple(dict.fromkeys((one.feature, _bare(one.criterion)) for one in criteria))
    named = [key for key in keys if key[1] in NAMED]
    return tuple(
        Apart(
            feature=feature,
            name=name,
            difference=found.get((feature, name + DIFFERENCE)),
            ratio=found.get((feature, name + RATIO)),
        )
        for feature, name in (named if named_only and named else keys)
    )


def _bare(criterion: str) -> str:
    return criterion.removesuffix(DIFFERENCE).removesuffix(RATIO)


def too_small(groups: Groups) -> tuple[str, ...]:
    """Name the groups that something would have been concluded of, had they more rows."""
    return tuple(dict.fromkeys(place(cell) for cell in _small(groups)))


def how_much(groups: Groups) -> str:
    """Say of one group that is too small what it has, and what would be enough."""
    return next((f"{cell.metric} of {place(cell)}: {cell.too_few}" for cell in _small(groups)), "")


def _key(one: GroupMetric) -> GroupKey:
    return one.feature, one.group, one.metric


def _small(groups: Groups) -> Iterator[GroupMetric]:
    judged = (row.cells[at] for row in groups.rows for at in groups.judged)
    return (cell for cell in judged if cell is not None and cell.too_few)


def groupless(groups: Groups) -> Mapping[str, tuple[str, ...]]:
    """Return the features that something was to be concluded of and that have no groups, by the reason."""
    found: dict[str, dict[str, None]] = {}
    for one in _groupless(groups):
        found.setdefault(one.problem, {})[one.feature] = None
    return {why: tuple(features) for why, features in found.items()}


def _groupless(groups: Groups) -> Iterator[GroupMetric]:
    sized = groups.features
    homeless = (one for one in groups.homeless if one.problem and one.feature not in sized)
    return (one for one in homeless if _key(one) in groups.conclusions)


def unhappy(groups: Groups) -> list[Conclusion]:
    """Return what did not pass though its feature has groups, and its group is large enough, worst first."""
    told = {_key(one) for row in groups.rows for one in row.cells if one and one.too_few}
    told |= set(map(_key, _groupless(groups)))
    found = [one for key, one in groups.conclusions.items() if key not in told and one.outcome > Outcome.PASS]
    return sorted(found, key=lambda one: one.outcome, reverse=True)
