"""What do measured metrics and groups say together, where nobody wrote a policy?

The same three answers as a promotion's gates give (`gates.proof`): a comparison of files is judged at the whole 5 %.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from gates.conclusion import Conclusion
from gates.confidence import ALPHA
from gates.contest import Contest, contest
from gates.evidence import GroupMetric, MetricComparison
from gates.judging import judged
from gates.looks import Budget
from gates.loss import Loss, loss
from gates.metric_rule import MetricRule
from gates.outcome import Outcome
from gates.shortfall import Shortfall, place, shortfall
from gates.trivial import against_trivial

WHOLE = Budget(alpha=ALPHA, look=None, most=1)
GroupKey = tuple[str, str, str]
"""Feature, group and metric."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Every conclusion, and which of them decide."""

    metrics: Mapping[str, Conclusion]
    groups: Mapping[GroupKey, Conclusion]
    required: tuple[str, ...]
    """Metrics that must pass; the others are told."""
    unusable: tuple[str, ...] = ()
    """Why scores that were named cannot be used; nothing passes by what is left."""

    @property
    def outcome(self) -> Outcome:
        """The worst of what decides; harm proven in what is only told is a warning."""
        deciding = [self.metrics[name].outcome for name in self.required]
        deciding += [found.outcome for found in self.groups.values()]
        told = [Outcome.WARN for name in self.harmed if name not in self.required]
        passed_over = [Outcome.ERROR for _ in self.unusable]
        return max([*deciding, *told, *passed_over], default=Outcome.ERROR)

    @property
    def harmed(self) -> tuple[str, ...]:
        """The metrics that are proven worse by more than their margins."""
        return tuple(name for name, found in self.metrics.items() if found.outcome is Outcome.FAIL)


def weigh(
    metrics: Sequence[MetricComparison],
    groups: Sequence[GroupMetric],
    *,
    margins: Mapping[str, float],
    required: tuple[str, ...],
    of_groups: tuple[str, ...] = (),
    unusable: tuple[str, ...] = (),
) -> Weighed:
    """Judge every metric that has a margin, and in every group the required ones, against the champion's.

    `of_groups` are judged in groups instead, where those required are none of groups. Harm in what is required is
    corrected for all of what is required, in the rest for the rest. `unusable` says why scores that were named
    cannot be used, which is an error (`gates.measure.named_scores`).
    """
    parts: dict[str | GroupKey, Contest | Loss | Conclusion] = {
        one.metric: _metric(one, margins[one.metric]) for one in metrics if one.metric in margins
    }
    parts |= {
        (one.feature, one.group, one.metric): _group(one, margins[one.metric], lower=_lower(one.metric, metrics))
        for one in groups
        if one.metric in (of_groups or required)
    }
    deciding = [key for key in parts if key in required or not isinstance(key, str)]
    others = [key for key in parts if key not in deciding]
    found = {
        key: conclusion
        for keys in (deciding, others)
        for key, conclusion in zip(keys, judged([parts[key] for key in keys], WHOLE), strict=True)
    }
    return Weighed(
        metrics={key: found[key] for key in parts if isinstance(key, str)},
        groups={key: found[key] for key in parts if not isinstance(key, str)},
        required=required,
        unusable=unusable,
    )


def _lower(metric: str, metrics: Sequence[MetricComparison]) -> bool:
    return any(one.lower_is_better for one in metrics if one.metric == metric)


def _metric(measured: MetricComparison, margin: float) -> Contest | Conclusion:
    if measured.problem:
        sentence = f"{measured.metric} could not be measured: {measured.problem}"
        return Conclusion(outcome=Outcome.ERROR, sentence=sentence)
    if measured.challenger is not None and measured.champion is None:
        return against_trivial(measured, measured.challenger, WHOLE)
    return contest(measured, MetricRule(margin=margin))


def _group(group: GroupMetric, margin: float, *, lower: bool) -> Loss | Conclusion:
    if group.problem:
        return _unmeasured(group)
    found = None if group.too_few else loss(group, margin, lower_is_better=lower)
    return found or _few(group)


def _unmeasured(group: GroupMetric) -> Conclusion:
    sentence = f"{group.metric} of {group.feature} could not be measured: {group.problem}"
    return Conclusion(outcome=Outcome.ERROR, sentence=sentence)


def _few(group: GroupMetric) -> Conclusion:
    why = group.too_few or f"there are {group.rows:,} rows that it counts."
    sentence = f"{group.metric} of {place(group)}: not enough data to tell: {why}"
    return Conclusion(outcome=Outcome.INCONCLUSIVE, sentence=sentence)


def weigh_groups(
    groups: Sequence[GroupMetric], *, limit: float, lower: frozenset[str], names: Collection[str]
) -> Mapping[GroupKey, Conclusion]:
    """Hold each group's shortfall against the reference group to a limit; `lower` are metrics of which less is better.

    Harm is corrected for all groups and all the metrics in `names`; the others are told and not judged.
    """
    references = {(one.feature, one.metric): one.challenger for one in groups if one.reference}
    judging = [one for one in groups if not one.reference and one.metric in names]
    parts = [_apart(one, references.get((one.feature, one.metric)), limit, one.metric in lower) for one in judging]
    keys = [(one.feature, one.group, one.metric) for one in judging]
    return dict(zip(keys, judged(parts, WHOLE), strict=True))


def _apart(group: GroupMetric, reference: float | None, limit: float, lower: bool) -> Shortfall | Conclusion:  # noqa: FBT001 - as `advantage` takes it
    if group.problem:
        return _unmeasured(group)
    found = None if group.too_few else shortfall(group, reference, limit, lower_is_better=lower)
    return found or _few(group)
