"""Is a difference proven to lie above what is asked, proven not to, or can nobody tell from these rows?

Three answers. *Pass*: the one-sided lower bound at the level of this look lies above the target (minus the margin, for
"not worse"). All claims of a gate must be proven, and so none of them needs a correction (intersection-union test;
Berger 1982, Technometrics 24:295-300). *Fail*: a difference below the target is proven at 5 %, corrected by Holm for
all claims of the gate, for there any one of them decides. Otherwise there is not enough data to tell.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gates.confidence import ALPHA, Confidence
from gates.holm import adjusted
from gates.looks import Budget
from gates.outcome import Outcome
from gates.wording import number, p_value, percent, signed

MOST_TIMES = 1_000
"""How many times narrower an interval could ever be made: it takes the square of that in rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """That a difference, signed so that positive is better, lies above a target."""

    difference: float
    confidence: Confidence
    target: float
    """What the difference must lie above."""
    strict: bool = False
    """Is the target itself not enough?"""
    as_shortfall: bool = False
    """Is the difference told with the other sign, as how much is lost?"""
    rows: int
    counted: int = 0
    """Rows, of those, that the interval rests on; 0 where it is all of them."""
    noun: str = "labelled rows"

    @property
    def p_harm(self) -> float:
        """Return the p-value of harm: of the claim being false, before any correction."""
        return self.confidence.p_not_below(self.target)

    @property
    def power(self) -> str:
        """Say how likely this sample shows what would be too much, at one-sided 5 %."""
        if self.target >= 0:
            return self.detectable
        lost = f"a {'shortfall' if self.as_shortfall else 'loss'} of {number(-self.target)}"
        return f"power to show {lost}: {percent(self.confidence.power(-self.target))}"

    @property
    def detectable(self) -> str:
        """Say what this sample shows with a power of 80 %, at one-sided 5 %."""
        return f"power of 80 % from a difference of {number(self.confidence.detectable())} on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a claim: one of three outcomes, and the numbers that decided, in words."""

    outcome: Outcome
    proof: str
    """The bound or the p-value that decided."""
    bound: float | None = None
    """The lower bound of the difference at the level of this look, where there is one left."""
    needed: str = ""
    """How many rows would be enough, where they are short."""


def answers(claims: Sequence[Claim], budget: Budget) -> tuple[Answer, ...]:
    """Judge the claims of one gate together, in their order."""
    harms = adjusted([claim.p_harm for claim in claims])
    return tuple(_answer(claim, harm, len(claims), budget) for claim, harm in zip(claims, harms, strict=True))


def _answer(claim: Claim, harm: float, tests: int, budget: Budget) -> Answer:
    if harm <= ALPHA:
        family = f" by Holm over {tests} tests" if tests > 1 else ""
        return Answer(outcome=Outcome.FAIL, proof=f"{p_value(harm)}{family}")
    if budget.alpha is None:
        return Answer(outcome=Outcome.INCONCLUSIVE, proof="these data can prove nothing any more")
    bound = claim.confidence.lower(budget.alpha)
    proof = f"upper bound {signed(-bound)} {budget}" if claim.as_shortfall else f"lower bound {signed(bound)} {budget}"
    if bound > claim.target or (bound == claim.target and not claim.strict):
        return Answer(outcome=Outcome.PASS, proof=proof, bound=bound)
    return Answer(outcome=Outcome.INCONCLUSIVE, proof=proof, bound=bound, needed=rows_needed(claim, bound))


def rows_needed(claim: Claim, bound: float) -> str:
    """Say how many rows would do if the value stayed: an interval's width falls with the root of the rows.

    Where fewer rows count than there are, such as those of the rarer class, it also says how many of these.
    """
    room, half_width = claim.difference - claim.target, claim.difference - bound
    if room <= half_width / MOST_TIMES:
        return "at this estimate, more rows would not help it pass"
    factor = (half_width / room) ** 2
    enough = f"about {_more(claim.rows, factor):,} {claim.noun} would be enough if it stays (there are {claim.rows:,}"
    if not 0 < claim.counted < claim.rows:
        return f"{enough})"
    counted = _more(claim.counted, factor)
    return f"{enough}, of which the interval rests on {claim.counted:,}: it takes about {counted:,} such rows)"


def _more(rows: int, factor: float) -> int:
    return max(math.ceil(rows * factor), rows + 1)
