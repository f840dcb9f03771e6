"""Which Apps are there, where are they installed, and what may their tokens do?"""

import secrets
from dataclasses import dataclass, field
from functools import cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.github.standin.accounts import Account, account_json
from tests.github.standin.answers import Json
from tests.github.standin.links import Links, node_id, stamp, when

PERMISSIONS = {
    "administration": "read", "checks": "write", "contents": "write", "deployments": "write", "issues": "write",
    "members": "read", "metadata": "read", "pull_requests": "write", "statuses": "read",
}  # fmt: skip
EVENTS = (
    "check_run", "check_suite", "issue_comment", "membership", "pull_request", "pull_request_review", "push",
    "repository", "status", "team",
)  # fmt: skip
RANK = {"none": 0, "read": 1, "write": 2, "admin": 3}


@cache
def private_key(name: str) -> str:
    """Return a key in PEM; each name has its own, made once in a process."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form, plain = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, plain).decode() if name else ""


@cache
def public_key(private: str) -> str:
    """Return the public half in PEM; reading a key takes long enough to do it once."""
    key = serialization.load_pem_private_key(private.encode(), password=None)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


@dataclass(slots=True, kw_only=True)
class App:
    """A GitHub App."""

    id: int
    slug: str
    owner: Account
    robot: Account
    secret: str = "a webhook secret of good length"
    hook_url: str = ""
    content_type: str = "json"
    insecure_ssl: str = "0"
    permissions: dict[str, str] = field(default_factory=lambda: dict(PERMISSIONS))
    events: set[str] = field(default_factory=lambda: set(EVENTS))

    @property
    def client_id(self) -> str:
        """The other name that a token may be issued for."""
        return f"Iv23li{self.id:014d}"

    @property
    def private_key(self) -> str:
        """The key it signs with, in PEM."""
        return private_key(self.slug)


@dataclass(slots=True, kw_only=True)
class Installation:
    """An App in one account's house."""

    id: int
    app: App
    account: Account
    permissions: dict[str, str]
    events: set[str]
    selected: set[str] | None = None
    """Full names of the repositories it may see; None is all of the account's."""
    created_at: int = 0
    suspended_at: int | None = None

    def sees(self, full_name: str, owner: str) -> bool:
        """May its tokens know of a repository?"""
        return owner == self.account.login and (self.selected is None or full_name in self.selected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An installation token."""

    text: str
    installation: Installation
    permissions: dict[str, str]
    repositories: frozenset[int] | None
    """By number: a new name changes nothing."""
    expires_at: int

    def allows(self, needs: str) -> bool:
        """Does it carry "checks:write"? Nobody gets more than the installation has by now."""
        name, level = needs.split(":")
        held = [RANK[held.get(name, "none")] for held in (self.permissions, self.installation.permissions)]
        return min(held) >= RANK[level]


def new_token(
    installation: Installation, *, permissions: dict[str, str], repositories: frozenset[int] | None, expires_at: int
) -> Token:
    """Make a token."""
    return Token(
        text=f"ghs_{secrets.token_hex(18)}", installation=installation, permissions=permissions,
        repositories=repositories, expires_at=expires_at,
    )  # fmt: skip


def app_json(links: Links, app: App) -> Json:
    """Describe an App."""
    return {
        "id": app.id,
        "slug": app.slug,
        "client_id": app.client_id,
        "node_id": node_id("App", app.id),
        "owner": account_json(links, app.owner),
        "name": app.slug.title(),
        "description": None,
        "external_url": "https://gatehouse.example.org",
        "html_url": f"{links.html}/apps/{app.slug}",
        "created_at": stamp(1_700_000_000),
        "updated_at": stamp(1_700_000_000),
        "permissions": dict(app.permissions),
        "events": sorted(app.events),
    }


def installation_json(links: Links, installation: Installation) -> Json:
    """Describe an installation."""
    name = installation.account.login
    return {
        "id": installation.id,
        "account": account_json(links, installation.account),
        "access_tokens_url": f"{links.api}/app/installations/{installation.id}/access_tokens",
        "repositories_url": f"{links.api}/installation/repositories",
        "html_url": f"{links.html}/organizations/{name}/settings/installations/{installation.id}",
        "app_id": installation.app.id,
        "client_id": installation.app.client_id,
        "target_id": installation.account.id,
        "target_type": installation.account.kind,
        "permissions": dict(installation.permissions),
        "events": sorted(installation.events),
        "created_at": stamp(installation.created_at),
        "updated_at": stamp(installation.created_at),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "repository_selection": "all" if installation.selected is None else "selected",
        "app_slug": installation.app.slug,
        "suspended_by": None,
        "suspended_at": when(installation.suspended_at),
    }
