"""How often may we ask GitHub, and how long do we wait when it asks us to?

GitHub's rules (docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api): at least a second
between requests that write; `Retry-After` is obeyed; without quota nothing is asked until `X-RateLimit-Reset`; after a
secondary limit without a time, a minute. Whoever goes on asking is banned, so a closed door is remembered.
"""

import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from threading import Lock

Clock = Callable[[], int]
Sleep = Callable[[float], None]

TRIES = 4
NO_ANSWER = 0
"""In place of a status: the connection failed."""
LONGEST_WAIT = 20
"""Seconds that a request waits by itself; for longer ones the engine comes back."""
SECONDARY_WAIT = 60
FIRST_BACKOFF = 0.5
LIMITED = re.compile(r"rate limit|retry your request again later|before you try again", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What GitHub sent back; header names in lower case. Without an answer `text` says why."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def is_limit(self) -> bool:
        """Does it say that we ask too much?"""
        if self.status == HTTPStatus.TOO_MANY_REQUESTS:
            return True
        timed = "retry-after" in self.headers
        if self.status == HTTPStatus.SERVICE_UNAVAILABLE:
            return timed
        spent = self.headers.get("x-ratelimit-remaining") == "0"
        return self.status == HTTPStatus.FORBIDDEN and (timed or spent or bool(LIMITED.search(self.text)))

    @property
    def is_failure(self) -> bool:
        """Did GitHub itself stumble?"""
        return self.status >= HTTPStatus.INTERNAL_SERVER_ERROR or self.status == NO_ANSWER


@dataclass(slots=True, kw_only=True)
class Manners:
    """The pace of one App, shared by its threads. Times are seconds."""

    seconds_between_reads: float
    seconds_between_writes: float
    clock: Clock
    sleep: Sleep = time.sleep
    timer: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    closed_until: int = 0
    """GitHub wants no request before this time, in seconds since 1970."""
    _next_read: float = 0.0
    _next_write: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def pace(self, verb: str) -> None:
        """Wait for this request's turn; turns are given out at once, so that threads do not crowd one."""
        writes = verb != "GET"
        with self._lock:
            now = self.timer()
            turn = max(now, self._next_read, self._next_write if writes else 0.0)
            self._next_read = turn + self.seconds_between_reads
            if writes:
                self._next_write = turn + self.seconds_between_writes
        if turn > now:
            self.sleep(turn - now)

    def seconds_closed(self) -> int:
        """Return how long GitHub wants no request; 0 when it may be asked."""
        return max(0, self.closed_until - self.clock())

    def limit(self, answer: Answer) -> int:
        """Remember a limit that GitHub announced, and return how many seconds it lasts."""
        seconds = _limit_seconds(answer.headers, self.clock())
        with self._lock:
            self.closed_until = max(self.closed_until, self.clock() + seconds)
        return seconds

    def backoff(self, attempt: int) -> float:
        """Return how long to wait after the `attempt`th failure: longer each time, and never in step with others."""
        return FIRST_BACKOFF * float(2 ** (attempt - 1)) * (0.5 + self.chance())


def _limit_seconds(headers: Mapping[str, str], now: int) -> int:
    told = headers.get("retry-after", "")
    if told.isdecimal():
        return int(told)
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
        return max(1, int(reset) - now + 1)  # GitHub does not say when within that second
    return SECONDARY_WAIT


def clock_time(seconds: int) -> str:
    """Return a time since 1970 as people read it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%H:%M:%S UTC")
