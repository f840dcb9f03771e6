"""How is 429 honoured?

slack_sdk's own handler sleeps for as long as Slack says, which may be minutes, in a thread that others wait for. This
one obeys for short times; a longer one is handed to whoever keeps what is due.
"""

import time
from collections.abc import Callable

from slack_sdk.http_retry import HttpRequest, HttpResponse, RateLimitErrorRetryHandler, RetryState

SHORTEST = 1
"""Seconds of rest where Slack names none."""


class RestHandler(RateLimitErrorRetryHandler):
    """Obeys `Retry-After` up to `longest` seconds."""

    def __init__(self, *, longest: int, times: int, sleep: Callable[[float], None] = time.sleep) -> None:
        """Rest at most `times` times for one request."""
        super().__init__(max_retry_count=times)
        self._longest = longest
        self._sleep = sleep

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        limited = super()._can_retry(state=state, request=request, response=response, error=error)
        return limited and response is not None and seconds_of_rest(response) <= self._longest

    def prepare_for_next_attempt(
        self,
        *,
        state: RetryState,
        request: HttpRequest,  # noqa: ARG002 - slack_sdk's signature
        response: HttpResponse | None = None,
        error: Exception | None = None,  # noqa: ARG002 - as above
    ) -> None:
        """Rest as long as Slack says."""
        state.next_attempt_requested = True
        self._sleep(SHORTEST if response is None else seconds_of_rest(response))
        state.increment_current_attempt()


def seconds_of_rest(response: HttpResponse) -> int:
    """Return the seconds that an answer asks for."""
    told = next((values for name, values in response.headers.items() if name.lower() == "retry-after"), [])
    first = str(told[0]) if told else ""
    return int(first) if first.isdecimal() else SHORTEST
