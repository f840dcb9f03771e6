"""How do the team's principles stand on this evidence: what checks each, and with which outcome?"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gates.outcome import Outcome, Verdict
from gates.principle_facts import Principle

_KIND = re.compile(r"[a-z_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrincipleRow:
    """One principle; `worst` is None where no gate that ran checks it, which is a gap."""

    principle: str
    text: str
    ran: tuple[str, ...]
    not_run: tuple[str, ...]
    """Gates that the team names for it, and that this policy does not ask for."""
    worst: Outcome | None


def principle_rows(principles: Sequence[Principle], verdict: Verdict) -> tuple[PrincipleRow, ...]:
    """Return each principle with the worst outcome of the gates that check it."""
    worst = _worst_by_gate(verdict)
    return tuple(_row(principle, worst) for principle in principles)


def _row(principle: Principle, worst: Mapping[str, Outcome]) -> PrincipleRow:
    ran = tuple(gate for gate in principle.gates if gate in worst)
    return PrincipleRow(
        principle=principle.principle,
        text=principle.text,
        ran=ran,
        not_run=tuple(gate for gate in principle.gates if gate not in worst),
        worst=max((worst[gate] for gate in ran), default=None),
    )


def _worst_by_gate(verdict: Verdict) -> dict[str, Outcome]:
    """Return outcomes by the gate's own name: `fairness: recall (sex)` and `format (2)` are checks of two gates."""
    found: dict[str, Outcome] = {}
    for finding in verdict.findings:
        named = _KIND.match(finding.gate)
        if named is not None:
            found[named[0]] = max(found.get(named[0], Outcome.PASS), finding.outcome)
    return found
