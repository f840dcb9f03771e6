"""Accounts in chats, who is told there, and who may look: read strictly, joined, and no part of what is decided."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.evidence import Kind
from gates.refusal import UserError
from policies.accounts import CHATS, PLATFORMS, account_problem, comparable
from policies.check import check
from policies.effective import as_json, effective_policy
from policies.explain import explain_model
from policies.notify import SILENT, guests_may_look, notify_of
from policies.policy import Notify
from policies.rulebook import Rulebook, load_rulebook

Write = Callable[..., dict[str, bytes]]
ENTRA = "0f8fad5b-d9cb-469f-a165-70867728950e/7c9e6679-7425-40de-944b-e07fc1f90ae7"
STAGING = "    approvals: [{role: validator}]\n"
SLACK_SHAPE = "write TEAM/USER by their ids, such as T01ABC/U02DEF (mlops link writes it for you)"
TEAMS_SHAPE = "write TENANT/OBJECT-ID, two UUIDs as Microsoft Entra has them (mlops link writes it for you)"


def told(write: Write, account: str) -> list[str]:
    files = write(people=("bob: {roles: [validator]}", f"bob: {{roles: [validator], accounts: {{{account}}}}}"))
    return [str(problem) for problem in check(files) if not problem.warning]


def with_rules(write: Write, notify: str = "", guests: str = "", other: str = "") -> Rulebook:
    """Return the rulebook with something said about the chats, in this policy and in another one."""
    files = write(lending=(STAGING, f"{STAGING}{notify}"))
    files["policies/lending.yaml"] = guests.encode() + files["policies/lending.yaml"]
    if other:
        files["policies/other.yaml"] = f"policy: other\n{other}".encode()
    return load_rulebook(files)


@pytest.mark.parametrize("account", ["slack: T01ABC/U02DEF", "slack: [E01ABC/W02DEF]", f"teams: {ENTRA}"])
def test_accounts_of_chats_are_welcome(write: Write, account: str) -> None:
    assert told(write, account) == []


@pytest.mark.parametrize(
    ("account", "problem"),
    [
        ("slack: bob", f"'bob' is no Slack account: {SLACK_SHAPE}"),
        ("slack: '@bob'", f"'@bob' is no Slack account: {SLACK_SHAPE}"),
        ("slack: U02DEF", f"'U02DEF' is no Slack account: {SLACK_SHAPE}"),
        ("slack: t01abc/u02def", f"'t01abc/u02def' is no Slack account: {SLACK_SHAPE}"),
        ("slack: bob@example.org", f"'bob@example.org' is no Slack account: {SLACK_SHAPE}"),
        ("slack: [T01ABC/U02DEF, x]", f"'x' is no Slack account: {SLACK_SHAPE}"),
        ("teams: bob@example.org", f"'bob@example.org' is no Teams account: {TEAMS_SHAPE}"),
        ("teams: 7c9e6679-7425-40de-944b-e07fc1f90ae7", TEAMS_SHAPE),
        ("slak: T01ABC/U02DEF", "there is no platform `slak`; perhaps `slack` is meant"),
    ],
)
def test_any_other_shape_is_one_sentence_at_its_line(write: Write, account: str, problem: str) -> None:
    (text,) = told(write, account)
    assert text.startswith("policies/people.yaml, line 6: ")
    assert problem in text


def test_teams_accounts_are_compared_regardless_of_case_and_slacks_are_not(write: Write) -> None:
    files = write(
        people=("bob: {roles: [validator]}", f"bob: {{accounts: {{slack: T01ABC/U02DEF, teams: {ENTRA.upper()}}}}}")
    )
    people = load_rulebook(files).people
    bob = people.person_of("teams", ENTRA)
    assert bob is not None
    assert bob.login == "bob"
    assert people.person_of("slack", "T01ABC/U02DEF") is bob
    assert people.person_of("slack", "t01abc/u02def") is None
    assert comparable("teams", "A-B") == comparable("teams", "a-b")


def test_two_people_do_not_share_an_account_in_a_chat(write: Write) -> None:
    files = write(
        people=(
            "bob: {roles: [validator]}\n  carol: {roles: [ml-engineer]}",
            f"bob: {{accounts: {{teams: {ENTRA}}}}}\n  carol: {{accounts: {{teams: {ENTRA.upper()}}}}}",
        )
    )
    assert f"the teams account `{ENTRA.upper()}` belongs to bob already" in " ".join(map(str, check(files)))


def test_only_chats_have_a_shape() -> None:
    assert [name for name in PLATFORMS if account_problem(name, "anything at all")] == list(CHATS)


@pytest.mark.parametrize(
    ("notify", "other", "means"),
    [
        ("", "", Notify(mention=True, remind_after=86_400)),
        ("    notify: {mention: false}\n", "", Notify(mention=False, remind_after=86_400)),
        ("    notify: {remind_after: null}\n", "", Notify(mention=True, remind_after=None)),
        ("    notify: {mention: false, remind_after: null}\n", "", SILENT),
        (
            "    notify: {mention: false, remind_after: 4h}\n",
            "environments: {staging: {approvals: [], notify: {mention: false, remind_after: 2h}}}\n",
            Notify(mention=False, remind_after=7_200),
        ),
        (
            "    notify: {mention: false, remind_after: null}\n",
            "environments: {staging: {approvals: []}}\n",
            Notify(mention=True, remind_after=86_400),
        ),
    ],
    ids=["by default", "no mention", "no reminder", "silent", "the earlier of two", "one that speaks"],
)
def test_one_policy_that_wants_people_told_is_enough(write: Write, notify: str, other: str, means: Notify) -> None:
    book = with_rules(write, notify, other=other)
    assert notify_of(book, model="loan-approval", environment="staging") == means


def test_of_a_model_or_an_environment_without_rules_nothing_is_told(rulebook: Rulebook) -> None:
    for model, environment in (("nothing", "staging"), ("loan-approval", "lab")):
        with pytest.raises(UserError):
            notify_of(rulebook, model=model, environment=environment)


@pytest.mark.parametrize(
    ("guests", "other", "model", "everything"),
    [
        ("", "", False, False),
        ("guests_may_look: true\n", "", True, True),
        ("guests_may_look: true\n", "environments: {lab: {approvals: []}}\n", False, False),
        ("guests_may_look: true\n", "guests_may_look: true\nenvironments: {lab: {approvals: []}}\n", True, True),
        ("guests_may_look: true\n", "applies_to: {models: [x]}\nenvironments: {lab: {approvals: []}}\n", True, False),
    ],
    ids=["by default", "one", "one of two", "both", "another model's"],
)
def test_guests_look_only_where_every_policy_says_so(
    write: Write, guests: str, other: str, *, model: bool, everything: bool
) -> None:
    book = with_rules(write, guests=guests, other=other)
    assert guests_may_look(book, model="loan-approval") is model
    assert guests_may_look(book, model=None) is everything
    assert guests_may_look(book, model="nothing") is False


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        ("    notify: {mentoin: true}\n", "`mentoin` is not a field here; perhaps `mention` is meant"),
        ("    notify: {mention: 1}\n", "`mention` must be true or false, not 1"),
        (
            "    notify: {remind_after: soon}\n",
            "'soon' is no span of time: write a number and s, m, h, d or w, such as",
        ),
    ],
)
def test_mistakes_in_notify_are_named_at_their_line(write: Write, rules: str, text: str) -> None:
    (problem,) = check(write(lending=(STAGING, f"{STAGING}{rules}")))
    assert str(problem).startswith("policies/lending.yaml, line 14: ")
    assert text in str(problem)


@given(
    mention=st.booleans(),
    hours=st.one_of(st.none(), st.integers(1, 1_000)),
    guests=st.booleans(),
    kind=st.sampled_from(list(Kind)),
)
def test_no_subject_depends_on_who_is_told_or_may_look(
    write: Write, rulebook: Rulebook, *, mention: bool, hours: int | None, guests: bool, kind: Kind
) -> None:
    remind = "null" if hours is None else f"{hours}h"
    notify = f"    notify: {{mention: {str(mention).lower()}, remind_after: {remind}}}\n"
    told = with_rules(write, notify, f"guests_may_look: {str(guests).lower()}\n")
    before, after = (
        as_json(effective_policy(book, model="loan-approval", environment="staging", kind=kind))
        for book in (rulebook, told)
    )
    assert after == before


def test_it_is_explained(write: Write) -> None:
    silent = with_rules(write, "    notify: {mention: false, remind_after: null}\n", "guests_may_look: true\n")
    lines = explain_model(silent, model="loan-approval", environment="staging").splitlines()
    assert lines[-2:] == ["In a chat, nobody is told that they are waited for.", "Guests of a chat may look at it."]
    quiet = with_rules(write, "    notify: {mention: false, remind_after: 2h}\n")
    assert "not mentioned and reminded once, after 2h." in explain_model(
        quiet, model="loan-approval", environment="staging"
    )
    once = with_rules(write, "    notify: {remind_after: null}\n")
    assert "mentioned once and not reminded." in explain_model(once, model="loan-approval", environment="staging")
