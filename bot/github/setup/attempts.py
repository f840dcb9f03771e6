"""Is whoever comes back from GitHub the one whom we sent there?

Each form has a state of its own: random, good for an hour and one use, and only in the browser that got the form.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from bot.github.setup.site import Site

LIFETIME = 3600
"""Seconds; GitHub's own code lives as long."""
MOST = 50
"""Forms that may be open at once; the oldest gives way."""
Token = Callable[[], str]


def random_token() -> str:
    """Return 256 bits that nobody guesses."""
    return secrets.token_urlsafe(32)


def same(one: str, other: str) -> bool:
    """Compare two secrets in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One form that was handed out."""

    state: str
    browser: str
    """What the browser keeps to be known again."""
    site: Site
    until: int


@dataclass(slots=True, kw_only=True)
class Attempts:
    """The forms that are out; safe to use from several threads."""

    clock: Callable[[], int]
    token: Token = random_token
    _open: list[Attempt] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def begin(self, site: Site, browser: str) -> Attempt:
        """Hand out a form; a browser that is not known yet gets a name."""
        attempt = Attempt(state=self.token(), browser=browser or self.token(), site=site, until=self.clock() + LIFETIME)
        with self._lock:
            self._open = [*self._open[-MOST + 1 :], attempt]
        return attempt

    def take(self, state: str, browser: str) -> Attempt | None:
        """Return the form that comes back, which can then come back no more; None when it is none of ours."""
        with self._lock:
            found = [one for one in self._open if same(one.state, state) and same(one.browser, browser)]
            self._open = [one for one in self._open if one not in found and one.until > self.clock()]
        return next((one for one in found if one.until > self.clock()), None)

    def give_back(self, attempt: Attempt) -> None:
        """Let a form come back once more: GitHub did not answer."""
        with self._lock:
            self._open.append(attempt)
