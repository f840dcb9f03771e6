"""What would this change of the rulebook have done to the promotions we have evidence of?

Stored evidence is judged again under both rulebooks; nothing is measured. What the change asks to be measured anew is
therefore an `error` here, and the summary says so in the gate's own words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gates.evidence import Evidence
from gates.outcome import Outcome, Verdict
from gates.refusal import UserError
from gates.verdict import evaluate
from policies.approvals import seats_of
from policies.effective import as_json, effective_policy, known_entry
from policies.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What one rulebook says of one evidence."""

    outcome: Outcome
    blocked: bool
    """Nothing would be left for people to decide."""
    asks: tuple[tuple[str, int], ...]
    """Approvals by role, where it is left to people."""
    why: str
    """The worst finding, or why there are no rules for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejudged:
    """One evidence under both rulebooks."""

    name: str
    before: Judged
    after: Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """All evidence under both rulebooks; `str()` is what a person reads."""

    rejudged: tuple[Rejudged, ...]

    @property
    def newly_blocked(self) -> tuple[Rejudged, ...]:
        """Return what the change would have blocked."""
        return tuple(one for one in self.rejudged if one.after.blocked and not one.before.blocked)

    @property
    def newly_let_through(self) -> tuple[Rejudged, ...]:
        """Return what the change would have left to people."""
        return tuple(one for one in self.rejudged if one.before.blocked and not one.after.blocked)

    @property
    def asked_differently(self) -> tuple[Rejudged, ...]:
        """Return what would have been left to people under both, and to others than before."""
        both = (one for one in self.rejudged if not one.before.blocked and not one.after.blocked)
        return tuple(one for one in both if one.before.asks != one.after.asks)

    def __str__(self) -> str:
        """Say what would have been different, one line for each promotion concerned."""
        total = len(self.rejudged)
        if not total:
            return "There is no evidence yet that this change could be tried on."
        blocked = _told("blocked", self.newly_blocked, total)
        through = _told("let through to people", self.newly_let_through, total)
        asked = _told("asked other approvals for", self.asked_differently, total, why=_asks)
        return "\n".join([*blocked, *through, *asked]) or f"This change would have changed none of the last {total}."


def simulate(old: Rulebook, new: Rulebook, evidences: Sequence[tuple[str, Evidence]]) -> Simulation:
    """Judge named evidence under both rulebooks."""
    return Simulation(
        rejudged=tuple(
            Rejudged(name=name, before=_judged(old, evidence), after=_judged(new, evidence))
            for name, evidence in evidences
        )
    )


def _judged(rulebook: Rulebook, evidence: Evidence) -> Judged:
    subject = evidence.subject
    try:
        entry = known_entry(rulebook, subject.model)
        policy = effective_policy(rulebook, model=subject.model, environment=subject.environment, kind=subject.kind)
    except UserError as error:
        return Judged(outcome=Outcome.ERROR, blocked=True, asks=(), why=str(error))
    now = {"entry": entry.as_json(), "policy": as_json(policy), "evaluation_data": entry.evaluation.sha256}
    verdict = evaluate(policy.gates, evidence.model_copy(update={"subject": subject.model_copy(update=now)}))
    seats = seats_of(policy, verdict.outcome)
    asks = tuple(sorted((seats or {}).items()))
    return Judged(outcome=verdict.outcome, blocked=seats is None, asks=asks, why=_worst(verdict))


def _worst(verdict: Verdict) -> str:
    return f"{verdict.worst.gate}: {verdict.worst.summary}" if verdict.worst else "no gate checks it"


def _told(verb: str, found: Sequence[Rejudged], total: int, why: Callable[[Rejudged], str] | None = None) -> list[str]:
    if not found:
        return []
    names = ", ".join(one.name for one in found)
    first = f"This change would have {verb} {len(found)} of the last {total}: {names}"
    return [first, *(f"  {one.name}: {(why or _reason)(one)}" for one in found)]


def _reason(one: Rejudged) -> str:
    return one.after.why if one.after.blocked else f"no longer stopped by {one.before.why}"


def _asks(one: Rejudged) -> str:
    before, after = (_seats(judged.asks) for judged in (one.before, one.after))
    return f"{after} instead of {before}"


def _seats(asks: Sequence[tuple[str, int]]) -> str:
    return " and ".join(f"{count} {role}" for role, count in asks) or "nobody"
