"""`policy check` names mistakes, and what is likely not meant."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from policies.check import check

Write = Callable[..., dict[str, bytes]]


def told(files: dict[str, bytes]) -> list[str]:
    return [str(problem) for problem in check(files)]


def test_a_sound_rulebook_leaves_nothing_to_say(write: Write) -> None:
    assert told(write()) == []


def test_mistakes_come_before_warnings_are_worth_looking_for(write: Write) -> None:
    files = write(lending=("limit: 0.15", "limit: x"), people=("governors: 1", "governors: 9"))
    assert told(files) == ["policies/lending.yaml, line 20: `limit` must be a number of at least 0, not 'x'."]


def test_seats_that_nobody_can_fill_are_warned_of(write: Write) -> None:
    files = write(people=("bob: {roles: [validator]}", "bob: {roles: [validator, risk-officer]}"))
    files["policies/lending.yaml"] += b"retire: {approvals: [{role: chief}, {role: validator, count: 2}]}\n"
    assert told(files) == [
        (
            "policies/lending.yaml, line 26: warning: too few people hold `chief` (nobody): 1 more "
            "must, for one person "
            "takes one seat."
        ),
        (
            "policies/lending.yaml, line 26: warning: too few people hold `validator` (bob): 1 more "
            "must, for one person "
            "takes one seat."
        ),
    ]


def test_one_person_with_every_role_cannot_take_every_seat(write: Write) -> None:
    files = write(people=("carol: {roles: [ml-engineer]}", "carol: {}"))
    files["policies/people.yaml"] = files["policies/people.yaml"].replace(b"[validator]", b"[validator, ml-engineer]")
    assert any("line 23: warning: too few people hold `validator` (bob)" in line for line in told(files))


def test_too_few_governors_are_warned_of(write: Write) -> None:
    assert told(write(people=("governors: 1", "governors: 3"))) == [
        (
            "policies/people.yaml, line 10: warning: no change of the rulebook can be accepted: it "
            "takes 3, and 2 people "
            "have the role `governor`."
        )
    ]
    alone = write(people=("erin: {roles: [governor]}", "erin: {}"))
    assert told(alone) == [
        (
            "policies/people.yaml, line 10: warning: a governor's own change of the rulebook cannot be "
            "accepted: it takes "
            "1 others, and 1 person has the role `governor`."
        )
    ]


def test_a_model_without_a_positive_class_or_a_policy_is_warned_of(write: Write) -> None:
    assert "line 11: warning: `positive` is missing" in told(write(model=("positive: 1\n", "")))[0]
    files = write(lending=("loan-*", "churn-*"))
    assert told(files) == [
        (
            "models/loan-approval/model.yaml, line 1: warning: no policy has rules for loan-approval: it cannot be "
            "promoted anywhere."
        ),
        "policies/lending.yaml, line 2: warning: the policy `lending` applies to no model of the rulebook.",
    ]


def test_an_environment_without_gates_or_people_is_warned_of(write: Write) -> None:
    files = write() | {"policies/lab.yaml": b"policy: lab\nenvironments: {lab: {approvals: []}}\n"}
    assert told(files) == [
        (
            "models/loan-approval/model.yaml, line 1: warning: no gate checks loan-approval in lab: "
            "without a gate every "
            "promotion is an error."
        ),
        (
            "models/loan-approval/model.yaml, line 1: warning: nobody has to approve loan-approval in lab: what passes "
            "the gates is promoted."
        ),
    ]


@given(st.binary(max_size=200))
def test_any_bytes_are_checked_without_a_traceback(write: Write, content: bytes) -> None:
    assert all(problem.path for problem in check(write() | {"policies/lending.yaml": content}))
