"""How does one metric of the challenger stand against the same metric of another version, on the same rows?"""

from dataclasses import dataclass

from gates.conclusion import Conclusion
from gates.confidence import ALPHA, Confidence
from gates.evidence import MetricComparison
from gates.metric_rule import MetricRule
from gates.outcome import Measure, Outcome
from gates.proof import Answer, Claim
from gates.wording import interval, number, signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Opponent:
    """Whom the challenger is held against."""

    name: str
    """`the champion`, or `the anchor v3`."""
    shown: str = ""
    """Words behind the opponent's value, where it is not the champion's."""
    may_ask_superior: bool = True
    """Does `superior` concern this opponent?"""


CHAMPION = Opponent(name="the champion")


def anchor(version: str) -> Opponent:
    """Return the anchor as an opponent: the last version that was proven better."""
    name = f"the anchor v{version}"
    return Opponent(name=name, shown=f" of {name} (the last version proven better)", may_ask_superior=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """One metric against one opponent, ready to be judged."""

    measured: MetricComparison
    claim: Claim
    rule: MetricRule
    opponent: Opponent

    @property
    def _superior(self) -> bool:
        return self.rule.superior and self.opponent.may_ask_superior

    def concluded(self, answer: Answer) -> Conclusion:
        """Say how it ended, with every number."""
        measured, found = self.measured, self.claim.confidence.interval()
        low = found[0] if measured.low is None else measured.low
        high = found[1] if measured.high is None else measured.high
        better = " (positive is better)" if measured.lower_is_better else ""
        values = f"{number(measured.challenger or 0.0)} against {number(measured.champion or 0.0)}{self.opponent.shown}"
        needed = f"; {answer.needed}" if answer.needed else ""
        proof = f"{answer.proof}; {self.claim.power}"
        told = (proof, self.claim.detectable) if self.claim.target < 0 else (proof,)
        return Conclusion(
            outcome=answer.outcome,
            sentence=(
                f"{measured.metric} {values}: difference {signed(self.claim.difference)}{better}, "
                f"{interval(low, high)}, {self._ending(answer)} ({proof}){needed}."
            ),
            measures=(
                Measure(
                    name=f"{measured.metric} difference{self._behind}",
                    value=self.claim.difference,
                    low=low,
                    high=high,
                    limit=self.claim.target,
                    limit_is="least",
                    detail="; ".join((f"{values}, {measured.method}".rstrip(", "), *told)),
                ),
            ),
        )

    @property
    def _behind(self) -> str:
        return "" if self.opponent.may_ask_superior else f" to {self.opponent.name}"

    def _ending(self, answer: Answer) -> str:
        outcome, margin = answer.outcome, f"the margin of {number(self.rule.margin)}"
        surely_worse = self.claim.confidence.upper(ALPHA) < -self.rule.margin
        if outcome is Outcome.FAIL and (surely_worse or not self._superior):
            return f"worse than {self.opponent.name} by more than {margin}"
        if self._superior:
            return self._superior_ending(outcome)
        if outcome is Outcome.INCONCLUSIVE:
            return f"not enough data to tell whether that is within {margin}"
        return f"better than {self.opponent.name}" if (answer.bound or 0.0) > 0 else f"within {margin}"

    def _superior_ending(self, outcome: Outcome) -> str:
        by = f" by more than {number(self.rule.superior_by)}" if self.rule.superior_by else ""
        if outcome is Outcome.PASS:
            return f"better than {self.opponent.name}{by}, as the policy asks"
        proven = "not" if outcome is Outcome.FAIL else "not proven"
        return f"{proven} better than {self.opponent.name}{by}, which the policy asks"


def contest(measured: MetricComparison, rule: MetricRule, opponent: Opponent = CHAMPION) -> Contest | Conclusion:
    """Return what is to be judged, or the conclusion that it cannot be."""
    if measured.challenger is None or measured.champion is None:
        return _unknown(measured, opponent)
    if measured.too_few:
        values = f"{number(measured.challenger)} against {number(measured.champion)}{opponent.shown}"
        sentence = f"{measured.metric} {values}: not enough data to tell: {measured.too_few}"
        return Conclusion(outcome=Outcome.INCONCLUSIVE, sentence=sentence.rstrip(".") + ".")
    confidence = confidence_of(measured)
    if confidence is None or measured.difference is None:
        return _unknown(measured, opponent)
    superior = rule.superior and opponent.may_ask_superior
    claim = Claim(
        difference=measured.difference,
        confidence=confidence,
        target=(rule.superior_by or 0.0) if superior else 0.0 - rule.margin,
        strict=superior,
        rows=measured.rows,
        counted=measured.effective,
    )
    return Contest(measured=measured, claim=claim, rule=rule, opponent=opponent)


def confidence_of(measured: MetricComparison) -> Confidence | None:
    """Return the difference's distribution; evidence from before it was kept has an interval to read it from."""
    if measured.confidence is not None:
        return measured.confidence
    if measured.difference is None or measured.low is None or measured.high is None:
        return None
    return Confidence.of_interval(measured.difference, measured.low, measured.high)


def _unknown(measured: MetricComparison, opponent: Opponent) -> Conclusion:
    sentence = f"{measured.metric} has no difference to {opponent.name} with an interval."
    return Conclusion(outcome=Outcome.ERROR, sentence=sentence)
