"""What did a check conclude, and what do all of them say together?"""

from enum import Enum
from functools import total_ordering
from typing import Literal

from gates.values import Value


@total_ordering
class Outcome(Enum):
    """A check's conclusion; a later one is worse, and the worst decides."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    WARN = "warn"
    INCONCLUSIVE = "inconclusive"
    FAIL = "fail"
    ERROR = "error"

    def __lt__(self, other: object) -> bool:
        """Order by severity, not by spelling."""
        if not isinstance(other, Outcome):
            return NotImplemented
        order = list(Outcome)
        return order.index(self) < order.index(other)


class Measure(Value):
    """One number behind a finding: what was measured, its interval, and the limit it was held against."""

    name: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    limit: float | None = None
    limit_is: Literal["least", "most"] | None = None
    """What the limit is to the value: the least it may be, or the most; None where there is no limit."""
    detail: str = ""

    @property
    def margin(self) -> float | None:
        """How far the value is on the right side of its limit, below zero beyond it; None where either is not known."""
        if self.value is None or self.limit is None or self.limit_is is None:
            return None
        return self.value - self.limit if self.limit_is == "least" else self.limit - self.value


class Finding(Value):
    """What one gate concluded: the outcome, a sentence a reviewer can act on, and the numbers."""

    gate: str
    outcome: Outcome
    summary: str
    measures: tuple[Measure, ...] = ()
    reason: str = ""
    """A code beside the outcome, where there is one: `fresh_data_needed`."""


class Verdict(Value):
    """All findings of one evidence; the worst decides, and no gates is an error."""

    findings: tuple[Finding, ...]

    @property
    def outcome(self) -> Outcome:
        """The worst outcome; `error` when nothing was checked."""
        return max((finding.outcome for finding in self.findings), default=Outcome.ERROR)

    @property
    def worst(self) -> Finding | None:
        """The first of the worst findings, or None when nothing was checked."""
        return next((f for f in self.findings if f.outcome == self.outcome), None)
