"""Decisions add up, and what does not count says why."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.outcome import Outcome
from policies.approvals import Missing, Tally, tally
from policies.decision import Decision
from policies.effective import ApprovalRule, EffectivePolicy
from policies.people import People
from policies.risk import Risk
from policies.rulebook import Rulebook
from policies.rulebook_approval import rulebook_tally

Crew = Callable[..., People]
Decided = Callable[..., Decision]

ROLES = ("validator", "ml-engineer", "risk-officer")
LOGINS = ("ann", "bea", "cas", "dee")


def asking(extra: dict[str, int] | None = None, /, **counts: int) -> EffectivePolicy:
    def rules(asked: dict[str, int]) -> tuple[ApprovalRule, ...]:
        return tuple(ApprovalRule(role=role.replace("_", "-"), count=count) for role, count in asked.items())

    return EffectivePolicy(
        policies=("p",),
        risk=Risk.HIGH,
        gates=(),
        approvals=rules(counts),
        on_inconclusive="block" if extra is None else rules(extra),
        expires_after=60,
        requester_counts=False,
    )


def tallied(  # noqa: PLR0917 - the arguments of the example, in the order of the sentence
    policy: EffectivePolicy,
    people: People,
    decisions: list[Decision],
    barred: dict[str, str] | None = None,
    outcome: Outcome = Outcome.PASS,
    requester: str | None = None,
) -> Tally:
    return tally(
        policy=policy,
        people=people,
        decisions=decisions,
        barred=barred or {},
        outcome=outcome,
        evidence_digest="now",
        requester=requester,
    )


def told(counted: Tally) -> list[tuple[str | None, bool, str]]:
    return [(item.decision.person, item.counts, item.why) for item in counted.counted]


def test_enough_people_of_every_role_make_it_complete(crew: Crew, decided: Decided) -> None:
    people = crew(bob="validator", carol="ml-engineer", dan="validator")
    first = tallied(asking(validator=1, ml_engineer=1), people, [decided("bob")])
    assert (first.complete, first.missing) == (False, (Missing(role="ml-engineer", count=1, who=("carol",)),))
    both = tallied(asking(validator=1, ml_engineer=1), people, [decided("bob"), decided("carol", at=1)])
    assert (both.complete, both.missing, both.rejected_by, both.blocked) == (True, (), None, False)
    assert told(both) == [("bob", True, "as validator"), ("carol", True, "as ml-engineer")]


def test_one_person_with_two_roles_takes_the_seat_that_helps_most(crew: Crew, decided: Decided) -> None:
    people = crew(bob="validator ml-engineer", carol="ml-engineer", dan="validator")
    policy = asking(validator=1, ml_engineer=1)
    alone = tallied(policy, people, [decided("bob")])
    assert (alone.complete, [missing.who for missing in alone.missing]) == (False, [("carol", "dan")])
    for other in ("carol", "dan"):
        assert tallied(policy, people, [decided("bob"), decided(other, at=1)]).complete


def test_each_decision_that_does_not_count_says_why(crew: Crew, decided: Decided) -> None:
    people = crew(alice="validator", bob="validator", carol="ml-engineer", dan="validator")
    decisions = [
        decided("alice", at=1),
        decided("carol", at=2),
        decided("dan", at=2, digest=""),
        decided("bob", at=3, digest="3fa2" + "0" * 60),
        decided("bob", at=4),
        decided("bob", at=5),
        decided("dan", at=6),
        decided(None, at=7),
        decided("mallory", at=8),
    ]
    counted = tallied(asking(validator=1), people, decisions, {"alice": "alice asked for this promotion"})
    assert told(counted) == [
        ("alice", False, "alice asked for this promotion"),
        ("carol", False, "carol has no role that this policy asks for (validator)"),
        ("dan", False, "the commit that was reviewed holds no evidence"),
        ("bob", False, "given for other evidence (3fa200000000)"),
        ("bob", True, "as validator"),
        ("bob", False, "bob has approved this already and counts once"),
        ("dan", False, "enough people have approved already"),
        (None, False, "the account stranger is linked to no person of policies/people.yaml"),
        ("mallory", False, "mallory is not in policies/people.yaml"),
    ]
    assert counted.complete


def test_a_rejection_is_final_also_by_someone_who_approved_or_is_barred(crew: Crew, decided: Decided) -> None:
    people = crew(bob="validator", carol="validator", eve="engineer")
    decisions = [decided("bob"), decided("carol", approves=False, at=1), decided("carol", approves=False, at=2)]
    for barred in ({}, {"carol": "carol trained this version"}):
        counted = tallied(asking(validator=1), people, decisions, barred)
        assert (counted.complete, counted.rejected_by, counted.missing) == (False, "carol", ())
        assert told(counted)[1:] == [
            ("carol", True, "a rejection is final"),
            ("carol", False, "carol has rejected this already and counts once"),
        ]
    changed = [decided("bob"), decided("bob", approves=False, at=1)]
    assert tallied(asking(validator=1), people, changed).rejected_by == "bob"
    stranger = [decided("eve", approves=False), decided("bob", approves=False, digest="old")]
    assert tallied(asking(validator=1), people, stranger).rejected_by is None


def test_the_requester_withdraws_and_does_not_reject(crew: Crew, decided: Decided) -> None:
    people = crew(alice="validator")
    why = {"alice": "alice asked for this promotion"}
    counted = tallied(asking(validator=1), people, [decided("alice", approves=False)], why, requester="alice")
    assert (counted.rejected_by, told(counted)) == (None, [("alice", False, "alice asked for this promotion")])


@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.ERROR, Outcome.INCONCLUSIVE])
def test_what_is_blocked_leaves_nothing_to_approve(crew: Crew, decided: Decided, outcome: Outcome) -> None:
    counted = tallied(asking(validator=1), crew(bob="validator"), [decided("bob")], outcome=outcome)
    assert (counted.blocked, counted.complete, counted.missing) == (True, False, ())


def test_too_little_data_asks_for_more_people_on_top(crew: Crew, decided: Decided) -> None:
    people = crew(bob="validator", carol="validator", dan="risk-officer")
    policy = asking({"validator": 1, "risk-officer": 1}, validator=1)
    decisions = [decided("bob"), decided("dan", at=1)]
    counted = tallied(policy, people, decisions, outcome=Outcome.INCONCLUSIVE)
    assert counted.missing == (Missing(role="validator", count=1, who=("carol",)),)
    assert tallied(policy, people, decisions, outcome=Outcome.WARN).complete
    assert tallied(policy, people, [*decisions, decided("carol", at=2)], outcome=Outcome.INCONCLUSIVE).complete


def test_a_policy_that_asks_for_nobody_is_complete_at_once(crew: Crew, decided: Decided) -> None:
    counted = tallied(asking(), crew(bob="validator"), [decided("bob", approves=False)])
    assert counted.complete
    assert told(counted) == [("bob", False, "this policy asks for nobody's approval")]


def test_nobody_is_named_who_may_not_approve(crew: Crew) -> None:
    people = crew(alice="validator", bob="validator")
    counted = tallied(asking(validator=2), people, [], {"alice": "alice asked for this promotion"})
    assert counted.missing == (Missing(role="validator", count=2, who=("bob",)),)


def test_a_change_of_the_rulebook_is_decided_by_governors_other_than_its_author(
    rulebook: Rulebook, decided: Decided
) -> None:
    def changed(*decisions: Decision) -> Tally:
        barred = {"dan": "dan wrote this change"}
        return rulebook_tally(people=rulebook.people, decisions=decisions, barred=barred, digest="now")

    assert changed(decided("dan")).missing == (Missing(role="governor", count=1, who=("erin",)),)
    assert told(changed(decided("dan"), decided("bob", at=1))) == [
        ("dan", False, "dan wrote this change"),
        ("bob", False, "bob has no role that this policy asks for (governor)"),
    ]
    assert changed(decided("erin")).complete
    assert changed(decided("dan", approves=False)).rejected_by == "dan"


crews = st.fixed_dictionaries({login: st.lists(st.sampled_from(ROLES), max_size=3).map(" ".join) for login in LOGINS})
counts = st.dictionaries(st.sampled_from(("validator", "ml_engineer", "risk_officer")), st.integers(1, 2))
voters = st.lists(st.sampled_from(LOGINS), max_size=6)


@given(held=crews, asked=counts, some=voters, more=voters)
def test_more_approvals_never_make_a_complete_tally_incomplete(
    *, crew: Crew, decided: Decided, held: dict[str, str], asked: dict[str, int], some: list[str], more: list[str]
) -> None:
    people, policy = crew(**held), asking(**asked)
    before = tallied(policy, people, [decided(login) for login in some])
    after = tallied(policy, people, [decided(login, at=index) for index, login in enumerate([*some, *more])])
    assert after.complete or not before.complete
    assert sum(missing.count for missing in after.missing) <= sum(missing.count for missing in before.missing)


@given(held=crews, asked=counts, some=voters, barred=st.sampled_from(LOGINS))
def test_a_barred_persons_approval_never_changes_anything(
    *, crew: Crew, decided: Decided, held: dict[str, str], asked: dict[str, int], some: list[str], barred: str
) -> None:
    people, policy, why = crew(**held), asking(**asked), {barred: f"{barred} trained this version"}
    decisions = [decided(login, at=index) for index, login in enumerate(some)]
    without = tallied(policy, people, [one for one in decisions if one.person != barred], why)
    with_it = tallied(policy, people, decisions, why)
    assert (with_it.complete, with_it.missing) == (without.complete, without.missing)
    assert all(barred not in missing.who for missing in with_it.missing)


@given(crews, counts, voters)
def test_exactly_those_who_are_named_can_help(
    crew: Crew, decided: Decided, held: dict[str, str], asked: dict[str, int], some: list[str]
) -> None:
    people, policy = crew(**held), asking(**asked)
    decisions = [decided(login, at=index) for index, login in enumerate(some)]
    before = tallied(policy, people, decisions)
    named = {login for missing in before.missing for login in missing.who}
    for login in LOGINS:
        after = tallied(policy, people, [*decisions, decided(login, at=99)])
        fewer = sum(one.count for one in after.missing) < sum(one.count for one in before.missing)
        assert fewer == (login in named)


@given(crews, counts, voters)
def test_nobody_counts_twice(
    crew: Crew, decided: Decided, held: dict[str, str], asked: dict[str, int], some: list[str]
) -> None:
    counted = tallied(asking(**asked), crew(**held), [decided(login, at=index) for index, login in enumerate(some)])
    seated = [item.decision.person for item in counted.counted if item.counts]
    assert len(seated) == len(set(seated))
    if counted.complete:
        assert len(seated) == sum(asked.values())
