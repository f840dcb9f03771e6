"""How is Slack's Web API asked: how long do we wait, and what is tried again at once?

Nothing of slack_sdk's errors leaves this module. What only looks, or may be done twice, is tried again after a failure;
what posts is not: whether it was posted is looked up before it is repeated. While a person waits for a modal (their
trigger lives three seconds), nothing is tried twice.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPException
from typing import TYPE_CHECKING, TypeVar
from urllib.error import URLError

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from bot.slack.refusals import Refusal, SlackAsleep, trouble
from reports.escaping import plain

if TYPE_CHECKING:
    from slack_sdk import WebClient
    from slack_sdk.errors import SlackApiError
    from slack_sdk.http_retry import RetryHandler
    from slack_sdk.web import SlackResponse

Sleep = Callable[[float], None]
T = TypeVar("T")

PATIENT, QUICK = 20, 2
"""Seconds until an answer has to be there."""
LONGEST_REST = 15
"""Seconds that a request waits by itself when Slack asks for rest; for longer ones whoever asks comes back."""
TRIES_AGAIN = 2


class Said(BaseModel):
    """A part of an answer; what we do not read may change as it likes."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Done(Said):
    """Nothing more than that it was done."""


class _ResponseMetadata(Said):
    messages: tuple[str, ...] = ()


class _Refused(Said):
    error: str = ""
    needed: str = ""
    response_metadata: _ResponseMetadata = _ResponseMetadata()


@dataclass(frozen=True, kw_only=True)
class WebApi:
    """One bot's way to the Web API; safe to use from several threads."""

    token: str
    base_url: str
    sleep: Sleep = time.sleep

    @cached_property
    def asking(self) -> "WebClient":
        """For what may be repeated without harm."""
        from slack_sdk.http_retry import (  # noqa: PLC0415 - slow to import, and only who speaks to Slack needs it
            ConnectionErrorRetryHandler,
        )
        from slack_sdk.http_retry.builtin_handlers import ServerErrorRetryHandler  # noqa: PLC0415 - as above

        again = [ConnectionErrorRetryHandler(max_retry_count=TRIES_AGAIN), ServerErrorRetryHandler()]
        return self._client(PATIENT, [_rest(self.sleep), *again])

    @cached_property
    def posting(self) -> "WebClient":
        """For what would be there twice: repeated only where Slack says that it did nothing, or never heard of it."""
        from slack_sdk.http_retry import ConnectionErrorRetryHandler  # noqa: PLC0415 - as above

        unheard = ConnectionErrorRetryHandler(max_retry_count=TRIES_AGAIN, error_types=[URLError])
        return self._client(PATIENT, [_rest(self.sleep), unheard])

    @cached_property
    def quick(self) -> "WebClient":
        """For while a person waits for a modal."""
        return self._client(QUICK, [])

    def _client(self, timeout: int, handlers: "list[RetryHandler]") -> "WebClient":
        from slack_sdk import WebClient  # noqa: PLC0415 - as above

        return WebClient(token=self.token, base_url=self.base_url, timeout=timeout, retry_handlers=handlers)


def said(form: type[T], method: "Callable[..., SlackResponse]", **arguments: object) -> T:
    """Ask Slack and read the answer; `SlackAsleep` or `SlackDeclined` otherwise."""
    return answered(form, method, **arguments)[0]


def answered(form: type[T], method: "Callable[..., SlackResponse]", **arguments: object) -> tuple[T, Mapping[str, str]]:
    """Ask Slack; return the answer and its headers, named in small letters. Raises as `said` does."""
    from slack_sdk.errors import SlackApiError  # noqa: PLC0415 - as above

    name = method.__name__.replace("_", ".", 1)
    try:
        response = method(**arguments)
    except SlackApiError as error:
        raise trouble(_refusal(name, error)) from error
    except (
        OSError,
        HTTPException,
        ValueError,
    ) as error:  # URLError and time-outs are OSErrors, broken JSON a ValueError
        raise SlackAsleep(f"Slack did not answer {name}: {plain(error)}.") from error
    return _read(form, response.data, name), _headers(response.headers)


def _read(form: type[T], document: object, name: str) -> T:
    try:
        return TypeAdapter(form).validate_python(document)
    except ValidationError as error:
        raise SlackAsleep(
            f"The answer to {name} is not Slack's: is something else at slack.base_url in app.yaml?"
        ) from error


def _refusal(name: str, error: "SlackApiError") -> Refusal:
    response = error.response
    document = response.data if isinstance(response.data, dict) else {}
    try:
        told = _Refused.model_validate(document)
    except ValidationError:
        told = _Refused()
    rest = _headers(response.headers).get("retry-after", "")
    return Refusal(
        method=name,
        status=response.status_code,
        code=told.error,
        details="; ".join(told.response_metadata.messages),
        needed=told.needed,
        retry_after=int(rest) if rest.isdecimal() else None,
    )


def _headers(headers: Mapping[str, object]) -> dict[str, str]:
    """Return headers by names in small letters; slack_sdk gives some values as lists."""
    return {
        name.lower(): str(value[0] if isinstance(value, list) and value else value) for name, value in headers.items()
    }


def _rest(sleep: Sleep) -> "RetryHandler":
    """Return a handler that obeys `Retry-After`, up to a limit."""
    from bot.slack.resting import RestHandler  # noqa: PLC0415 - a class of slack_sdk's, slow to import

    return RestHandler(longest=LONGEST_REST, sleep=sleep, times=TRIES_AGAIN)
