"""Is the challenger good enough to replace the champion, or to be the first one?

With a champion the question is non-inferiority: the two-sided 95 % interval of the paired difference must stay above
minus the margin (one-sided 2.5 %, the stricter of the usual choices). Harm is proven, and the check fails, when the
whole interval lies below minus the margin. In between there is not enough data to tell. Without a champion, absolute
limits and a trivial model decide.
"""

import math
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from gates.conclusion import Conclusion, finding, one
from gates.evidence import Evidence, MetricComparison
from gates.metric import METRICS, metric_problem
from gates.outcome import Finding, Measure, Outcome
from gates.scored import unmeasured
from gates.values import Value
from gates.wording import count, interval, number, signed


class MetricRule(Value):
    """What one metric must show."""

    margin: float = Field(ge=0)
    """How much worse than the champion is still acceptable, in the metric's own unit."""
    minimum: float | None = None
    """The challenger's value may not be below this, champion or not; compared with the value itself."""
    maximum: float | None = None
    """The challenger's value may not be above this, champion or not."""
    superior: bool = False
    """Must the challenger be proven better than the champion, not only no worse?"""

    @model_validator(mode="after")
    def _limits_in_order(self) -> Self:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"minimum {self.minimum} is above maximum {self.maximum}")
        return self


class Comparison(Value):
    """Compares challenger and champion, metric by metric, on the same rows."""

    gate: Literal["comparison"] = "comparison"
    metrics: dict[str, MetricRule] = Field(min_length=1)
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
        if evidence.subject.champion is None and not any(map(_has_limit, self.metrics.values())):
            return one(
                self.name,
                Outcome.ERROR,
                "There is no champion to compare with, and the policy sets no absolute limit: give a metric of the "
                "comparison a minimum or a maximum.",
            )
        return finding(self.name, [c for name in self.metrics for c in self._metric(name, evidence)])

    def _metric(self, name: str, evidence: Evidence) -> list[Conclusion]:
        rule = self.metrics[name]
        measured = next((m for m in evidence.facts.metrics if m.metric == name), None)
        if measured is None:
            return [_error(f"{name} was not measured: add it to the metrics in model.yaml.")]
        if measured.problem:
            return [_error(f"{name} could not be measured: {measured.problem}")]
        if measured.challenger is None:
            return [_error(f"{name} of the challenger is not known.")]
        judged = _against_champion(measured, rule) if evidence.subject.champion else _against_baseline(measured)
        return [judged, *_limits(measured, measured.challenger, rule), *self._too_few(measured)]

    def _too_few(self, measured: MetricComparison) -> list[Conclusion]:
        if measured.rows >= self.minimum_rows:
            return []
        rows = count(measured.rows, "labelled row")
        sentence = f"{measured.metric} rests on {rows} only; the policy asks for {self.minimum_rows:,}."
        return [Conclusion(outcome=Outcome.INCONCLUSIVE, sentence=sentence)]


def _has_limit(rule: MetricRule) -> bool:
    return rule.minimum is not None or rule.maximum is not None


def _error(sentence: str) -> Conclusion:
    return Conclusion(outcome=Outcome.ERROR, sentence=sentence)


def _limits(measured: MetricComparison, value: float, rule: MetricRule) -> list[Conclusion]:
    below = rule.minimum is not None and value < rule.minimum
    above = rule.maximum is not None and value > rule.maximum
    if not _has_limit(rule):
        return []
    limit = rule.maximum if above or rule.minimum is None else rule.minimum
    side = "above the maximum" if above else "below the minimum" if below else "within the limit"
    measure = Measure(
        name=measured.metric, value=value, low=measured.challenger_low, high=measured.challenger_high, limit=limit
    )
    return [
        Conclusion(
            outcome=Outcome.FAIL if below or above else Outcome.PASS,
            sentence=f"{measured.metric} {number(value)} is {side} of {number(limit or 0.0)}.",
            measures=(measure,),
        )
    ]


