"""With which token do we speak to the connector?

OAuth 2 client credentials, as documented, kept until shortly before it ends. Not by MSAL: it refuses a sign-in service
on this machine, and it asks for a new token for each of the SDK's clients.
https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gates.refusal import Unavailable, UserError
from reports.escaping import plain

if TYPE_CHECKING:
    import httpx

MARGIN = 300
"""Seconds before its end that a token is renewed."""
SECONDS = 10.0

Clock = Callable[[], int]


class _Granted(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    access_token: str = Field(min_length=1)
    expires_in: int


class _Denied(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    error: str = "no reason given"
    error_description: str = ""


@dataclass(slots=True, kw_only=True)
class OwnToken:
    """Our token for the connector; safe to ask from several threads."""

    url: str
    scope: str
    app_id: str
    password: str = field(repr=False)
    clock: Clock
    _held: str = field(default="", init=False, repr=False)
    _ends_at: int = field(default=0, init=False)
    _guard: threading.Lock = field(default_factory=threading.Lock, init=False)

    def get(self) -> str:
        """Return a token; UserError when the app id or its secret is not taken, Unavailable when nobody answers."""
        with self._guard:
            now = self.clock()
            if not self._held or now >= self._ends_at - MARGIN:
                granted = self._ask()
                self._held, self._ends_at = granted.access_token, now + granted.expires_in
            return self._held

    def drop(self) -> None:
        """Forget the token, as after it was refused."""
        with self._guard:
            self._held = ""

    def _ask(self) -> _Granted:
        import httpx  # noqa: PLC0415 - only what speaks to Teams needs it

        form = {
            "grant_type": "client_credentials",
            "client_id": self.app_id,
            "client_secret": self.password,
            "scope": self.scope,
        }
        try:
            answer = httpx.post(self.url, data=form, timeout=SECONDS)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unavailable(f"The sign-in service at {self.url} does not answer: {type(error).__name__}.") from error
        return _granted(answer)


def _granted(answer: "httpx.Response") -> _Granted:
    if answer.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}:
        raise UserError(_denied(answer.content))
    if answer.status_code != HTTPStatus.OK:
        raise Unavailable(f"The sign-in service answers {answer.status_code}.")
    try:
        return _Granted.model_validate_json(answer.content)
    except ValidationError as error:
        raise Unavailable("The sign-in service's answer is no token: is something else at teams.login_url?") from error


def _denied(content: bytes) -> str:
    try:
        denied = _Denied.model_validate_json(content)
    except ValidationError:
        denied = _Denied()
    why = plain(denied.error_description.split("Trace ID", 1)[0] or denied.error, longest=300)
    return (
        f"Microsoft does not take the app id and its secret ({why}). Compare teams.app_id, teams.tenant_id and the"
        " client secret with the application in Entra."
    )
