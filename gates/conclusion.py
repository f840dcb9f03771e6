"""How do the parts of one check become one finding?"""

from collections.abc import Sequence
from dataclasses import dataclass

from gates.outcome import Finding, Measure, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What one part of a check concluded: a full sentence, and the numbers behind it."""

    outcome: Outcome
    sentence: str
    measures: tuple[Measure, ...] = ()
    reason: str = ""
    """A code beside the outcome, where there is one."""


def finding(gate: str, conclusions: Sequence[Conclusion]) -> Finding:
    """Join conclusions: the worst one decides and is said first; what passed is said only when all of it did.

    Every number is kept, whatever is said. No conclusion at all is an error.
    """
    outcome = max((conclusion.outcome for conclusion in conclusions), default=Outcome.ERROR)
    said = [c for c in conclusions if c.outcome > Outcome.PASS or outcome is Outcome.PASS]
    said.sort(key=lambda conclusion: conclusion.outcome, reverse=True)
    return Finding(
        gate=gate,
        outcome=outcome,
        summary=" ".join(conclusion.sentence for conclusion in said) or "Nothing was checked.",
        measures=tuple(measure for conclusion in conclusions for measure in conclusion.measures),
        reason=next((c.reason for c in said if c.reason and c.outcome is outcome), ""),
    )


def one(gate: str, outcome: Outcome, sentence: str, *measures: Measure) -> Finding:
    """Return the finding of a check that has one part."""
    return finding(gate, [Conclusion(outcome=outcome, sentence=sentence, measures=measures)])
