"""Does the challenger answer at all, in a process of its own?"""

from typing import Literal

from gates.conclusion import Conclusion, finding, one
from gates.evidence import Evidence
from gates.outcome import Finding, Measure, Outcome
from gates.scored import unscored
from gates.values import Value
from gates.wording import count


class Serving(Value):
    """The challenger must have answered for the evaluation data, and should declare what it takes and gives."""

    gate: Literal["serving"] = "serving"
    missing_signature: Literal["pass", "warn", "fail"] = "warn"
    """What it means that the version declares no inputs and outputs."""

    @property
    def name(self) -> str:
        """The check's name beside the pull request."""
        return "serving"

    def check(self, evidence: Evidence) -> Finding:
        """Conclude on the answers and the signature."""
        challenger, scoring = evidence.subject.challenger, evidence.facts.challenger
        problem = unscored("challenger", challenger, scoring)
        if problem or challenger is None or scoring is None:
            return one(self.name, Outcome.ERROR, problem or "The challenger was not scored.")
        if scoring.rows < 1:
            return one(self.name, Outcome.ERROR, f"v{challenger.version} was asked nothing: there were no rows.")
        answered = Conclusion(
            outcome=Outcome.PASS,
            sentence=f"v{challenger.version} answered for {count(scoring.rows, 'row')}.",
            measures=(Measure(name="rows answered", value=float(scoring.rows)),),
        )
        return finding(self.name, [answered, self._signature(signed=scoring.signature)])

    def _signature(self, *, signed: bool) -> Conclusion:
        if signed:
            return Conclusion(outcome=Outcome.PASS, sentence="It declares its inputs and outputs.")
        sentence = "The version declares no inputs and outputs: log it with a signature (infer_signature)."
        return Conclusion(outcome=Outcome(self.missing_signature), sentence=sentence)
