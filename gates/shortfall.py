"""How much worse does a group fare than the reference group, and is that surely within the limit?"""

from dataclasses import dataclass

from gates.conclusion import Conclusion
from gates.confidence import ALPHA, Confidence
from gates.evidence import GroupMetric
from gates.outcome import Measure, Outcome
from gates.proof import Answer, Claim
from gates.wording import count, interval, number, percent, signed, visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """One group against the reference group, ready to be judged; a shortfall is positive."""

    group: GroupMetric
    reference: float
    """The metric's value in the reference group."""
    claim: Claim
    """About the advantage: the shortfall with the other sign."""
    limit: float
    power_will_do: bool
    """May the group pass because the sample would have shown a shortfall of the limit, and showed none at all?"""

    def concluded(self, answer: Answer) -> Conclusion:
        """Say how it ended, with every number."""
        outcome, ending = self._judge(answer)
        group, (low, high) = self.group, self._interval
        rows = count(group.rows, "row")
        needed = f"; {answer.needed}" if answer.needed and outcome is Outcome.INCONCLUSIVE else ""
        sentence = (
            f"{group.metric} of {place(group)} {number(group.challenger or 0.0)} against {number(self.reference)}: "
            f"shortfall {signed(-self.claim.difference)}, {interval(low, high)}, {ending} "
            f"({rows}; {answer.proof}; {self._power}){needed}."
        )
        measure = Measure(
            name=f"{group.metric} shortfall, {place(group)}",
            value=0.0 - self.claim.difference,
            low=low,
            high=high,
            limit=self.limit,
            limit_is="most",
            detail=f"{rows}; {answer.proof}; {self._power}",
        )
        return Conclusion(outcome=outcome, sentence=sentence, measures=(measure,))

    def _judge(self, answer: Answer) -> tuple[Outcome, str]:
        limit = f"the limit of {number(self.limit)}"
        if answer.outcome is Outcome.FAIL:
            return Outcome.FAIL, f"beyond {limit}"
        if answer.outcome is Outcome.PASS:
            return Outcome.PASS, f"within {limit}"
        if -self.claim.difference > self.limit:
            return Outcome.INCONCLUSIVE, f"beyond {limit}, but not proven so"
        if self.power_will_do and self.claim.confidence.upper(ALPHA) >= 0:
            return Outcome.PASS, f"within {limit}, and none was shown in a sample that would show that much"
        return Outcome.INCONCLUSIVE, f"within {limit}, but too uncertain to tell"

    @property
    def _interval(self) -> tuple[float, float]:
        """Return the two-sided 95 % interval of the shortfall, as it was measured."""
        low, high = self.claim.confidence.interval()
        return 0.0 - high, 0.0 - low

    @property
    def _power(self) -> str:
        """Say the power as it was measured, for it knows how a rate's spread changes where a shortfall is real."""
        power, against = self.group.power, self.group.power_against
        if power is None or against is None:
            return self.claim.power
        return f"power to show a shortfall of {number(against)}: {percent(power)}"


def advantage(group: GroupMetric, *, lower_is_better: bool) -> Confidence | None:
    """Return how much better a group fares than the reference group; None when that is not known.

    Evidence from before distributions were kept has an interval to read it from.
    """
    found = group.confidence
    if found is None:
        value, low, high = group.difference, group.difference_low, group.difference_high
        if value is None or low is None or high is None:
            return None
        found = Confidence.of_interval(value, low, high)
    return found.turned() if lower_is_better else found


def place(group: GroupMetric) -> str:
    """Name a group: `race=black`, `race,sex=black,female`."""
    return f"{group.feature}={visible(group.group)}"


def shortfall(
    group: GroupMetric, reference: float | None, limit: float, *, lower_is_better: bool, power_will_do: bool = False
) -> Shortfall | None:
    """Return what is to be judged of a group beside the reference group's value; None without an interval."""
    found = advantage(group, lower_is_better=lower_is_better)
    if found is None or group.difference is None or reference is None:
        return None
    ahead = 0.0 - group.difference if lower_is_better else group.difference
    claim = claim_of(group, ahead, found, limit)
    return Shortfall(group=group, reference=reference, claim=claim, limit=limit, power_will_do=power_will_do)


def claim_of(group: GroupMetric, ahead: float, confidence: Confidence, limit: float) -> Claim:
    """Return the claim that a group is behind by no more than a limit; `ahead` is positive where it fares better."""
    return Claim(
        difference=ahead,
        confidence=confidence,
        target=0.0 - limit,
        as_shortfall=True,
        rows=group.rows,
        noun="such rows of the group",
    )
