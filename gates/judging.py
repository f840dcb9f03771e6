"""How are the parts of one gate judged together, so that the number of tests is known to each of them?"""

from collections.abc import Sequence
from typing import Protocol

from gates.conclusion import Conclusion
from gates.looks import FRESH_DATA_NEEDED, Budget
from gates.outcome import Outcome
from gates.proof import Answer, Claim, answers


class Pending(Protocol):
    """A claim that waits for its answer, and knows how to say it."""

    @property
    def claim(self) -> Claim:
        """What is to be proven."""

    def concluded(self, answer: Answer) -> Conclusion:
        """Say how it ended."""


def judged(parts: Sequence[Pending | Conclusion], budget: Budget) -> list[Conclusion]:
    """Answer all claims of one gate together, and leave every part in its place."""
    claims = [part.claim for part in parts if not isinstance(part, Conclusion)]
    found = iter(answers(claims, budget))
    return [part if isinstance(part, Conclusion) else part.concluded(next(found)) for part in parts]


def worn_out(budget: Budget) -> list[Conclusion]:
    """Say that these data can prove nothing any more, where that is so."""
    if budget.alpha is not None:
        return []
    return [Conclusion(outcome=Outcome.INCONCLUSIVE, sentence=budget.spent, reason=FRESH_DATA_NEEDED)]
