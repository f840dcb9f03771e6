"""With which keys does Microsoft sign what it sends us, and which channels may use each?

The OpenID metadata names a document of keys. Both are kept for a day, as Microsoft asks; a key that we do not know may
be a new one, so the documents are fetched again for it, but not once for every stranger who makes up a name.
https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from gates.refusal import Unavailable

if TYPE_CHECKING:
    import httpx
    from jwt import PyJWK

FRESH = 86_400
"""Seconds that the documents are believed."""
PAUSE = 60
"""Seconds between two fetches that a failure or an unknown key asks for."""
SECONDS = 5.0
"""Seconds that one document may take; a request waits for it."""
LARGEST = 1 << 20
"""Bytes of one document."""

Clock = Callable[[], int]
logger = logging.getLogger(__name__)


class _Said(BaseModel):
    """A document of Microsoft's; what we do not read may change as it likes."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Metadata(_Said):
    jwks_uri: str
    algorithms: tuple[str, ...] = Field(default=("RS256",), alias="id_token_signing_alg_values_supported")


class _KeySet(_Said):
    keys: tuple[dict[str, JsonValue], ...]


class _KeyNote(_Said):
    """What a key says of itself besides its numbers."""

    kid: str
    kty: str
    endorsements: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A published key."""

    key: "PyJWK"
    endorsements: frozenset[str]
    """Channels that may sign with it."""


@dataclass(slots=True, kw_only=True)
class PublishedKeys:
    """The keys as they are published, as far as we know; safe to ask from several threads."""

    url: str
    """Of the OpenID metadata."""
    clock: Clock
    _keys: Mapping[str, SigningKey] = field(default_factory=dict, init=False)
    _fetched_at: int | None = field(default=None, init=False)
    _tried_at: int | None = field(default=None, init=False)
    _guard: threading.Lock = field(default_factory=threading.Lock, init=False)

    def find(self, name: str) -> SigningKey | None:
        """Return a key by its name (`kid`), None when no such key is published. Raises Unavailable."""
        with self._guard:
            now = self.clock()
            known = self._keys.get(name)
            stale = self._fetched_at is None or now - self._fetched_at >= FRESH
            rested = self._tried_at is None or now - self._tried_at >= PAUSE
            if (stale or known is None) and rested:
                self._refresh(now)
            if self._fetched_at is None:
                raise Unavailable(f"The keys that {self.url} publishes could not be fetched.")
            return self._keys.get(name)

    def _refresh(self, now: int) -> None:
        """Fetch both documents; what we know stays when that fails."""
        import httpx  # noqa: PLC0415 - only a server that hears Teams needs it

        self._tried_at = now
        try:
            with httpx.Client(timeout=SECONDS) as client:
                metadata = _Metadata.model_validate_json(_document(client, self.url))
                published = _KeySet.model_validate_json(_document(client, metadata.jwks_uri))
        except (httpx.HTTPError, httpx.InvalidURL, ValidationError, Unavailable) as error:
            logger.warning("The keys for Teams cannot be fetched from %s: %s", self.url, error)
            return
        self._keys = _usable(published)
        self._fetched_at = now


def _document(client: "httpx.Client", url: str) -> bytes:
    answer = client.get(url).raise_for_status()
    if len(answer.content) > LARGEST:
        raise Unavailable(f"The document at {url} is larger than {LARGEST} bytes.")
    return answer.content


def _usable(published: _KeySet) -> dict[str, SigningKey]:
    """Keep the RSA keys that can be read; one that cannot does not spoil the others."""
    from jwt import PyJWK, PyJWTError  # noqa: PLC0415 - only a server that hears Teams needs it

    usable = {}
    for document in published.keys:
        try:
            note = _KeyNote.model_validate(document)
            if note.kty == "RSA":
                key = PyJWK.from_dict(document, algorithm="RS256")
                usable[note.kid] = SigningKey(key=key, endorsements=note.endorsements)
        except (ValidationError, PyJWTError, ValueError) as error:
            logger.warning("A published key cannot be read: %s", error)
    return usable
