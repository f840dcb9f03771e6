"""Does the doctor find out who cannot decide on GitHub?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.github.patient import PEOPLE, Patient, sound_patient


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Patient]:
    with sound_patient(tmp_path) as made:
        yield made


def test_people_with_a_role_and_no_account_are_named(patient: Patient) -> None:
    patient.commit_people(PEOPLE.replace(", accounts: {github: alice}", ""))
    assert patient.complaints() == [
        (
            "warn  loans: alice cannot decide here: no GitHub account is named for them - add `accounts: "
            "{github: LOGIN}` for them in policies/people.yaml"
        )
    ]


def test_an_account_that_does_not_exist_could_be_taken_by_somebody(patient: Patient) -> None:
    patient.commit_people(PEOPLE.replace("github: bob-at-work", "github: [bob-at-work, bob-long-gone]"))
    (line,) = patient.complaints()
    assert line.startswith(
        "bad   loans: GitHub has no account bob-long-gone - mend policies/people.yaml: somebody else"
    )


def test_an_account_that_cannot_read_the_repository_is_named(patient: Patient) -> None:
    patient.people.grant("bob-at-work", "none")
    (line,) = patient.complaints()
    assert line.startswith("warn  loans: bob-at-work cannot read acme/models, and so not decide there - give them")


def test_a_team_that_does_not_exist_is_bad(patient: Patient) -> None:
    patient.commit_people(PEOPLE.replace("acme/validators", "acme/validaters"))
    (line,) = patient.complaints()
    assert line.startswith("bad   loans: it cannot be asked who is in the team acme/validaters (404: Not Found)")


def test_a_team_that_may_not_be_read_is_bad(patient: Patient) -> None:
    del patient.github.installation.permissions["members"]
    permission, team = patient.complaints()
    assert permission.startswith("warn  loans: the App lacks the permission members: read")
    assert team.startswith("bad   loans: it cannot be asked who is in the team acme/validators (403: ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("people: {", "policies/people.yaml, line 2"),
        ("people: {alice: {nmae: Alice}}", "policies/people.yaml, line 1"),
    ],
    ids=["not YAML", "not people"],
)
def test_a_file_with_a_mistake_is_named_by_its_line(patient: Patient, text: str, said: str) -> None:
    patient.commit_people(text)
    (line,) = patient.complaints()
    assert line.startswith(f"bad   loans: {said}")
    assert line.endswith("mlops policy check names each mistake")


def test_a_repository_without_people_says_so(patient: Patient) -> None:
    patient.people.push("grace", "main", {"policies/people.yaml": None}, past_protection=True)
    (line,) = patient.complaints()
    assert line.startswith("bad   loans: main has no policies/people.yaml - write one")
