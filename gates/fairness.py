"""Is a group of people treated worse than the largest group, by more than the policy tolerates?

A group's *shortfall* is how much worse it fares than the reference group, signed so that positive is harm: a lower true
positive rate, selection rate or accuracy; a higher false positive rate, false negative rate or error. Absence of proof
is not taken for proof of absence: a group passes when its shortfall is proven to be within the limit, fails when harm
is proven among all the groups that were looked at, and otherwise there is not enough data to tell.
"""

from typing import Literal

from pydantic import Field, model_validator

from gates.conclusion import Conclusion, finding, one
from gates.evidence import Evidence, GroupMetric
from gates.judging import Pending, judged, worn_out
from gates.looks import Budget, budget_of
from gates.loss import loss
from gates.metric import GROUP_METRICS, GroupMetricName
from gates.outcome import Finding, Outcome
from gates.scored import unmeasured
from gates.shortfall import place, shortfall
from gates.values import Value
from gates.wording import count, listed, visible

Part = Pending | Conclusion


class Fairness(Value):
    """Holds each group's shortfall in one metric against a limit."""

    gate: Literal["fairness"] = "fairness"
    metric: GroupMetricName
    limit: float = Field(ge=0)
    """The largest tolerated shortfall of a group against the reference group, in the metric's own unit."""
    minimum_rows: int = Field(default=30, ge=1)
    """A group with fewer rows counted by the metric (for a true positive rate: positives) is inconclusive."""
    features: tuple[str, ...] | None = None
    """Sensitive features to look at; by default every one of the model's entry."""
    against_champion: float | None = Field(default=None, ge=0)
    """How much worse than under the champion a group may fare; by default that is not looked at."""
    minimum_power: float | None = Field(default=None, gt=0, le=1)
    """Where the interval reaches beyond the limit, let a group pass that shows no shortfall in a sample with this power
    to show one of the limit; a weaker proof, which lets a truly harmed group through more often."""

    @model_validator(mode="before")
    @classmethod
    def _rates_have_limits_below_one(cls, given: object) -> object:
        if isinstance(given, dict) and given.get("metric") != "mean_absolute_error":
            limit = given.get("limit")
            if isinstance(limit, int | float) and limit > 1:
                raise ValueError(f"limit {limit} can never be exceeded by a rate: write 0.15 for 15 %")
        return given

    @property
    def name(self) -> str:
        """The check's name beside the pull request."""
        narrowed = f" ({', '.join(self.features)})" if self.features else ""
        return f"fairness: {self.metric}{narrowed}"

    def check(self, evidence: Evidence) -> Finding:
        """Conclude for each group of each feature; the worst decides."""
        if problem := unmeasured(evidence):
            return one(self.name, Outcome.ERROR, problem)
        features = self._features(evidence)
        if not features:
            sentence = "No sensitive feature is named, so no group can be looked at: list them in model.yaml."
            return one(self.name, Outcome.ERROR, sentence)
        budget = budget_of(evidence)
        parts = [part for feature in features for part in self._feature(feature, evidence, budget)]
        conclusions = _distinct(judged(parts, budget))
        said = finding(self.name, [*sorted(conclusions, key=_harm, reverse=True), *worn_out(budget)])
        return _worst_said(said, conclusions)

    def _features(self, evidence: Evidence) -> tuple[str, ...]:
        """Return the features of the model's entry, and their combinations as they are measured: `race,sex`."""
        if self.features is not None:
            return self.features
        entry = evidence.subject.entry
        named, crossed = entry.get("sensitive_features"), entry.get("intersections")
        features = [str(feature) for feature in named] if isinstance(named, list) else []
        combined = crossed if isinstance(crossed, list) else []
        return (*features, *(",".join(map(str, several)) for several in combined if isinstance(several, list)))

    def _feature(self, feature: str, evidence: Evidence, budget: Budget) -> list[Part]:
        groups = [g for g in evidence.facts.groups if g.feature == feature and g.metric == self.metric]
        if not groups:
            return [_said(Outcome.ERROR, f"{self.metric} was not measured for {feature}.")]
        if problem := next((group.problem for group in groups if group.problem), None):
            return [_said(Outcome.ERROR, f"{self.metric} could not be measured for {feature}: {problem}")]
        reference = next((group for group in groups if group.reference), None)
        if reference is None:
            return [_said(Outcome.ERROR, f"{feature} has no reference group to compare with.")]
        others = [group for group in groups if not group.reference]
        if not others:
            return [_said(Outcome.INCONCLUSIVE, f"{feature} has one group only ({visible(reference.group)}).")]
        held = evidence.subject.champion is not None
        return [part for group in others for part in self._group(group, reference, budget, held=held)]

    def _group(self, group: GroupMetric, reference: GroupMetric, budget: Budget, *, held: bool) -> list[Part]:
        """Return what is to be said of one group; `held` against the champion only where there is one."""
        for looked_at in (group, reference):
            if too_small := self._too_small(looked_at):
                return [too_small]
        shortfall = self._shortfall(group, reference, budget)
        if self.against_champion is None or not held:
            return [shortfall]
        return [shortfall, self._loss(group, self.against_champion)]

    @property
    def _lower_is_better(self) -> bool:
        return GROUP_METRICS[self.metric].lower_is_better

    def _too_small(self, group: GroupMetric) -> Conclusion | None:
        if group.rows < self.minimum_rows:
            sentence = (
                f"{place(group)} has {count(group.rows, 'row')} that {self.metric} counts; "
                f"the policy asks for {self.minimum_rows:,}."
            )
        elif group.too_few:
            sentence = f"{place(group)}: not enough data to tell: {group.too_few.rstrip('.')}."
        else:
            return None
        return _said(Outcome.INCONCLUSIVE, sentence)

    def _shortfall(self, group: GroupMetric, reference: GroupMetric, budget: Budget) -> Part:
        found = shortfall(
            group,
            reference.challenger,
            self.limit,
            lower_is_better=self._lower_is_better,
            power_will_do=budget.alpha is not None and self._would_show(group),
        )
        return found or _said(Outcome.ERROR, f"{place(group)} has no {self.metric} with an interval.")

    def _would_show(self, group: GroupMetric) -> bool:
        """Would this sample show a shortfall of the limit, or of less, with the power that the policy accepts?"""
        if self.minimum_power is None or group.power is None or group.power_against is None:
            return False
        return group.power_against <= self.limit and group.power >= self.minimum_power

    def _loss(self, group: GroupMetric, margin: float) -> Part:
        found = loss(group, margin, lower_is_better=self._lower_is_better)
        return found or _said(Outcome.ERROR, f"{place(group)} has no {self.metric} of the champion to compare with.")


def _said(outcome: Outcome, sentence: str) -> Conclusion:
    return Conclusion(outcome=outcome, sentence=sentence)


def _distinct(conclusions: list[Conclusion]) -> list[Conclusion]:
    """Leave out repetitions: that the reference group is too small is true for every other group."""
    return list({conclusion.sentence: conclusion for conclusion in conclusions}.values())


def _harm(conclusion: Conclusion) -> float:
    """Order what is equally bad by its shortfall, so that the worst group is named first."""
    value = conclusion.measures[0].value if conclusion.measures else None
    return float("-inf") if value is None else value


def _worst_said(found: Finding, conclusions: list[Conclusion]) -> Finding:
    """When all groups pass, say the worst one only and name how many there are."""
    if found.outcome is not Outcome.PASS:
        return found
    worst = max(conclusions, key=_harm)
    others = tuple(measure.name.rpartition(", ")[2] for measure in found.measures if measure not in worst.measures)
    ending = f" Also within the limits: {listed(tuple(dict.fromkeys(others)))}." if others else ""
    return found.model_copy(update={"summary": worst.sentence + ending})
