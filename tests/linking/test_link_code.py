"""Codes are easy to type, hard to guess, and kept as hashes."""

import secrets
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands import Link
from bot.grammar.mistake import UsageError
from bot.grammar.parse import Context, parse
from bot.house.linking import Linking
from tests.linking.talk import BOB, Talk
from workflows.link_code import ALPHABET, LENGTH, code_hash, new_code, read_code, shown

CHAT = Context(surface="slack")
WORDS = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)


@given(WORDS)
def test_a_code_is_read_however_it_is_typed(code: str) -> None:
    for typed in (code, shown(code), shown(code).lower(), f"{code[:2]}-{code[2:]}-"):
        assert read_code(typed) == code
        assert parse(f"link {typed}", context=CHAT) == Link(code=code)


@given(st.text(max_size=12).map(lambda text: f"x{text}").filter(lambda text: read_code(text) is None))
def test_nothing_else_is_a_code(text: str) -> None:
    with pytest.raises(UsageError, match="is no code; it has 8 letters and digits, such as K7MQ-2XPA"):
        parse(["link", text], context=Context(surface="terminal"))


@pytest.mark.parametrize(
    "code", ["K7MQ2XP", "K7MQ2XPAA", "K7MQ2XP0", "K7MQ2XPO", "K7MQ2XPI", "K7MQ2XP1", "K7MQ2XPÄ", ""]
)
def test_what_looks_alike_is_in_no_code(code: str) -> None:
    assert read_code(code) is None


def test_codes_are_drawn_by_whoever_is_handed_in_and_by_secrets_otherwise() -> None:
    letters = cycle("ABCD")
    assert new_code(lambda _alphabet: next(letters)) == "ABCDABCD"
    first, second = Linking().new_code(), new_code(secrets.choice)
    assert first != second
    assert {read_code(first), read_code(second)} == {first, second}


@settings(max_examples=5)
@given(WORDS)
def test_a_hash_names_its_code_and_holds_nothing_of_it(code: str) -> None:
    assert code_hash(code) == code_hash(code)
    assert len(code_hash(code)) == 64
    assert code_hash(code) != code_hash(f"{code}2")


def test_the_trail_of_a_link_says_whose_account_it_is(linked: Talk) -> None:
    assert "link proposed: bob: slack T01ABC/U02BOB" in linked.slack(BOB, "audit R1").text
