"""Is the challenger good enough to replace the champion, or to be the first one?

With a champion the question is non-inferiority: each metric's difference, measured on the same rows, must be proven to
lie above minus the margin. So that small losses do not add up from promotion to promotion, the same is asked against
the *anchor*, the last version that was proven better. Harm is a difference proven to lie below. In between there is not
enough data to tell. Without a champion, absolute limits and a trivial model decide.
"""

from typing import Literal

from pydantic import Field, field_validator

from gates.anchor import anchor_problem, needs_anchor
from gates.conclusion import Conclusion, finding, one
from gates.contest import CHAMPION, Contest, Opponent, anchor, contest
from gates.evidence import Evidence, MetricComparison
from gates.judging import judged, worn_out
from gates.looks import Budget, budget_of
from gates.metric import METRICS, metric_problem
from gates.metric_rule import MetricRule
from gates.outcome import Finding, Measure, Outcome
from gates.scored import unmeasured
from gates.trivial import against_trivial
from gates.values import Value
from gates.wording import count, number

Part = Contest | Conclusion


class Comparison(Value):
    """Compares challenger and champion, metric by metric, on the same rows."""

    gate: Literal["comparison"] = "comparison"
    metrics: dict[str, MetricRule] = Field(min_length=1)
    """Names of metrics with limits each; all of them must hold."""
    minimum_rows: int = Field(default=30, ge=1)
    """With fewer labelled rows nothing passes: intervals of so few rows are not to be trusted."""

    @field_validator("metrics")
    @classmethod
    def _metrics_are_known(cls, metrics: dict[str, MetricRule]) -> dict[str, MetricRule]:
        for name in metrics:
            if problem := metric_problem(name, METRICS):
                raise ValueError(problem)
        return metrics

    @property
    def name(self) -> str:
        """The check's name beside the pull request."""
        return "comparison"

    def check(self, evidence: Evidence) -> Finding:
        """Conclude for each metric; the worst decides."""
        if problem := unmeasured(evidence):
            return one(self.name, Outcome.ERROR, problem)
        if evidence.subject.champion is None and not any(rule.has_limit for rule in self.metrics.values()):
            return one(
                self.name,
                Outcome.ERROR,
                "There is no champion to compare with, and the policy sets no absolute limit: give a metric of the "
                "comparison a minimum or a maximum.",
            )
        budget = budget_of(evidence)
        parts = [part for name in self.metrics for part in self._metric(name, evidence, budget)]
        return finding(self.name, [*judged([*parts, *self._anchor(evidence)], budget), *worn_out(budget)])

    def _metric(self, name: str, evidence: Evidence, budget: Budget) -> list[Part]:
        measured = _found(name, evidence.facts.metrics)
        if isinstance(measured, Conclusion):
            return [measured]
        rule, value = self.metrics[name], measured.challenger or 0.0
        champion = evidence.subject.champion
        first = contest(measured, rule, CHAMPION) if champion else against_trivial(measured, value, budget)
        return [first, *_limits(measured, value, rule), *self._too_few(measured)]

    def _anchor(self, evidence: Evidence) -> list[Part]:
        """Hold every metric against the anchor, where it is another version than the two."""
        version = evidence.subject.anchor
        if version is None or not needs_anchor(evidence.subject):
            return []
        if problem := anchor_problem(evidence, version):
            return [Conclusion(outcome=Outcome.INCONCLUSIVE, sentence=problem)]
        return [self._against(anchor(version.version), name, evidence) for name in self.metrics]

    def _against(self, opponent: Opponent, name: str, evidence: Evidence) -> Part:
        measured = _found(name, evidence.facts.anchor_metrics)
        return measured if isinstance(measured, Conclusion) else contest(measured, self.metrics[name], opponent)

    def _too_few(self, measured: MetricComparison) -> list[Conclusion]:
        if measured.rows >= self.minimum_rows:
            return []
        rows = count(measured.rows, "labelled row")
        sentence = f"{measured.metric} rests on {rows} only; the policy asks for {self.minimum_rows:,}."
        return [Conclusion(outcome=Outcome.INCONCLUSIVE, sentence=sentence)]


def _found(name: str, metrics: tuple[MetricComparison, ...]) -> MetricComparison | Conclusion:
    measured = next((m for m in metrics if m.metric == name), None)
    if measured is None:
        return _error(f"{name} was not measured: add it to the metrics in model.yaml.")
    if measured.problem:
        return _error(f"{name} could not be measured: {measured.problem}")
    if measured.challenger is None:
        return _error(f"{name} of the challenger is not known.")
    return measured


def _error(sentence: str) -> Conclusion:
    return Conclusion(outcome=Outcome.ERROR, sentence=sentence)


def _limits(measured: MetricComparison, value: float, rule: MetricRule) -> list[Conclusion]:
    below = rule.minimum is not None and value < rule.minimum
    above = rule.maximum is not None and value > rule.maximum
    if not rule.has_limit:
        return []
    highest = above or rule.minimum is None
    limit = rule.maximum if highest else rule.minimum
    side = "above the maximum" if above else "below the minimum" if below else "within the limit"
    measure = Measure(
        name=measured.metric,
        value=value,
        low=measured.challenger_low,
        high=measured.challenger_high,
        limit=limit,
        limit_is="most" if highest else "least",
    )
    return [
        Conclusion(
            outcome=Outcome.FAIL if below or above else Outcome.PASS,
            sentence=f"{measured.metric} {number(value)} is {side} of {number(limit or 0.0)}.",
            measures=(measure,),
        )
    ]
