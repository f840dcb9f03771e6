"""How does each gate stand, as one row: its number with the least margin, or what it says?"""

from collections.abc import Iterable
from dataclasses import dataclass

from gates.outcome import Finding, Measure, Outcome
from reports.finding_line import gate_of, worst_first


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLine:
    """One gate."""

    gate: str
    outcome: Outcome
    measure: Measure | None
    """The number that is nearest to its limit, or furthest beyond it; None where the gate holds none against one."""
    more: int
    """Other numbers that it holds against limits."""


def gate_lines(findings: Iterable[Finding]) -> tuple[GateLine, ...]:
    """Return a row for each finding, worst first."""
    return tuple(_line(finding) for finding in worst_first(findings))


def _line(finding: Finding) -> GateLine:
    held = [measure for measure in finding.measures if measure.margin is not None]
    tightest = min(held, key=_tightness, default=None)
    return GateLine(gate=gate_of(finding), outcome=finding.outcome, measure=tightest, more=max(len(held) - 1, 0))


def _tightness(measure: Measure) -> float:
    """Return what is left in units of the uncertainty towards the limit; of the limit itself where it is not known."""
    left, value = measure.margin or 0.0, measure.value or 0.0
    end = measure.low if measure.limit_is == "least" else measure.high
    unit = abs(measure.limit or 0.0) if end is None else abs(value - end)
    return left / unit if unit else left
