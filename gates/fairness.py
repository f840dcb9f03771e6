"""Is a group of people treated worse than the largest group, by more than the policy tolerates?

A group's *shortfall* is how much worse it fares than the reference group, signed so that positive is harm: a lower true
positive rate, selection rate or accuracy; a higher false positive rate, false negative rate or error. Intervals are
two-sided 95 %, so that harm is proven at one-sided 2.5 %. Absence of proof is not taken for proof of absence: a group
passes only if its interval stays within the limit, or if the sample would have shown such a shortfall.
"""

from typing import Literal

from pydantic import Field, model_validator

from gates.conclusion import Conclusion, finding, one
from gates.evidence import Evidence, GroupMetric
from gates.metric import GROUP_METRICS, GroupMetricName
from gates.outcome import Finding, Measure, Outcome
from gates.scored import unmeasured
from gates.shortfall import Shortfall
from gates.values import Value
from gates.wording import count, interval, listed, number, percent, signed


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
    minimum_power: float = Field(default=0.8, gt=0, le=1)
    """Power that the sample must have to show a shortfall of the limit, where the interval reaches beyond it."""

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
        conclusions = [c for feature in features for c in self._feature(feature, evidence)]
        return _worst_said(finding(self.name, sorted(conclusions, key=_harm, reverse=True)), conclusions)

    def _features(self, evidence: Evidence) -> tuple[str, ...]:
        if self.features is not None:
            return self.features
        named = evidence.subject.entry.get("sensitive_features")
        return tuple(str(feature) for feature in named) if isinstance(named, list) else ()

    def _feature(self, feature: str, evidence: Evidence) -> list[Conclusion]:
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
            return [_said(Outcome.INCONCLUSIVE, f"{feature} has one group only ({reference.group}).")]
        return [c for group in others for c in self._group(group, reference, evidence)]

    def _group(self, group: GroupMetric, reference: GroupMetric, evidence: Evidence) -> list[Conclusion]:
        for looked_at in (group, reference):
            if looked_at.rows < self.minimum_rows:
                return [self._too_small(looked_at)]
        shortfall = Shortfall.of(group, lower_is_better=self._lower_is_better)
        if shortfall is None or reference.challenger is None:
            return [_said(Outcome.ERROR, f"{_place(group)} has no {self.metric} with an interval.")]
        own = self._against_limit(group, reference.challenger, shortfall)
        return [own, *self._against_champion(group, evidence)]

    @property
    def _lower_is_better(self) -> bool:
        return GROUP_METRICS[self.metric].lower_is_better

    def _too_small(self, group: GroupMetric) -> Conclusion:
        return _said(
            Outcome.INCONCLUSIVE,
            f"{_place(group)} has {count(group.rows, 'row')} that {self.metric} counts; "
            f"the policy asks for {self.minimum_rows:,}.",
        )

    def _against_limit(self, group: GroupMetric, reference: float, shortfall: Shortfall) -> Conclusion:
        outcome, ending = self._judge(group, shortfall)
        power = (
            f"; power to show a shortfall of {number(group.power_against)}: {percent(group.power)}"
            if group.power is not None and group.power_against is not None
            else ""
        )
        sentence = (
            f"{self.metric} of {_place(group)} {number(group.challenger or 0.0)} against {number(reference)}: "
            f"shortfall {signed(shortfall.value)}, {interval(shortfall.low, shortfall.high)}, {ending} "
            f"({count(group.rows, 'row')}{power})."
        )
        measure = Measure(
            name=f"{self.metric} shortfall, {_place(group)}",
            value=shortfall.value,
            low=shortfall.low,
            high=shortfall.high,
            limit=self.limit,
            detail=f"{count(group.rows, 'row')}{power}",
        )
        return Conclusion(outcome=outcome, sentence=sentence, measures=(measure,))

    def _judge(self, group: GroupMetric, shortfall: Shortfall) -> tuple[Outcome, str]:
        limit = f"the limit of {number(self.limit)}"
        if shortfall.low > self.limit:
            return Outcome.FAIL, f"beyond {limit}"
        if shortfall.value > self.limit:
            return Outcome.INCONCLUSIVE, f"beyond {limit}, but not proven so"
        if shortfall.high <= self.limit:
            return Outcome.PASS, f"within {limit}"
        if self._would_show(group):
            return Outcome.PASS, f"within {limit}, in a sample that would show more"
        return Outcome.INCONCLUSIVE, f"within {limit}, but too uncertain to tell"

    def _would_show(self, group: GroupMetric) -> bool:
        """Is the power enough? Power against a shortfall larger than the limit says nothing of the limit."""
        if group.power is None or group.power_against is None or group.power_against > self.limit:
            return False
        return group.power >= self.minimum_power

    def _against_champion(self, group: GroupMetric, evidence: Evidence) -> list[Conclusion]:
        if self.against_champion is None or evidence.subject.champion is None:
            return []
        if group.champion is None or group.challenger is None or group.low is None or group.high is None:
            return [_said(Outcome.ERROR, f"{_place(group)} has no {self.metric} of the champion to compare with.")]
        sign = 1.0 if self._lower_is_better else -1.0
        worse = sign * (group.challenger - group.champion)
        surely = sign * ((group.low if self._lower_is_better else group.high) - group.champion)
        return [self._judge_worse(group, worse, surely, self.against_champion)]

    def _judge_worse(self, group: GroupMetric, worse: float, surely: float, margin: float) -> Conclusion:
        outcome = Outcome.FAIL if surely > margin else Outcome.INCONCLUSIVE if worse > margin else Outcome.PASS
        proof = {Outcome.FAIL: "beyond", Outcome.INCONCLUSIVE: "beyond, but not provenly,"}.get(outcome, "within")
        sentence = (
            f"{self.metric} of {_place(group)} is {signed(worse)} worse than under the champion, "
            f"{proof} the margin of {number(margin)}."
        )
        measure = Measure(name=f"{self.metric} lost, {_place(group)}", value=worse, limit=margin)
        return Conclusion(outcome=outcome, sentence=sentence, measures=(measure,))


def _said(outcome: Outcome, sentence: str) -> Conclusion:
    return Conclusion(outcome=outcome, sentence=sentence)


def _place(group: GroupMetric) -> str:
    return f"{group.feature}={group.group}"


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
