"""Which webhook secrets are too weak, and is that said without showing them?"""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.github.doctor.secret_strength import look_at_secret, weakness_of
from tests.github.patient import STRONG


@pytest.mark.parametrize(
    ("secret", "weakness"),
    [
        ("It's a Secret to Everybody", "is one of those that stand in examples"),
        ("changeme-changeme-changeme-changeme", "is one of those that stand in examples"),
        ("your-webhook-secret-goes-here-please", "is one of those that stand in examples"),
        ("a" * 64, "has only 1 different characters"),
        ("abc" * 20, "has only 3 different characters"),
        ("0123456789abcdef" * 4, "is a pattern that repeats or counts"),
        ("abcdefghijklmnopqrstuvwxyz0123456789", "is a pattern that repeats or counts"),
        ("hunter2", "has only 7 different characters"),
        ("gH7x-kQ2w", "has 9 characters, and needs 32"),
        (f"{STRONG}\n", "begins or ends with white space"),
    ],
)
def test_weak_secrets_are_named_by_their_weakness(secret: str, weakness: str) -> None:
    assert weakness_of(secret, {}) == weakness


@pytest.mark.parametrize("secret", [STRONG, "gH7x-kQ2w.Zr9!pLm4Vt&", "correct horse battery staple quartz"])
def test_long_or_dense_secrets_are_strong(secret: str) -> None:
    assert weakness_of(secret, {"OTHER": "something else"}) == ""


def test_a_secret_that_is_used_twice_names_where() -> None:
    found = look_at_secret("HOOK", STRONG, {"MLOPS_GITHUB_TOKEN": f"{STRONG}\n"}, "on the App's page")
    assert found.state == "bad"
    assert found.text == "the webhook's secret in HOOK is also what MLOPS_GITHUB_TOKEN holds"
    assert "secrets.token_hex(32)" in found.todo


@given(st.integers(0, 2**256 - 1))
def test_what_we_tell_people_to_make_is_strong(number: int) -> None:
    """All but a handful of all numbers; small ones stand for patterns that chance never makes."""
    text = f"{number ^ int(STRONG, 16):064x}"
    assert weakness_of(text, {}) in {"", "is a pattern that repeats or counts", "has only 1 different characters"}


def test_a_hundred_real_ones_are_strong() -> None:
    assert [weakness_of(secrets.token_hex(32), {}) for _ in range(100)] == [""] * 100


@given(st.text(min_size=1, max_size=80))
def test_no_text_breaks_the_judgement_or_is_shown(text: str) -> None:
    weakness = weakness_of(text, {})
    assert len(text) < 12 or text not in weakness
