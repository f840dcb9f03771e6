"""Is a token believed exactly when Microsoft's rules say so?"""

import base64
import json
from dataclasses import dataclass
from typing import Any

import jwt
import pytest

from bot.teams.keys import PublishedKeys
from bot.teams.tokens import LONGEST, Sender, UnauthorisedError, Verifier
from gates.refusal import Unavailable
from tests.teams.microsoft import APP, ISSUER, TENANT, Microsoft, rsa_key


@dataclass(slots=True)
class Watch:
    """A clock that stands still until it is moved."""

    now: int = 1_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def verifier(ms: Microsoft, watch: Watch) -> Verifier:
    import time  # noqa: PLC0415 - PyJWT judges by the machine's own clock

    ms.now = int(time.time())
    return Verifier(app_id=APP, issuer=ISSUER, keys=PublishedKeys(url=f"{ms.url}/openid", clock=watch))


def refused(verifier: Verifier, token: str) -> str:
    with pytest.raises(UnauthorisedError) as caught:
        verifier.sender(f"Bearer {token}")
    return str(caught.value)


def test_a_good_token_tells_its_service_url_and_the_channels_of_its_key(verifier: Verifier, ms: Microsoft) -> None:
    sender = verifier.sender(f"Bearer {ms.token()}")
    assert sender == Sender(service_url=ms.service_url, endorsements=frozenset({"msteams", "webchat"}))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"aud": TENANT}, "InvalidAudienceError"),
        ({"aud": [APP]}, "InvalidAudienceError"),
        ({"aud": None}, "MissingRequiredClaimError"),
        ({"iss": "https://api.botframework.us"}, "InvalidIssuerError"),
        ({"iss": f"https://sts.windows.net/{TENANT}/"}, "InvalidIssuerError"),
        ({"iss": None}, "MissingRequiredClaimError"),
        ({"exp": None}, "MissingRequiredClaimError"),
        ({"exp": "tomorrow"}, "DecodeError"),
        ({"serviceurl": None}, "MissingRequiredClaimError"),
        ({"serviceurl": 7}, "ValidationError"),
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(
    verifier: Verifier, ms: Microsoft, changes: dict[str, Any], why: str
) -> None:
    assert refused(verifier, ms.token(**changes)) == f"The token is not good: {why}."


def test_a_token_may_have_ended_five_minutes_ago_and_no_longer(verifier: Verifier, ms: Microsoft) -> None:
    assert verifier.sender(f"Bearer {ms.token(exp=ms.now - 280)}")
    assert "ExpiredSignatureError" in refused(verifier, ms.token(exp=ms.now - 310))
    assert "ImmatureSignatureError" in refused(verifier, ms.token(nbf=ms.now + 900))


def test_a_token_signed_with_another_key_under_a_published_name_is_refused(verifier: Verifier, ms: Microsoft) -> None:
    assert "InvalidSignatureError" in refused(verifier, ms.token(key="wrong", kid="good"))


def test_a_token_without_a_signature_is_refused(verifier: Verifier, ms: Microsoft) -> None:
    claims = jwt.decode(ms.token(), options={"verify_signature": False})
    unsigned = jwt.encode(claims, "", algorithm="none", headers={"kid": "good"})
    assert "RS256" in refused(verifier, unsigned)
    header, payload, _ = ms.token().split(".")
    assert "InvalidSignatureError" in refused(verifier, f"{header}.{payload}.")


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(verifier: Verifier, ms: Microsoft) -> None:
    claims = jwt.decode(ms.token(), options={"verify_signature": False})
    confused = jwt.encode(claims, "x" * 32, algorithm="HS256", headers={"kid": "good"})
    assert "RS256" in refused(verifier, confused)


def deep(levels: int) -> str:
    """Return a header that is nested so deeply that a parser gives up."""
    return base64.urlsafe_b64encode(("[" * levels + "]" * levels).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "a.b.c",
        "....",
        "e30.e30.e30",
        "ü.ü.ü",
        f"{deep(4_000)}.e30.x",
        base64.b64encode(b"null").decode() + ".e30.x",
    ],
)
def test_a_malformed_token_is_refused_and_never_an_error_of_ours(verifier: Verifier, token: str) -> None:
    assert refused(verifier, token).startswith("The token is")


