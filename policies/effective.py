"""Which rules hold for this model in this environment, and from which policies do they come?

Every policy that applies is joined, and joining only tightens: all gates, the larger count per role, the shorter
expiry, `block` rather than extra approvals, and the fewer looks at the evaluation data.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, assert_never

from pydantic import Field, JsonValue

from gates.evidence import Kind
from gates.gate import Gate
from gates.refusal import UserError
from gates.retirement import Retirement
from gates.values import Value
from policies.entry import ModelEntry
from policies.near import or_near
from policies.people import Person
from policies.policy import Approval, EnvironmentRules, EvaluationRules, Policy
from policies.risk import Risk
from policies.rulebook import Rulebook


class ApprovalRule(Value):
    """So many people with a role, each on one seat only."""

    role: str
    count: int = Field(ge=1)


OnInconclusive = Literal["block"] | tuple[ApprovalRule, ...]


class EffectivePolicy(Value):
    """The rules of one model in one environment for one kind of promotion, without the names of people."""

    policies: tuple[str, ...]
    """Names of the policies that these rules come from."""
    risk: Risk
    gates: tuple[Gate, ...]
    approvals: tuple[ApprovalRule, ...]
    """By role; each role once."""
    on_inconclusive: OnInconclusive
    """`block`, or approvals asked for on top when there is not enough data to tell."""
    expires_after: int = Field(gt=0)
    """Seconds from the moment it waits for people."""
    requester_counts: bool
    """May the requester's own approval count?"""
    evaluation: EvaluationRules = EvaluationRules()
    """How often the evaluation data may be looked at; by default in evidence from before looks were counted."""


def effective_policy(rulebook: Rulebook, *, model: str, environment: str, kind: Kind) -> EffectivePolicy:
    """Join the policies that apply; raises `UserError` when the model is unknown or no policy applies."""
    entry = known_entry(rulebook, model)
    policies = applying(rulebook, entry, environment)
    sections = [_section(policy, environment, kind) for policy in policies]
    return EffectivePolicy(
        policies=tuple(policy.policy for policy in policies),
        risk=entry.risk,
        gates=_joined_gates(sections),
        approvals=_joined(_rules(section.approvals, entry.risk) for section in sections),
        on_inconclusive=_joined_inconclusive(sections, entry.risk),
        expires_after=min(section.expires_after for section in sections),
        requester_counts=kind is Kind.ROLLBACK and all(policy.rollback.requester_counts for policy in policies),
        evaluation=_joined_evaluation(sections),
    )


def as_json(policy: EffectivePolicy) -> dict[str, JsonValue]:
    """Return the policy as a subject holds it; `EffectivePolicy.model_validate` reads it back."""
    return policy.model_dump(mode="json")


def may_restore(rulebook: Rulebook, *, model: str, environment: str) -> tuple[Person, ...]:
    """Return the people who may run `sync --restore` here: those who hold, for every policy that applies, a role."""
    policies = applying(rulebook, known_entry(rulebook, model), environment)
    everyone = sorted(rulebook.people.persons.values(), key=lambda person: person.login)
    return tuple(person for person in everyone if all(policy.restorers & person.roles for policy in policies))


def known_entry(rulebook: Rulebook, model: str) -> ModelEntry:
    """Return a model's entry, or refuse with a near match."""
    if model not in rulebook.entries:
        raise UserError(f"The rulebook has no model `{model}`; {or_near(model, rulebook.entries)}")
    return rulebook.entries[model]


def applying(rulebook: Rulebook, entry: ModelEntry, environment: str) -> tuple[Policy, ...]:
    """Return the policies with rules for a model in an environment, by name; never none."""
    about = [policy for _, policy in sorted(rulebook.policies.items()) if policy.applies(entry)]
    found = tuple(policy for policy in about if environment in policy.environments)
    if not found:
        named = {name for policy in about for name in policy.environments}
        have = f"policies know {', '.join(sorted(named))}" if named else "no policy applies to it at all"
        raise UserError(
            f"No policy has rules for {entry.model} (risk {entry.risk.value}) in {environment}, so nothing can be "
            f"promoted there; {have}: add `environments: {{{environment}: ...}}` to a policy"
        )
    return found


def _section(policy: Policy, environment: str, kind: Kind) -> EnvironmentRules:
    """Return what one policy asks for this kind, in the shape of an environment's rules."""
    rules = policy.environments[environment]
    match kind:
        case Kind.PROMOTE:
            return rules
        case Kind.ROLLBACK:
            short = policy.rollback
            return EnvironmentRules(gates=short.gates, approvals=short.approvals, expires_after=rules.expires_after)
        case Kind.RETIRE:
            approvals = policy.retire.approvals if policy.retire else rules.approvals
            return EnvironmentRules(gates=(Retirement(),), approvals=approvals, expires_after=rules.expires_after)
        case _:  # pragma: no cover - mypy proves that no kind is left
            assert_never(kind)


def _joined_gates(sections: Sequence[EnvironmentRules]) -> tuple[Gate, ...]:
    gates: list[Gate] = []
    for section in sections:
        gates.extend(gate for gate in section.gates if gate not in gates)
    return tuple(gates)


def _joined_inconclusive(sections: Sequence[EnvironmentRules], risk: Risk) -> OnInconclusive:
    extra = []
    for section in sections:
        if section.on_inconclusive == "block":
            return "block"
        asked = _rules(section.on_inconclusive.approvals, risk)
        if not asked:  # they are all for other risks: nobody is left to take the responsibility
            return "block"
        extra.append(asked)
    return _joined(extra)


def _joined_evaluation(sections: Sequence[EnvironmentRules]) -> EvaluationRules:
    return EvaluationRules(
        max_looks=min(section.evaluation.max_looks for section in sections),
        importance=any(section.evaluation.importance for section in sections),
    )


def _rules(approvals: Iterable[Approval], risk: Risk) -> tuple[ApprovalRule, ...]:
    return tuple(ApprovalRule(role=asked.role, count=asked.count) for asked in approvals if risk in asked.risk)


def _joined(rules: Iterable[Iterable[ApprovalRule]]) -> tuple[ApprovalRule, ...]:
    counts: dict[str, int] = {}
    for asked in (rule for several in rules for rule in several):
        counts[asked.role] = max(counts.get(asked.role, 0), asked.count)
    return tuple(ApprovalRule(role=role, count=count) for role, count in sorted(counts.items()))
