"""What do these rules ask, in words that a person new to the team understands?"""

import inspect
from collections.abc import Iterable, Iterator, Mapping

from pydantic import JsonValue

from gates.comparison import Comparison
from gates.evidence import Kind
from gates.fairness import Fairness
from gates.gate import Gate
from gates.looks import alpha_of
from gates.wording import count, level
from policies.effective import ApprovalRule, EffectivePolicy, effective_policy, may_restore
from policies.notify import explain_guests, explain_notify
from policies.people import People
from policies.principles import explain_principles
from policies.rulebook import Rulebook
from policies.texts import span

BARRED = (
    "the requester",
    "the pull request's author",
    "everyone who committed or pushed to its branch",
    "whoever trained the version",
    "whoever registered it",
    "the author of its source commit",
)


def explain_model(rulebook: Rulebook, *, model: str, environment: str) -> str:
    """Explain everything that holds for a model in an environment: promotion, the roads back, and the chats."""
    promotion, rollback, retirement = (
        effective_policy(rulebook, model=model, environment=environment, kind=kind)
        for kind in (Kind.PROMOTE, Kind.ROLLBACK, Kind.RETIRE)
    )
    people = rulebook.people
    restorers = ", ".join(person.login for person in may_restore(rulebook, model=model, environment=environment))
    return "\n".join(
        [
            explain(promotion, model=model, environment=environment, people=people, rollback=rollback),
            f"Retiring the model here takes {_approvals(retirement.approvals, people)}.",
            f"What someone changed by hand may be put back (sync --restore) by {restorers or 'nobody'}.",
            explain_notify(rulebook, model=model, environment=environment),
            explain_guests(rulebook, model=model),
            *explain_principles(rulebook.principles, [gate.gate for gate in promotion.gates]),
        ]
    )


def explain(
    policy: EffectivePolicy,
    *,
    model: str,
    environment: str,
    people: People,
    rollback: EffectivePolicy | None = None,
) -> str:
    """Explain one effective policy; the road back too, where its policy is given."""
    lines = [
        f"{model} in {environment}: risk {policy.risk.value}, by {_named(policy.policies)}.",
        *_gates(policy),
        *_looks(policy),
        *_people(policy, people),
        _inconclusive(policy, people),
        f"It expires after waiting for people for {span(policy.expires_after)}; once authorised, nothing expires.",
    ]
    if rollback is not None:
        lines.append(_rollback(rollback, people))
    return "\n".join(lines)


def gate_sentence(gate: Gate) -> str:
    """Say what one gate does and with which limits, from its own docstring and fields."""
    told = inspect.getdoc(gate) or ""
    first = " ".join(told.split("\n\n")[0].split()).rstrip(".")
    limits = _limits(gate.model_dump(mode="json", exclude={"gate"}, exclude_none=True))
    return f"{gate.gate}: {first[:1].lower()}{first[1:]}{f' ({limits})' if limits else ''}."


def _gates(policy: EffectivePolicy) -> Iterator[str]:
    if not policy.gates:
        yield "No gate checks it."
        return
    yield "Checked by every one of these gates; the worst outcome decides:"
    yield from (f"  - {gate_sentence(gate)}" for gate in policy.gates)


def _looks(policy: EffectivePolicy) -> Iterator[str]:
    """Say how much proof the evaluation data give, where a gate asks them for any."""
    if not any(isinstance(gate, Comparison | Fairness) for gate in policy.gates):
        return
    most = policy.evaluation.max_looks
    first, last = (level(alpha_of(look, most) or 0.0) for look in (1, most))
    spent = f"the first at {first}, the last at {last}" if most > 1 else f"at {first}"
    if policy.evaluation.importance:
        yield "What the challenger's answers rest on is measured too, by shuffling one feature after the other."
    yield (
        f"The same evaluation data may be looked at {count(most, 'time')}, {spent}; after that there is not enough "
        "data to tell, until fresh data are pinned."
    )


def _limits(fields: Mapping[str, JsonValue]) -> str:
    return "; ".join(f"{name} {_value(value)}" for name, value in fields.items())


def _value(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    return f"({_limits(value)})" if isinstance(value, dict) else str(value)


def _people(policy: EffectivePolicy, people: People) -> Iterator[str]:
    if not policy.approvals:
        yield "Nobody has to approve it."
        return
    yield "Approved by, each person on one seat only:"
    yield from (f"  - {_approval(rule, people)}" for rule in policy.approvals)
    barred = BARRED[2:] if policy.requester_counts else BARRED
    yield f"Never counted: {', '.join(barred)}."
    yield "A rejection by anyone with one of these roles is final; it needs a reason."


def _inconclusive(policy: EffectivePolicy, people: People) -> str:
    if policy.on_inconclusive == "block":
        return "With too little data to tell, it is blocked."
    return f"With too little data to tell, it also takes {_approvals(policy.on_inconclusive, people)}."


def _rollback(policy: EffectivePolicy, people: People) -> str:
    gates = ", ".join(gate.name for gate in policy.gates)
    counts = "the requester counts" if policy.requester_counts else "the requester does not count"
    return f"A rollback takes {_approvals(policy.approvals, people)}; {counts}; its gates are {gates}."


def _approvals(rules: Iterable[ApprovalRule], people: People) -> str:
    return " and ".join(_approval(rule, people) for rule in rules) or "nobody's approval"


def _approval(rule: ApprovalRule, people: People) -> str:
    holders = ", ".join(person.login for person in people.with_role(rule.role))
    return f"{rule.count} {rule.role} ({holders or 'held by nobody'})"


def _named(policies: tuple[str, ...]) -> str:
    return f"the {'policy' if len(policies) == 1 else 'policies'} {', '.join(policies)}"