def test_a_token_has_to_name_its_key(verifier: Verifier, ms: Microsoft) -> None:
    header = base64.urlsafe_b64encode(json.dumps({"alg": "RS256"}).encode()).decode().rstrip("=")
    _, payload, signature = ms.token().split(".")
    assert "name its key" in refused(verifier, f"{header}.{payload}.{signature}")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "bearer x", "Basic x", f"Bearer {'x' * (LONGEST + 1)}"])
def test_something_else_than_a_bearer_token_is_refused(verifier: Verifier, header: str) -> None:
    with pytest.raises(UnauthorisedError, match="bearer token is needed"):
        verifier.sender(header)


def test_a_token_counts_only_for_its_service_and_its_channels(ms: Microsoft, verifier: Verifier) -> None:
    sender = verifier.sender(f"Bearer {ms.token()}")
    sender.require(channel="msteams", service_url=ms.service_url)
    with pytest.raises(UnauthorisedError, match="service URL"):
        sender.require(channel="msteams", service_url="https://evil.example/")
    with pytest.raises(UnauthorisedError, match="endorsed"):
        sender.require(channel="slack", service_url=ms.service_url)


def test_a_key_that_names_no_channels_is_good_for_none(ms: Microsoft, verifier: Verifier) -> None:
    ms.keys = {"good": ()}
    with pytest.raises(UnauthorisedError, match="endorsed"):
        verifier.sender(f"Bearer {ms.token()}").require(channel="msteams", service_url=ms.service_url)


def test_the_keys_are_fetched_once_a_day(ms: Microsoft, verifier: Verifier, watch: Watch) -> None:
    for _ in range(3):
        verifier.sender(f"Bearer {ms.token()}")
    assert (ms.count("/openid"), ms.count("/keys")) == (1, 1)
    watch.now += 86_400
    verifier.sender(f"Bearer {ms.token()}")
    assert ms.count("/keys") == 2


def test_a_new_key_is_found_without_waiting_for_tomorrow(ms: Microsoft, verifier: Verifier, watch: Watch) -> None:
    verifier.sender(f"Bearer {ms.token()}")
    ms.keys = {"good": ("msteams",), "newer": ("msteams",)}
    watch.now += 60
    assert verifier.sender(f"Bearer {ms.token(key='newer')}").endorsements == {"msteams"}


def test_strangers_with_made_up_keys_cause_one_fetch_a_minute(ms: Microsoft, verifier: Verifier, watch: Watch) -> None:
    for number in range(5):
        assert "not published" in refused(verifier, ms.token(kid=f"made-up-{number}"))
    assert ms.count("/keys") == 1
    watch.now += 60
    refused(verifier, ms.token(kid="made-up"))
    assert ms.count("/keys") == 2


def test_a_key_that_is_published_no_more_is_believed_no_more(ms: Microsoft, verifier: Verifier, watch: Watch) -> None:
    verifier.sender(f"Bearer {ms.token()}")
    ms.keys = {"newer": ("msteams",)}
    watch.now += 86_400
    assert "not published" in refused(verifier, ms.token())


def test_known_keys_outlive_a_day_on_which_they_cannot_be_fetched(
    verifier: Verifier, ms: Microsoft, watch: Watch
) -> None:
    good = ms.token()
    verifier.sender(f"Bearer {good}")
    verifier.keys.url = f"{ms.url}/nowhere"
    watch.now += 86_400
    assert verifier.sender(f"Bearer {good}")


def test_without_any_key_nobody_can_be_judged(ms: Microsoft, watch: Watch) -> None:
    keys = PublishedKeys(url=f"{ms.url}/nowhere", clock=watch)
    with pytest.raises(Unavailable, match="could not be fetched"):
        Verifier(app_id=APP, issuer=ISSUER, keys=keys).sender(f"Bearer {ms.token()}")


def test_a_key_that_cannot_be_read_does_not_spoil_the_others(ms: Microsoft, verifier: Verifier) -> None:
    assert rsa_key("good")
    ms.odd_keys = [{"kid": "ec", "kty": "EC"}, {"kty": "RSA"}, {"kid": "broken", "kty": "RSA", "n": "!", "e": "!"}]
    assert verifier.sender(f"Bearer {ms.token()}")
    assert "not published" in refused(verifier, ms.token(kid="broken"))