def _against_champion(measured: MetricComparison, rule: MetricRule) -> Conclusion:
    values = (measured.challenger, measured.champion, measured.difference, measured.low, measured.high)
    challenger, champion, difference, low, high = values
    if challenger is None or champion is None or difference is None or low is None or high is None:
        return _error(f"{measured.metric} has no difference to the champion with an interval.")
    outcome, ending = _judge_difference(measured.rows, (difference, low, high), rule)
    better = " (positive is better)" if measured.lower_is_better else ""
    return Conclusion(
        outcome=outcome,
        sentence=(
            f"{measured.metric} {number(challenger)} against {number(champion)}: difference {signed(difference)}"
            f"{better}, {interval(low, high)}, {ending}."
        ),
        measures=(
            Measure(
                name=f"{measured.metric} difference",
                value=difference,
                low=low,
                high=high,
                limit=0.0 if rule.superior else -rule.margin,
                detail=f"{number(challenger)} against {number(champion)}, {measured.method}".rstrip(", "),
            ),
        ),
    )


def _judge_difference(rows: int, found: tuple[float, float, float], rule: MetricRule) -> tuple[Outcome, str]:
    difference, low, high = found
    margin = f"the margin of {number(rule.margin)}"
    if high < -rule.margin:
        return Outcome.FAIL, f"worse by more than {margin}"
    if rule.superior:
        return _judge_superior(rows, difference, low, high)
    if low >= -rule.margin:
        return Outcome.PASS, "better than the champion" if low > 0 else f"within {margin}"
    needed = _rows_needed(rows, half_width=difference - low, room=difference + rule.margin)
    return Outcome.INCONCLUSIVE, f"not enough data to tell whether that is within {margin}{needed}"


def _judge_superior(rows: int, difference: float, low: float, high: float) -> tuple[Outcome, str]:
    if low > 0:
        return Outcome.PASS, "better than the champion, as the policy asks"
    if high <= 0:
        return Outcome.FAIL, "not better than the champion, which the policy asks"
    needed = _rows_needed(rows, half_width=difference - low, room=difference)
    return Outcome.INCONCLUSIVE, f"not proven better than the champion, which the policy asks{needed}"


def _rows_needed(rows: int, *, half_width: float, room: float) -> str:
    """Say how many rows would do if the value stayed: an interval's width falls with the root of the rows."""
    if room <= 0:
        return "; at this estimate, more rows would not help it pass"
    needed = math.ceil(rows * (half_width / room) ** 2)
    return f"; about {max(needed, rows + 1):,} labelled rows would be enough if it stays (there are {rows:,})"


def _against_baseline(measured: MetricComparison) -> Conclusion:
    """Must beat a trivial model where the metric has one; `superior` and the margin need a champion."""
    value, baseline = measured.challenger or 0.0, measured.baseline
    if baseline is None:
        sentence = f"{measured.metric} {number(value)}; a trivial model is no measure of it."
        return Conclusion(outcome=Outcome.PASS, sentence=sentence)
    sure = measured.challenger_high if measured.lower_is_better else measured.challenger_low
    if sure is None:
        return _error(f"{measured.metric} {number(value)} has no interval to hold against a trivial model.")
    outcome, ending = _judge_baseline(measured, value, sure, baseline)
    measure = Measure(
        name=f"{measured.metric} against a trivial model",
        value=value,
        low=measured.challenger_low,
        high=measured.challenger_high,
        limit=baseline,
    )
    sentence = f"{measured.metric} {number(value)} against {number(baseline)} of a trivial model: {ending}."
    return Conclusion(outcome=outcome, sentence=sentence, measures=(measure,))


def _judge_baseline(measured: MetricComparison, value: float, sure: float, baseline: float) -> tuple[Outcome, str]:
    sign = -1.0 if measured.lower_is_better else 1.0
    gain, certain = sign * (value - baseline), sign * (sure - baseline)
    if gain <= 0:
        return Outcome.FAIL, "no better than knowing nothing"
    if certain > 0:
        return Outcome.PASS, "better, and that is certain at 95 %"
    needed = _rows_needed(measured.rows, half_width=gain - certain, room=gain)
    return Outcome.INCONCLUSIVE, f"better, but not certainly so{needed}"
