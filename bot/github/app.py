"""Who are we on GitHub: which App, where installed, and with which permissions?

An App signs for itself with its private key and is given tokens of an hour for each installation. A token is asked for
with named permissions, no more than we use, and for one repository.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property, lru_cache
from threading import Lock
from typing import Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from github.Auth import AppAuth, Auth
from pydantic import BaseModel

from bot.github.connection import PoliteRequester
from bot.github.manners import Clock, Manners
from bot.github.refusals import Declined
from bot.github.tally import Tally
from gates.refusal import Unavailable, UserError

PERMISSIONS: Final = {
    "administration": "read",
    "checks": "write",
    "contents": "write",
    "deployments": "write",
    "issues": "write",
    "members": "read",
    "metadata": "read",
    "pull_requests": "write",
    "statuses": "write",
}
"""What we use, and to which degree."""
RANK = ("read", "write", "admin")
RENEWAL = 300
"""A token is renewed this many seconds before it expires."""
BACKDATED, VALID = 60, 540
"""Seconds: GitHub takes ten minutes in all, and the clocks may differ by a minute."""
NOT_FOUND = 404


class _Installation(BaseModel):
    id: int
    permissions: dict[str, str]
    suspended_at: datetime | None = None


class _Named(BaseModel):
    id: int


class _Token(BaseModel):
    token: str
    expires_at: datetime
    repositories: list[_Named] = []


class _AppAnswer(BaseModel):
    slug: str


class GitHubApp:
    """One GitHub App; safe to use from several threads."""

    def __init__(self, app_id: int, private_key: str, base_url: str, *, manners: Manners) -> None:
        """Read the key, whose line ends may be spelled out; `UserError` when it is none. Asks GitHub nothing."""
        key = _read_key(private_key)
        self.id, self._base_url, self._manners = app_id, base_url, manners
        self._tally = Tally()

        def sign(claims: dict[str, object]) -> str:
            now = manners.clock()
            return jwt.encode({**claims, "iat": now - BACKDATED, "exp": now + VALID}, key, algorithm="RS256")

        auth = AppAuth(app_id, sign_func=sign)
        self.requester = PoliteRequester(auth=auth, base_url=base_url, manners=manners, tally=self._tally)
        """Speaks as the App itself."""

    @cached_property
    def slug(self) -> str:
        """The App's name in addresses."""
        _, document = self.requester.requestJsonAndCheck("GET", "/app")
        return _AppAnswer.model_validate(document).slug

    @property
    def login(self) -> str:
        """The account under which its deeds appear."""
        return f"{self.slug}[bot]"

    @property
    def requests(self) -> Mapping[str, int]:
        """How often each kind of request was made, those that cost no quota apart."""
        return self._tally.counts

    @property
    def manners(self) -> Manners:
        """The pace of all its requests."""
        return self._manners

    def requester_for(self, repository: str, *, number: int | None = None) -> PoliteRequester:
        """Return a requester that speaks as the App's installation on OWNER/NAME; GitHub's `number` outlives names."""
        auth = InstallationAuth(self.requester, repository, number=number, clock=self._manners.clock)
        return PoliteRequester(
            auth=auth, base_url=self._base_url, manners=self._manners, tally=self._tally, renew=auth.forget
        )


class InstallationAuth(Auth):
    """The token of an App's installation on one repository, renewed in time."""

    def __init__(self, requester: PoliteRequester, repository: str, *, number: int | None, clock: Clock) -> None:
        """Ask as the App through `requester`, when a token is needed."""
        self._requester, self._repository, self._number, self._clock = requester, repository, number, clock
        self._installation: _Installation | None = None
        self._issued: _Token | None = None
        self._lock = Lock()

    @property
    def token_type(self) -> str:
        """The scheme of the header."""
        return "Bearer"

    @property
    def token(self) -> str:
        """A token that is good for some minutes at least."""
        with self._lock:
            if self._issued is None or self._issued.expires_at.timestamp() - RENEWAL <= self._clock():
                self._issued = self._issue()
            return self._issued.token

    def forget(self) -> None:
        """GitHub no longer takes the token: the next request asks for another."""
        with self._lock:
            self._issued = None

    def _issue(self) -> _Token:
        """Ask for a token; an installation that is gone is looked for once more."""
        if self._installation is not None:
            try:
                return self._token_of(self._installation)
            except Declined as declined:
                if declined.status != NOT_FOUND:
                    raise
        self._installation = self._find()
        return self._token_of(self._installation)

    def _find(self) -> _Installation:
        try:
            _, document = self._requester.requestJsonAndCheck("GET", f"/repos/{self._repository}/installation")
        except Declined as declined:
            if declined.status != NOT_FOUND:
                raise
            raise Unavailable(
                f"GitHub knows no installation of this App on {self._repository}: install it there "
                "(`mlops doctor` says where), or mend `repository` in app.yaml."
            ) from declined
        found = _Installation.model_validate(document)
        if found.suspended_at is not None:
            raise Unavailable(f"The App's installation on {self._repository} is suspended on GitHub: unsuspend it.")
        return found

    def _token_of(self, installation: _Installation) -> _Token:
        wanted = {"permissions": _granted(installation.permissions), **self._only_here()}
        url = f"/app/installations/{installation.id}/access_tokens"
        _, document = self._requester.requestJsonAndCheck("POST", url, input=wanted)
        issued = _Token.model_validate(document)
        self._number = self._number or next((one.id for one in issued.repositories), None)
        return issued

    def _only_here(self) -> dict[str, object]:
        """Name the one repository that the token is for, by its number once we know it: names change."""
        number = self._number or self._requester.number_of(self._repository)
        return {"repository_ids": [number]} if number else {"repositories": [self._repository.split("/")[1]]}

    @property
    def _masked_token(self) -> str:
        return f"{self.token_type} (removed)"


def _granted(permissions: Mapping[str, str]) -> dict[str, str]:
    """Return what we use of what was granted; asking for more would yield no token at all."""
    return {
        name: min(level, permissions[name], key=RANK.index)
        for name, level in PERMISSIONS.items()
        if permissions.get(name) in RANK
    }


@lru_cache(maxsize=4)
def _read_key(text: str) -> RSAPrivateKey:
    """Read a key, and check it: that takes so long that it is done once."""
    pem = text.replace("\\n", "\n").strip() + "\n"
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise UserError(
            "The GitHub App's private key cannot be read: put the whole of the .pem file that GitHub gave you into the "
            "variable that github.private_key_variable names, from -----BEGIN to -----END."
        ) from error
    if not isinstance(key, RSAPrivateKey):
        raise UserError("The GitHub App's private key is no RSA key: make a new one on the App's page on GitHub.")
    return key
