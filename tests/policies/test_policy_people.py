"""Accounts become persons, each account one person at most."""

from collections.abc import Callable

from policies.people import NOBODY
from policies.rulebook import Rulebook, load_rulebook

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
