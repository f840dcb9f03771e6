"""Policies are joined, and joining only tightens."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.comparison import Comparison
from gates.evidence import Kind
from gates.gate import Gate
from gates.lineage import Lineage
from gates.metric_rule import MetricRule
from gates.model_format import ModelFormat
from gates.refusal import UserError
from gates.retirement import Retirement
from policies.effective import ApprovalRule, EffectivePolicy, as_json, effective_policy, may_restore
from policies.policy import (
    AppliesTo,
    Approval,
    EnvironmentRules,
    EvaluationRules,
    ExtraApprovals,
    Policy,
    RetireRules,
    RollbackRules,
)
from policies.risk import Risk
from policies.rulebook import Rulebook, load_rulebook

Write = Callable[..., dict[str, bytes]]

gates: st.SearchStrategy[Gate] = st.sampled_from(
    [ModelFormat(), Lineage(), Comparison(metrics={"roc_auc": MetricRule(margin=0.1)})]
)
approvals = st.builds(
    Approval,
    role=st.sampled_from(["validator", "ml-engineer"]),
    count=st.integers(1, 3),
    risk=st.sampled_from([tuple(Risk), (Risk.HIGH,), (Risk.LOW,)]),
)
several = st.lists(approvals, max_size=3).map(tuple)
rules = st.builds(
    EnvironmentRules,
    gates=st.lists(gates, max_size=3).map(tuple),
    approvals=several,
    on_inconclusive=st.just("block") | st.builds(ExtraApprovals, approvals=st.lists(approvals, min_size=1).map(tuple)),
    expires_after=st.integers(1, 1_000_000),
    evaluation=st.builds(EvaluationRules, max_looks=st.integers(1, 50)),
)
policies = st.builds(
    Policy,
    policy=st.just("p"),
    environments=rules.map(lambda one: {"staging": one}),
    rollback=st.builds(
        RollbackRules,
        gates=st.lists(gates, min_size=1).map(tuple),
        approvals=several,
        requester_counts=st.booleans(),
    ),
    retire=st.none() | st.builds(RetireRules, approvals=st.lists(approvals, min_size=1).map(tuple)),
)


def joined(rulebook: Rulebook, several: list[Policy], kind: Kind) -> EffectivePolicy:
    named = {f"p{index}": policy.model_copy(update={"policy": f"p{index}"}) for index, policy in enumerate(several)}
    changed = Rulebook(digest="", entries=rulebook.entries, policies=named, people=rulebook.people)
    return effective_policy(changed, model="loan-approval", environment="staging", kind=kind)


def test_the_rules_of_an_environment_are_those_of_its_policy(rulebook: Rulebook) -> None:
    policy = effective_policy(rulebook, model="loan-approval", environment="production", kind=Kind.PROMOTE)
    assert [gate.gate for gate in policy.gates] == ["comparison", "fairness", "format"]
    assert policy == policy.model_copy(
        update={
            "policies": ("lending",),
            "risk": Risk.HIGH,
            "approvals": (ApprovalRule(role="ml-engineer", count=1), ApprovalRule(role="validator", count=1)),
            "on_inconclusive": (ApprovalRule(role="risk-officer", count=1),),
            "expires_after": 3 * 86_400,
            "requester_counts": False,
        }
    )


def test_a_rollback_takes_the_short_road(rulebook: Rulebook) -> None:
    policy = effective_policy(rulebook, model="loan-approval", environment="production", kind=Kind.ROLLBACK)
    assert [gate.gate for gate in policy.gates] == ["digest", "format", "serving"]
    assert policy.approvals == (ApprovalRule(role="ml-engineer", count=1),)
    assert policy.requester_counts
    assert (policy.on_inconclusive, policy.expires_after) == ("block", 3 * 86_400)


def test_retiring_asks_the_environments_people_unless_the_policy_names_others(write: Write, rulebook: Rulebook) -> None:
    usual = effective_policy(rulebook, model="loan-approval", environment="staging", kind=Kind.RETIRE)
    assert (usual.gates, usual.approvals) == ((Retirement(),), (ApprovalRule(role="validator", count=1),))
    named = load_rulebook(write(lending=("floors:", "retire: {approvals: [{role: risk-officer, count: 2}]}\nfloors:")))
    policy = effective_policy(named, model="loan-approval", environment="staging", kind=Kind.RETIRE)
    assert policy.approvals == (ApprovalRule(role="risk-officer", count=2),)
    assert not policy.requester_counts


def test_without_a_policy_there_is_no_promotion(write: Write, rulebook: Rulebook) -> None:
    with pytest.raises(
        UserError, match=r"No policy has rules for loan-approval \(risk high\) in lab, .*production, staging"
    ):
        effective_policy(rulebook, model="loan-approval", environment="lab", kind=Kind.PROMOTE)
    with pytest.raises(UserError, match="The rulebook has no model `loan-aproval`; perhaps `loan-approval` is meant"):
        effective_policy(rulebook, model="loan-aproval", environment="staging", kind=Kind.PROMOTE)
    other = load_rulebook(write(lending=("loan-*", "churn-*")))
    with pytest.raises(UserError, match="no policy applies to it at all"):
        effective_policy(other, model="loan-approval", environment="staging", kind=Kind.PROMOTE)


def test_approvals_may_be_asked_of_some_risks_only(rulebook: Rulebook) -> None:
    low = Approval(role="validator", risk=(Risk.LOW,))
    rules = EnvironmentRules(approvals=(low,), on_inconclusive=ExtraApprovals(approvals=(low,)))
    policy = joined(rulebook, [Policy(policy="p", environments={"staging": rules})], Kind.PROMOTE)
    assert (policy.approvals, policy.on_inconclusive) == ((), "block")
    open_to_all = EnvironmentRules(approvals=(), on_inconclusive=ExtraApprovals(approvals=(Approval(role="chief"),)))
    both = [Policy(policy="p", environments={"staging": one}) for one in (rules, open_to_all)]
    assert joined(rulebook, both, Kind.PROMOTE).on_inconclusive == "block"


def test_who_may_restore_holds_a_role_for_every_policy(write: Write, rulebook: Rulebook) -> None:
    def logins(book: Rulebook) -> list[str]:
        return [person.login for person in may_restore(book, model="loan-approval", environment="staging")]

    assert logins(rulebook) == ["carol"]
    named = write(lending=("floors:", "restore: {roles: [governor, ml-engineer]}\nfloors:"))
    assert logins(load_rulebook(named)) == ["carol", "dan", "erin"]
    central = b"policy: central\nrestore: {roles: [risk-officer]}\nenvironments: {staging: {approvals: []}}\n"
    assert logins(load_rulebook(named | {"policies/central.yaml": central})) == ["dan"]


def test_floors_and_names_decide_to_whom_a_policy_applies(rulebook: Rulebook) -> None:
    applies = AppliesTo(models=("loan-[a-m]*", "churn"))
    assert [applies.names(name) for name in ("loan-approval", "loan-size", "churn", "Churn")] == [
        True,
        False,
        True,
        False,
    ]
    entry = rulebook.entries["loan-approval"]
    assert not Policy(
        policy="p", applies_to=AppliesTo(risk=(Risk.LOW,)), environments={}, floors={"metrics": ["r2"]}
    ).applies(entry)


@pytest.mark.full
@given(st.lists(policies, min_size=1, max_size=3), policies, st.sampled_from(Kind))
def test_one_more_policy_never_loosens(rulebook: Rulebook, some: list[Policy], more: Policy, kind: Kind) -> None:
    before, after = joined(rulebook, some, kind), joined(rulebook, [*some, more], kind)
    assert set(map(repr, before.gates)) <= set(map(repr, after.gates))
    counts = {rule.role: rule.count for rule in after.approvals}
    assert all(counts[rule.role] >= rule.count for rule in before.approvals)
    assert after.expires_after <= before.expires_after
    assert after.evaluation.max_looks <= before.evaluation.max_looks
    assert before.requester_counts or not after.requester_counts
    if after.on_inconclusive != "block":
        extra = {rule.role: rule.count for rule in after.on_inconclusive}
        assert before.on_inconclusive != "block"
        assert all(extra[rule.role] >= rule.count for rule in before.on_inconclusive)


@pytest.mark.full
@given(st.lists(policies, min_size=1, max_size=3), st.sampled_from(Kind))
def test_the_policy_of_a_subject_is_read_back_as_it_was(rulebook: Rulebook, some: list[Policy], kind: Kind) -> None:
    policy = joined(rulebook, some, kind)
    assert EffectivePolicy.model_validate(as_json(policy)) == policy
    assert "alice" not in str(as_json(policy))
    assert as_json(policy) == as_json(joined(rulebook, some, kind))
