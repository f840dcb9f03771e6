"""An account is added to people.yaml as a careful person would add it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.refusal import UserError
from policies.document import read_document
from policies.people import People, read_people
from policies.people_edit import with_account

WRITTEN = """\
# Who is who
people:
  alice:   # lead
    name: "Alice Ahmed"
    roles: [data-scientist]
    accounts:
      git:
      - alice@example.com
      - a@example.com   # old

  # Bob is on leave
  bob:
    roles:
      - validator  # since May

  # Carol joins
  carol: { roles: [ml-engineer],
           accounts: {git: 'carol@example.org'} }   # two lines
  dan:   {roles: [risk-officer, governor]}
  erin: {accounts: {slack: T01ABC/U01ERIN}}
  frank:
    accounts:
      slack: T01ABC/U01FRANK # at home
  grace: {accounts: {slack: [T01ABC/U01GRACE]}}
  heidi:
    accounts:
      slack:
        - T01ABC/U01HEIDI
        # and no more
    name: Heidi
  ivan: {}
  judy: {accounts: {}}
  lena: {accounts: {slack: []}}
rulebook: {governors: 1}
"""
SLACK, TEAMS = "T01ABC/U02DEF", "0f8fad5b-d9cb-469f-a165-70867728950e/7c9e6679-7425-40de-944b-e07fc1f90ae7"
CASES = {
    "alice": ("      - a@example.com   # old\n", "      - a@example.com   # old\n      slack: T01ABC/U02DEF\n"),
    "bob": ("validator  # since May\n", "validator  # since May\n    accounts: {slack: T01ABC/U02DEF}\n"),
    "carol": ("{git: 'carol@example.org'}", "{git: 'carol@example.org', slack: T01ABC/U02DEF}"),
    "dan": ("[risk-officer, governor]}", "[risk-officer, governor], accounts: {slack: T01ABC/U02DEF}}"),
    "erin": ("{slack: T01ABC/U01ERIN}", "{slack: [T01ABC/U01ERIN, T01ABC/U02DEF]}"),
    "frank": ("slack: T01ABC/U01FRANK #", "slack: [T01ABC/U01FRANK, T01ABC/U02DEF] #"),
    "grace": ("[T01ABC/U01GRACE]", "[T01ABC/U01GRACE, T01ABC/U02DEF]"),
    "heidi": ("- T01ABC/U01HEIDI\n", "- T01ABC/U01HEIDI\n        - T01ABC/U02DEF\n"),
    "ivan": ("ivan: {}", "ivan: {accounts: {slack: T01ABC/U02DEF}}"),
    "judy": ("judy: {accounts: {}}", "judy: {accounts: {slack: T01ABC/U02DEF}}"),
    "lena": ("{slack: []}", "{slack: [T01ABC/U02DEF]}"),
}


def added(text: str, login: str, platform: str = "slack", account: str = SLACK) -> str:
    return with_account(text.encode(), login=login, platform=platform, account=account).decode()


def accounts(text: str, login: str) -> dict[str, tuple[str, ...]]:
    people = read_people(read_document("policies/people.yaml", text.encode()))
    assert isinstance(people, People)
    return dict(people.persons[login].accounts)


@pytest.mark.parametrize("login", CASES)
def test_one_place_changes_and_everything_else_stays_as_it_was_written(login: str) -> None:
    before, after = CASES[login]
    assert WRITTEN.count(before) == 1
    assert added(WRITTEN, login) == WRITTEN.replace(before, after)


def test_an_account_that_is_there_already_changes_nothing() -> None:
    assert added(WRITTEN, "erin", account="T01ABC/U01ERIN") == WRITTEN
    once = added(WRITTEN, "bob", "teams", TEAMS)
    assert added(once, "bob", "teams", TEAMS.upper()) == once


def test_line_ends_of_windows_stay() -> None:
    text = WRITTEN.replace("\n", "\r\n")
    assert added(text, "bob") == added(WRITTEN, "bob").replace("\n", "\r\n")


def test_a_mark_of_the_encoding_stays() -> None:
    marked = with_account(b"\xef\xbb\xbf" + WRITTEN.encode(), login="bob", platform="slack", account=SLACK)
    assert marked == b"\xef\xbb\xbf" + added(WRITTEN, "bob").encode()


def test_a_file_without_a_last_line_end_is_welcome() -> None:
    assert added("people:\n  bob:\n    name: Bob", "bob") == (
        "people:\n  bob:\n    name: Bob\n    accounts: {slack: T01ABC/U02DEF}"
    )


@pytest.mark.parametrize(
    "text",
    [
        "people:\n  alice: &one {accounts: {git: a@example.org}}\n  bob: {accounts: *two}\n",
        "people:\n  alice: {accounts: {slack: &one [T01ABC/U01A]}}\n  bob: {accounts: {slack: *one}}\n",
        "people:\n  bob: {accounts: {slack: T01ABC/U02DEF}}\n  alice: {}\n",
    ],
    ids=["no YAML", "shared by two", "somebody else's"],
)
def test_what_cannot_be_edited_with_certainty_is_left_to_people(text: str) -> None:
    with pytest.raises(UserError, match=r"policies/people\.yaml"):
        added(text, "alice")


def test_what_is_said_where_a_hand_is_needed() -> None:
    shared = "people:\n  alice: {roles: &r [validator], accounts: &a {git: a@example.org}}\n"
    shared += "  bob: {accounts: *a}\nrulebook: {governors: 1}\n"
    with pytest.raises(UserError, match="belongs to alice already"):
        added(shared, "bob")
    block = "people:\n  bob:\n    name: |\n      Bob\n\n  carol: {}\n"
    with pytest.raises(UserError) as refused:
        added(block, "bob")
    assert str(refused.value) == (
        "policies/people.yaml is written so that this account cannot be added without changing more: give bob "
        "`slack: T01ABC/U02DEF` by hand, in a pull request."
    )
    with pytest.raises(UserError, match="names no mallory"):
        added(WRITTEN, "mallory")


@pytest.mark.full
@given(
    order=st.permutations(sorted(CASES)),
    platforms=st.lists(st.sampled_from([("slack", SLACK), ("teams", TEAMS)]), min_size=1, unique=True),
)
def test_one_after_the_other_all_of_them_get_in(order: list[str], platforms: list[tuple[str, str]]) -> None:
    for login in order[:3]:
        text = WRITTEN
        for platform, account in platforms:
            before = accounts(text, login)
            text = added(text, login, platform, account)
            after = accounts(text, login)
            assert after[platform] == (*before.get(platform, ()), account)
            assert {key: value for key, value in after.items() if key != platform} == {
                key: value for key, value in before.items() if key != platform
            }
