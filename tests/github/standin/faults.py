"""How does GitHub misbehave for a while?"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.github.standin.answers import Answer

DROPPED = 0
"""Instead of a status: the connection ends without an answer."""
SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to "
    "GitHub Support for help, please include the request ID."
)
SECONDARY_DOCS = (
    "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits"
)


@dataclass(slots=True, kw_only=True)
class Fault:
    """What the next few requests to a path get instead of an answer."""

    path: str
    method: str | None
    answer: Answer
    times: int
    after: bool = False
    """Is the effect done all the same?"""

    def strikes(self, method: str, path: str) -> bool:
        """Is it this request's turn? Each strike uses it up once."""
        hit = self.times > 0 and self.method in (None, method) and re.search(self.path, path) is not None
        self.times -= hit
        return hit


@dataclass(slots=True)
class Faults:
    """All misbehaviour that is still to come."""

    waiting: list[Fault] = field(default_factory=list)
    before: list[tuple[str, Callable[[], object]]] = field(default_factory=list)
    """What somebody does once, just before a request to a path is answered."""

    def add(self, fault: Fault) -> None:
        """Keep it for later."""
        self.waiting.append(fault)

    def next(self, method: str, path: str) -> Fault | None:
        """Return the fault that strikes this request."""
        return next((fault for fault in self.waiting if fault.strikes(method, path)), None)

    def interrupt(self, path: str) -> None:
        """Let those who are quicker act."""
        quicker = [pair for pair in self.before if re.search(pair[0], path)]
        self.before = [pair for pair in self.before if pair not in quicker]
        for _, action in quicker:
            action()


def server_error(status: int) -> Answer:
    """GitHub's own trouble: a page, or next to nothing."""
    return Answer(body={"message": "Server Error"}, status=status)


def secondary_limit(status: int, retry_after: int | None) -> Answer:
    """GitHub thinks that this is too much at once."""
    headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
    return Answer(body={"message": SECONDARY, "documentation_url": SECONDARY_DOCS}, status=status, headers=headers)
