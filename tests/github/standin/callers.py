"""Who calls, by which token, and what may they see and do?"""

from collections.abc import Mapping
from dataclasses import dataclass

import jwt

from tests.github.standin.accounts import Account
from tests.github.standin.answers import ApiError, forbidden, not_found
from tests.github.standin.apps import App, Token, public_key
from tests.github.standin.hub import Clock, Hub
from tests.github.standin.repository import Repository

LONGEST_JWT, DRIFT = 600, 60


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Nobody in particular."""

    name: str = "anonymous"


@dataclass(frozen=True, slots=True)
class AppCaller:
    """An App, by its own signature."""

    app: App

    @property
    def name(self) -> str:
        """Who it is in the list of requests."""
        return f"app:{self.app.slug}"


@dataclass(frozen=True, slots=True)
class InstallationCaller:
    """An App in one installation."""

    token: Token

    @property
    def name(self) -> str:
        """Who it is in the list of requests."""
        return f"installation:{self.token.installation.id}"


@dataclass(frozen=True, slots=True)
class PersonCaller:
    """A person, by a personal access token."""

    account: Account

    @property
    def name(self) -> str:
        """Who it is in the list of requests."""
        return f"person:{self.account.login}"


Caller = Anonymous | AppCaller | InstallationCaller | PersonCaller


def identify(hub: Hub, headers: Mapping[str, str], signing_clock: Clock) -> Caller:
    """Return who a request comes from; a bad token is refused rather than ignored."""
    scheme, _, text = headers.get("authorization", "").partition(" ")
    if not text:
        return Anonymous()
    if text.count(".") == 2:
        return AppCaller(_signed_by(hub, text, signing_clock()))
    if text in hub.personal:
        return PersonCaller(hub.personal[text])
    token = hub.tokens.get(text)
    if scheme.lower() not in ("token", "bearer") or token is None or token.expires_at <= hub.clock():
        raise ApiError(401, "Bad credentials")
    if token.installation.suspended_at is not None:
        raise forbidden("This installation has been suspended")
    if token.installation.id not in hub.installations:
        raise ApiError(401, "Bad credentials")
    return InstallationCaller(token)


def _signed_by(hub: Hub, text: str, now: int) -> App:
    undecided = ApiError(401, "A JSON web token could not be decoded")
    try:
        issuer = str(jwt.decode(text, options={"verify_signature": False}).get("iss", ""))
        app = next((one for one in hub.apps.values() if issuer in (str(one.id), one.client_id)), None)
        if app is None:
            raise ApiError(401, "'Issuer' claim ('iss') must be an Integer" if not issuer else "Integration not found")
        # The times are looked at below: by this GitHub's clock, with GitHub's words.
        claims = jwt.decode(
            text,
            public_key(app.private_key),
            algorithms=["RS256"],
            options={"verify_exp": False, "verify_iat": False},
        )
    except jwt.PyJWTError as broken:
        raise undecided from broken
    _require_times(claims.get("iat"), claims.get("exp"), now)
    return app


def _require_times(issued: object, expires: object, now: int) -> None:
    if not isinstance(expires, int | float) or expires <= now:
        raise ApiError(
            401,
            "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the "
            "assertion expires",
        )
    if expires > now + LONGEST_JWT + DRIFT or (
        isinstance(issued, int | float) and expires - issued > LONGEST_JWT + DRIFT
    ):
        raise ApiError(401, "'Expiration time' claim ('exp') is too far in the future")
    if not isinstance(issued, int | float) or issued > now + DRIFT:
        raise ApiError(
            401, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
        )


def role_of(caller: Caller, repository: Repository) -> str:
    """Return what a caller is in a repository, "none" where they may not know of it."""
    match caller:
        case InstallationCaller(token):
            named = token.repositories is None or repository.id in token.repositories
            seen = token.installation.sees(repository.full_name, repository.owner.login)
            return "write" if named and seen else "none" if repository.private else "read"
        case PersonCaller(account):
            held = repository.role(account)
            return "read" if held == "none" and not repository.private else held
        case AppCaller():
            return "none" if repository.private else "read"
        case Anonymous():
            return "none" if repository.private else "read"


def require(caller: Caller, repository: Repository, needs: str) -> None:
    """Refuse unless a caller may do what "checks:write" names; "a:read|b:read" asks for either."""
    role = role_of(caller, repository)
    if role == "none":
        raise not_found()
    options = needs.split("|")
    match caller:
        case InstallationCaller(token):
            if not any(token.allows(one) for one in options):
                raise forbidden()
        case PersonCaller(account):
            _require_person(repository, account, options)
        case AppCaller() | Anonymous():
            if not all(one.endswith(":read") for one in options):
                raise ApiError(401, "Requires authentication")


def _require_person(repository: Repository, account: Account, options: list[str]) -> None:
    name, level = options[0].split(":")
    if name == "checks" and level == "write":
        raise forbidden("You must authenticate via a GitHub App.")
    # Anybody who can read may talk, open pull requests and review.
    talks = name in ("issues", "pull_requests") or level == "read"
    wanted = "admin" if name == "administration" else "read" if talks else "write"
    if not repository.may(account, wanted) and not (wanted == "read" and not repository.private):
        raise forbidden(
            "Must have admin rights to Repository." if wanted == "admin" else "Must have push access to repository"
        )
