"""Is the starter rulebook without mistakes, and does it ask what the story says?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.data import EVALUATION_URI, LABEL, SENSITIVE
from bot.demo.starter import EVALUATION_SHA256, TRAINER_ACCOUNTS, rulebook_files
from gates.evidence import Kind
from policies.check import check
from policies.effective import effective_policy
from policies.rulebook import Rulebook, is_rulebook_path, load_rulebook

SHA256 = "0123456789abcdef" * 4


def starter(*accounts: str) -> Rulebook:
    return load_rulebook(rulebook_files(evaluation_sha256=SHA256, trainer_accounts=accounts))


def asked(environment: str, kind: Kind) -> dict[str, int]:
    policy = effective_policy(starter(), model="loan-approval", environment=environment, kind=kind)
    return {rule.role: rule.count for rule in policy.approvals}


def test_it_has_neither_a_mistake_nor_a_warning() -> None:
    assert check(rulebook_files(evaluation_sha256=SHA256, trainer_accounts=("root",))) == ()


def test_every_file_belongs_to_the_rulebook_and_is_filled_in() -> None:
    for path, content in rulebook_files(evaluation_sha256=SHA256, trainer_accounts=()).items():
        assert is_rulebook_path(path)
        assert EVALUATION_SHA256.encode() not in content
        assert TRAINER_ACCOUNTS.encode() not in content


def test_the_entry_pins_the_data_that_dana_registered() -> None:
    entry = starter().entries["loan-approval"]
    pinned = (entry.evaluation.uri, entry.evaluation.sha256, entry.evaluation.registered_by)
    assert pinned == (EVALUATION_URI, SHA256, "dana")
    assert (entry.label, entry.positive, entry.sensitive_features) == (LABEL, 1, SENSITIVE)


def test_the_card_says_that_the_label_is_a_human_decision() -> None:
    assert "The label is itself a human decision" in starter().entries["loan-approval"].limitations


@pytest.mark.parametrize(
    ("environment", "kind", "roles"),
    [
        ("staging", Kind.PROMOTE, {"validator": 1}),
        ("production", Kind.PROMOTE, {"validator": 1, "ml-engineer": 1}),
        ("staging", Kind.ROLLBACK, {"ml-engineer": 1}),
        ("production", Kind.ROLLBACK, {"ml-engineer": 1}),
    ],
)
def test_approvals_are_those_of_the_story(environment: str, kind: Kind, roles: dict[str, int]) -> None:
    assert asked(environment, kind) == roles


def test_nobody_but_alice_is_known_to_train() -> None:
    people = starter("root").people
    for account in ("alice", "root"):
        person = people.person_of("mlflow", account)
        assert person is not None
        assert person.login == "alice"
    assert people.person_of("mlflow", "bob") is None


@given(account=st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_any_account_name_stays_a_name(account: str) -> None:
    person = starter(account).people.person("alice")
    assert person is not None
    assert person.accounts["mlflow"] == tuple(dict.fromkeys(("alice", account)))


@pytest.mark.parametrize("wrong", ["", "0" * 63, "A" * 64, f"{SHA256}\nowner: bob"])
def test_what_is_no_sha256_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="pinned by a SHA-256"):
        rulebook_files(evaluation_sha256=wrong, trainer_accounts=())
