"""By which clock is the age of a signature judged? By ours, which tests can set."""

from collections.abc import Callable

from slack_sdk.signature import Clock, SignatureVerifier


class _Ours(Clock):
    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now

    def now(self) -> float:
        return self._now()


def verifier(secret: str, clock: Callable[[], int]) -> SignatureVerifier:
    """Return what knows Slack's signatures, and refuses those that are older than five minutes."""
    return SignatureVerifier(secret, _Ours(clock))
