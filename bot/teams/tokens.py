"""Was this request sent by Microsoft's connector, to us, now, and for the channel that it names?

As documented: a bearer token, RS256, signed by a published key, issued by the Bot Framework for our app id, valid now
give or take five minutes, for the `serviceUrl` of the activity, with a key endorsed for its channel. The SDK's own
validators are not used: they accept tokens of emulators and skills too, never look again for an unknown key, and let a
malformed token escape as an error of theirs.
https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.teams.keys import PublishedKeys, SigningKey

ALGORITHM = "RS256"
LEEWAY = 300
"""Seconds that two clocks may be apart."""
LONGEST = 16_384
"""Characters of a token."""
SCHEME = "Bearer "


class UnauthorisedError(Exception):
    """A request whose sender is not who it has to be; the text says why."""


class _Claims(BaseModel):
    """What of a verified token we read."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    serviceurl: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """What a verified token says of its request."""

    service_url: str
    endorsements: frozenset[str]

    def require(self, *, channel: str, service_url: str) -> None:
        """Raise UnauthorisedError unless the token is for this activity."""
        if service_url != self.service_url:
            raise UnauthorisedError("The token is for another service URL than the activity's.")
        if channel not in self.endorsements:
            raise UnauthorisedError("The token's key is not endorsed for the activity's channel.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier:
    """Judges the tokens of incoming requests."""

    app_id: str
    issuer: str
    keys: PublishedKeys

    def sender(self, authorization: str) -> Sender:
        """Return who sent a request; UnauthorisedError when the token is not good, Unavailable without any keys."""
        token = bearer(authorization)
        key = self.keys.find(_key_name(token))
        if key is None:
            raise UnauthorisedError("The token is signed with a key that is not published.")
        claims = self._claims(token, key)
        return Sender(service_url=claims.serviceurl, endorsements=key.endorsements)

    def _claims(self, token: str, key: SigningKey) -> _Claims:
        import jwt  # noqa: PLC0415 - only a server that hears Teams needs it

        try:
            claims = jwt.decode(
                token,
                key.key,
                algorithms=[ALGORITHM],
                audience=self.app_id,
                issuer=self.issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud", "serviceurl"], "strict_aud": True},
            )
            return _Claims.model_validate(claims)
        except (jwt.PyJWTError, ValidationError, ValueError, RecursionError) as wrong:
            raise UnauthorisedError(f"The token is not good: {type(wrong).__name__}.") from wrong


def bearer(authorization: str) -> str:
    """Return the token of an Authorization header; UnauthorisedError when there is none."""
    token = authorization.removeprefix(SCHEME)
    if token == authorization or not token or len(token) > LONGEST:
        raise UnauthorisedError("A bearer token is needed.")
    return token


def _key_name(token: str) -> str:
    """Return the name of the key that a token says it is signed with; nothing of it is believed yet."""
    import jwt  # noqa: PLC0415 - only a server that hears Teams needs it

    try:
        header: Mapping[str, object] = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError) as wrong:
        raise UnauthorisedError("The token is malformed.") from wrong
    name = header.get("kid")
    if header.get("alg") != ALGORITHM or not isinstance(name, str):
        raise UnauthorisedError("The token is to be signed with RS256, and to name its key.")
    return name
