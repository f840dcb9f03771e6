"""Is the first version better than a model that knows nothing?"""

from gates.conclusion import Conclusion
from gates.confidence import Confidence
from gates.evidence import MetricComparison
from gates.looks import Budget
from gates.outcome import Measure, Outcome
from gates.proof import Claim, rows_needed
from gates.wording import number


def against_trivial(measured: MetricComparison, value: float, budget: Budget) -> Conclusion:
    """Ask whether a trivial model is surely beaten, where the metric has one; margins need a champion."""
    baseline = measured.baseline
    if baseline is None:
        sentence = f"{measured.metric} {number(value)}; a trivial model is no measure of it."
        return Conclusion(outcome=Outcome.PASS, sentence=sentence)
    outcome, ending = _judge(measured, value, baseline, budget)
    measure = Measure(
        name=f"{measured.metric} against a trivial model",
        value=value,
        low=measured.challenger_low,
        high=measured.challenger_high,
        limit=baseline,
        limit_is="most" if measured.lower_is_better else "least",
    )
    sentence = f"{measured.metric} {number(value)} against {number(baseline)} of a trivial model: {ending}."
    return Conclusion(outcome=outcome, sentence=sentence, measures=(measure,))


def _judge(measured: MetricComparison, value: float, baseline: float, budget: Budget) -> tuple[Outcome, str]:
    claim = _claim(measured, value, baseline)
    if (baseline - value if measured.lower_is_better else value - baseline) <= 0:
        return Outcome.FAIL, "no better than knowing nothing"
    if claim is None:
        return _without_interval(measured)
    if budget.alpha is None:
        return Outcome.INCONCLUSIVE, "better, but these data can prove nothing any more"
    bound = claim.confidence.lower(budget.alpha)
    if bound > 0:
        return Outcome.PASS, f"better, and that is proven {budget}"
    needed = rows_needed(claim, bound)
    return Outcome.INCONCLUSIVE, f"better, but not certainly so; {needed}"


def _without_interval(measured: MetricComparison) -> tuple[Outcome, str]:
    if measured.too_few:
        return Outcome.INCONCLUSIVE, f"better, but there is not enough data to tell: {measured.too_few.rstrip('.')}"
    return Outcome.ERROR, "no interval is known of it to hold against that"


def _claim(measured: MetricComparison, value: float, baseline: float) -> Claim | None:
    """Return the claim of a gain over the trivial model, read from the challenger's own interval."""
    low, high = measured.challenger_low, measured.challenger_high
    if low is None or high is None:
        return None
    own = Confidence.of_interval(value - baseline, low - baseline, high - baseline)
    gain = own.turned() if measured.lower_is_better else own
    difference = baseline - value if measured.lower_is_better else value - baseline
    return Claim(
        difference=difference, confidence=gain, target=0.0, strict=True, rows=measured.rows, counted=measured.effective
    )
