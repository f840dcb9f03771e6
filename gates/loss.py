"""Does a group fare worse than it did under the champion?"""

from dataclasses import dataclass

from gates.conclusion import Conclusion
from gates.confidence import Confidence
from gates.evidence import GroupMetric
from gates.outcome import Measure, Outcome
from gates.proof import Answer, Claim
from gates.shortfall import claim_of, place
from gates.wording import interval, number, signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One group under the challenger against the same group under the champion; what is lost is positive."""

    group: GroupMetric
    claim: Claim
    """About the gain: the loss with the other sign."""
    margin: float

    def concluded(self, answer: Answer) -> Conclusion:
        """Say how it ended, with every number."""
        gained, (low, high) = self.claim.difference, self.claim.confidence.interval()
        worse, low, high = 0.0 - gained, 0.0 - high, 0.0 - low
        needed = f"; {answer.needed}" if answer.needed else ""
        sentence = (
            f"{self.group.metric} of {place(self.group)} is {self._beside(worse)}, "
            f"{self._ending(answer, worse)} the margin of {number(self.margin)} "
            f"({answer.proof}; {self.claim.power}){needed}."
        )
        measure = Measure(
            name=f"{self.group.metric} lost, {place(self.group)}",
            value=worse,
            low=low,
            high=high,
            limit=self.margin,
            limit_is="most",
            detail=answer.proof,
        )
        return Conclusion(outcome=answer.outcome, sentence=sentence, measures=(measure,))

    def _beside(self, worse: float) -> str:
        """Say what was lost, or gained, with the interval signed alike."""
        gained, (low, high) = self.claim.difference, self.claim.confidence.interval()
        if worse > 0:
            return f"{signed(worse)} worse than under the champion, {interval(0.0 - high, 0.0 - low)}"
        if gained > 0:
            return f"{signed(gained)} better than under the champion, {interval(low, high)}"
        return f"as under the champion, {interval(low, high)}"

    def _ending(self, answer: Answer, worse: float) -> str:
        if answer.outcome is Outcome.FAIL:
            return "beyond"
        if answer.outcome is Outcome.PASS:
            return "within"
        return "beyond, but not provenly," if worse > self.margin else "not provenly within"


def loss(group: GroupMetric, margin: float, *, lower_is_better: bool) -> Loss | None:
    """Return what is to be judged of a group; None where it is not known how it fares beside the champion."""
    found = gain(group, lower_is_better=lower_is_better)
    if found is None:
        return None
    return Loss(group=group, claim=claim_of(group, *found, margin), margin=margin)


def gain(group: GroupMetric, *, lower_is_better: bool) -> tuple[float, Confidence] | None:
    """Return how much better a group fares than under the champion, and how surely; None when it is not known.

    Evidence from before that was measured on the same rows of both takes the champion's value for certain.
    """
    if group.change is not None and group.change_confidence is not None:
        return group.change, group.change_confidence
    champion, challenger, low, high = group.champion, group.challenger, group.low, group.high
    if champion is None or challenger is None or low is None or high is None:
        return None
    change = Confidence.of_interval(challenger - champion, low - champion, high - champion)
    if lower_is_better:
        return champion - challenger, change.turned()
    return challenger - champion, change
