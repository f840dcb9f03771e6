"""Is there anything to retire?"""

from typing import Literal

from gates.conclusion import one
from gates.evidence import Evidence, Kind
from gates.outcome import Finding, Outcome
from gates.values import Value


class Retirement(Value):
    """For a retirement, and judged for each without a policy naming it: something serves that can stop serving."""

    gate: Literal["retirement"] = "retirement"

    @property
    def name(self) -> str:
        """The check's name beside the pull request."""
        return "retirement"

    def check(self, evidence: Evidence) -> Finding:
        """Say what would stop serving; anything but a retirement of a champion is an error."""
        subject = evidence.subject
        if subject.kind is not Kind.RETIRE or subject.challenger is not None:
            return one(self.name, Outcome.ERROR, "This gate is for retirements only: take it out of the policy.")
        if subject.champion is None:
            return one(self.name, Outcome.ERROR, f"Nothing serves in {subject.environment}, so nothing can retire.")
        sentence = f"v{subject.champion.version} stops serving in {subject.environment}; nothing answers afterwards."
        return one(self.name, Outcome.PASS, sentence)
