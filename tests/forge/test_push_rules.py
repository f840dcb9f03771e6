"""Which pushes are refused, and whose push is it?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.local_forge.pushes import Push, parse_pushes, pusher, refusal

OLD, NEW = "a" * 40, "b" * 40
ZERO = "0" * 40


def test_git_tells_of_new_and_deleted_refs_with_zeros() -> None:
    lines = f"{ZERO} {NEW} refs/heads/new\n{OLD} {ZERO} refs/heads/ünï\u2028code\n".encode()
    assert parse_pushes(lines) == (
        Push(ref="refs/heads/new", old=None, new=NEW),
        Push(ref="refs/heads/ünï\u2028code", old=OLD, new=None),
    )


@given(ref=st.from_regex(r"refs/[a-z]{1,8}(/[a-zA-Z0-9.]{1,8}){1,3}", fullmatch=True), deleted=st.booleans())
def test_only_branches_of_people_and_tags_are_taken(ref: str, *, deleted: bool) -> None:
    said = refusal(Push(ref=ref, old=OLD, new=None if deleted else NEW), {})
    kind, name = ref.split("/")[1:3]
    own = (kind == "heads" and ref.casefold() != "refs/heads/main" and name.casefold() != "mlops") or kind == "tags"
    assert (said is None) is own


@pytest.mark.parametrize("ref", ["refs/heads/MAIN", "refs/heads/Mlops/x", "refs/heads/MLOPS"])
def test_another_spelling_of_a_guarded_name_is_guarded_too(ref: str) -> None:
    assert refusal(Push(ref=ref, old=None, new=NEW), {})


def test_the_refs_of_pull_requests_are_kept_by_gatehouse() -> None:
    said = refusal(Push(ref="refs/pull/9/head", old=None, new=NEW), {})
    assert said == "refs/pull/9/head is kept by Gatehouse: push to a branch, and its pull request follows."


def test_the_way_out_may_be_pasted_into_a_shell() -> None:
    said = refusal(Push(ref="refs/heads/a;reboot", old=OLD, new=None), {"a;reboot": 4})
    assert said is not None
    assert "git push --force origin 'main:a;reboot'" in said


def test_the_last_claim_by_option_goes_before_the_environment() -> None:
    options = {"GIT_PUSH_OPTION_COUNT": "3", "GIT_PUSH_OPTION_0": "as=ann", "GIT_PUSH_OPTION_1": "as=ben"}
    assert pusher({**options, "GIT_PUSH_OPTION_2": "ci.skip", "MLOPS_AS": "cem"}) == "ben"
    assert pusher({"MLOPS_AS": "cem"}) == "cem"


@given(login=st.text(max_size=30))
def test_a_claim_is_taken_as_it_is_or_not_at_all(login: str) -> None:
    assert pusher({"GIT_PUSH_OPTION_COUNT": "1", "GIT_PUSH_OPTION_0": f"as={login}"}) in (login, None)


@pytest.mark.parametrize("login", ["", "-rf", "a b", "<b>", "a|b", "a\n", "x" * 101])
def test_what_is_no_login_is_no_claim(login: str) -> None:
    assert pusher({"GIT_PUSH_OPTION_COUNT": "1", "GIT_PUSH_OPTION_0": f"as={login}"}) is None
