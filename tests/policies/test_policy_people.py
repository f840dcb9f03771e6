"""Accounts become persons, each account one person at most."""

from collections.abc import Callable

import pytest

from policies.people import NOBODY
from policies.rulebook import Rulebook, RulebookError, load_rulebook

Write = Callable[..., dict[str, bytes]]


def test_an_account_leads_to_its_person(rulebook: Rulebook) -> None:
    people = rulebook.people
    alice = people.person("alice")
    assert alice is not None
    assert alice.name == "Alice Ahmed"
    assert people.person_of("mlflow", "alice-batch") is alice
    assert people.person_of("git", "Alice@Example.COM") is alice
    assert people.person_of("embedded", "alice") is alice
    assert people.person_of("embedded", "alice-batch") is None
    assert people.person_of("mlflow", "Alice") is None
    assert people.person_of("mlflow", "bob") is None
    assert people.person("mallory") is None
    assert NOBODY.person_of("git", "alice@example.com") is None


def test_a_login_is_the_embedded_account_unless_another_is_given(write: Write) -> None:
    people = load_rulebook(write(people=("bob: {", "bob: {accounts: {embedded: robert}, "))).people
    robert = people.person_of("embedded", "robert")
    assert robert is not None
    assert robert.login == robert.name == "bob"
    assert people.person_of("embedded", "bob") is None


def test_a_role_names_everyone_who_holds_it_by_login(rulebook: Rulebook) -> None:
    assert [person.login for person in rulebook.people.with_role("governor")] == ["dan", "erin"]
    assert rulebook.people.with_role("no-such-role") == ()


TEAMS = "rulebook: {governors: 1}\n"


def test_a_team_gives_its_roles_to_the_people_whose_accounts_are_in_it(write: Write) -> None:
    teams = f"{TEAMS}teams: {{acme/validators: {{roles: [validator, auditor]}}}}\n"
    files = write(people=(TEAMS, teams))
    files["policies/people.yaml"] = files["policies/people.yaml"].replace(
        b"carol: {", b"carol: {accounts: {github: carol-gh}, "
    )
    people = load_rulebook(files).people
    members = {"acme/validators": ["carol-gh", "somebody-else"], "acme/unknown": ["carol-gh"]}
    carol = people.with_members("github", members).person("carol")
    assert carol is not None
    assert carol.roles == {"ml-engineer", "validator", "auditor"}
    assert people.person("carol") != carol


@pytest.mark.parametrize(
    ("team", "said"),
    [
        ("validators: {roles: [validator]}", "'validators' is no team: write ORGANISATION/TEAM"),
        ("acme/all: {roles: [governor]}", "`governor` cannot come from a team"),
    ],
)
def test_a_team_that_cannot_lend_a_role_is_a_mistake(write: Write, team: str, said: str) -> None:
    with pytest.raises(RulebookError, match=r"people\.yaml") as refused:
        load_rulebook(write(people=(TEAMS, f"{TEAMS}teams: {{{team}}}\n")))
    assert said in str(refused.value)
