"""What did a measurement of files find? The values that its faces are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from gates.answer_facts import Answers, WorstItem
from gates.conclusion import Conclusion
from gates.drift_facts import Drift
from gates.evidence import GroupMetric, MetricComparison
from gates.fairness_facts import Criterion, GroupSize
from gates.outcome import Outcome
from gates.part_facts import Part
from gates.quality_facts import Quality
from gates.slice_facts import Slices
from gates.weighing import Weighed


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Which rows a measurement rests on."""

    data: str
    """What messages call them."""
    task: str
    rows: int
    left_out: tuple[tuple[str, int], ...]
    """Why rows were left out, and how many."""
    clusters: int | None = None
    notes: tuple[str, ...] = ()
    seed: int = 0

    @property
    def rows_left_out(self) -> int:
        """How many rows no number rests on."""
        return sum(rows for _, rows in self.left_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonReport:
    """Two models' answers for the same rows, or one model's against a trivial one."""

    looked: Looked
    challenger: str
    """The columns that hold the answers."""
    champion: str | None
    metrics: tuple[MetricComparison, ...]
    margins: Mapping[str, float]
    groups: tuple[GroupMetric, ...]
    sizes: tuple[GroupSize, ...]
    criteria: tuple[Criterion, ...]
    weighed: Weighed
    drift: Drift | None = None
    quality: Quality | None = None
    answers: Answers | None = None
    slices: Slices | None = None
    """None where nobody asked, or no column can be cut."""
    worst: tuple[WorstItem, ...] = ()
    """Items that lost most, by id; only where a column of ids was named."""
    detailed: bool = False
    """Were ranking, calibration and slices asked for?"""
    parts: tuple[Part, ...] = ()
    """Horizons, classes, labels or types of entities, each by itself."""

    def with_inputs(self, drift: Drift, quality: Quality) -> Self:
        """Add how the rows compare with those of a reference, and whether they can be trusted."""
        return replace(self, drift=drift, quality=quality)

    @property
    def outcome(self) -> Outcome:
        """The worst of what decides."""
        return self.weighed.outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class FairnessReport:
    """One model's answers, group by group."""

    looked: Looked
    prediction: str
    metrics: tuple[str, ...]
    limit: float
    groups: tuple[GroupMetric, ...]
    sizes: tuple[GroupSize, ...]
    criteria: tuple[Criterion, ...]
    conclusions: Mapping[tuple[str, str, str], Conclusion]
    """By feature, group and metric: what was held against the limit."""

    @property
    def outcome(self) -> Outcome:
        """The worst group decides; nothing to hold against each other is inconclusive."""
        return max((one.outcome for one in self.conclusions.values()), default=Outcome.INCONCLUSIVE)
