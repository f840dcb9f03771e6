"""How much proof may these evaluation data still give, after all the looks that were taken at them?

Of a hundred challengers that are each worse by exactly the margin, about five would pass at 5 %: whoever tries often
enough gets one through. So the 5 % are spent over the looks that the policy allows: look k of N is judged at
0.05 (N + 1) / N / (k (k + 1)), which sums to exactly 5 % over all N, early looks getting most (the online Bonferroni
procedure; Tian and Ramdas 2021, Statistical Methods in Medical Research 30:976-993). By Boole's inequality the chance
that any of the N lets through a challenger worse than the margin is at most 5 %, however alike the challengers are.
What a trainer learns from earlier answers and builds into the next challenger no level corrects: so the answers name
no rows, and afterwards nothing can be proven any more.
"""

from dataclasses import dataclass
from typing import Literal

from pydantic import ConfigDict

from gates.confidence import ALPHA
from gates.evidence import Evidence
from gates.values import Value
from gates.wording import level

DEFAULT_LOOKS = 10
MOST_LOOKS = 50
"""More would need bounds further out than a confidence distribution keeps."""
FRESH_DATA_NEEDED: Literal["fresh_data_needed"] = "fresh_data_needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The level at which this look may prove something, and which look it is."""

    alpha: float | None
    """One-sided; None when the data have given all that they may."""
    look: int | None
    """None in evidence older than the counting of looks."""
    most: int

    def __str__(self) -> str:
        """Say the level and where it comes from."""
        if self.look is None:
            return f"at {level(self.alpha or 0.0)}"
        return f"at {level(self.alpha or 0.0)}, look {self.look} of {self.most}"

    @property
    def spent(self) -> str:
        """Say that nothing can be proven any more, and what to do."""
        return (
            f"{FRESH_DATA_NEEDED}: this is look {self.look} at these evaluation data, and the policy's max_looks is "
            f"{self.most}: pin data in model.yaml that no challenger was measured on."
        )


class _Evaluation(Value):
    model_config = ConfigDict(extra="ignore")  # importance is no business of gates
    max_looks: int = DEFAULT_LOOKS


def alpha_of(look: int, most: int) -> float | None:
    """Return the one-sided level of a look, counted from 1, of so many; None beyond them."""
    return None if look > most else ALPHA * (most + 1) / most / (look * (look + 1))


def budget_of(evidence: Evidence) -> Budget:
    """Return what the policy leaves to this look; evidence that counts no looks is judged at 5 %."""
    most = _Evaluation.model_validate(evidence.subject.policy.get("evaluation") or {}).max_looks
    looks = evidence.facts.looks
    if looks is None:
        return Budget(alpha=ALPHA, look=None, most=most)
    return Budget(alpha=alpha_of(looks.number, most), look=looks.number, most=most)
