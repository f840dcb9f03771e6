"""What do all parts of the stand-in share: accounts, Apps, time, numbers, and the announcing of what happened?"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.github.standin.accounts import Account, Accounts
from tests.github.standin.apps import App, Installation, Token, new_token
from tests.github.standin.deliveries import Delivery
from tests.github.standin.links import Links
from tests.github.standin.quota import Quota

if TYPE_CHECKING:
    from tests.github.standin.repository import Repository

Clock = Callable[[], int]


@dataclass(slots=True, kw_only=True)
class Hub:
    """One GitHub's shared state."""

    links: Links
    clock: Clock
    accounts: Accounts = field(default_factory=Accounts)
    apps: dict[int, App] = field(default_factory=dict)
    installations: dict[int, Installation] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    personal: dict[str, Account] = field(default_factory=dict)
    """Personal access tokens and whose they are."""
    deliveries: list[Delivery] = field(default_factory=list)
    token_lifetime: int = 3600
    truncate_trees_at: int = 100_000
    signed: set[str] = field(default_factory=set)
    """Commits that GitHub itself signed."""
    conversions: dict[str, App] = field(default_factory=dict)
    """Codes of Apps made from a manifest."""
    outgoing: list[Callable[[Delivery], None]] = field(default_factory=list)
    """Where deliveries go at once; empty: nowhere until the test says so."""
    repositories: "dict[int, Repository]" = field(default_factory=dict)
    quota: Quota = field(default_factory=Quota)
    watchers: list[Callable[[Delivery], None]] = field(default_factory=list)
    """Who compares each delivery with what it should be."""
    _last_id: int = 1_000_000

    def next_id(self) -> int:
        """Return a number that nothing else has."""
        self._last_id += 1
        return self._last_id

    def token_of(self, login: str) -> str:
        """Return a personal access token of somebody's."""
        account = self.accounts.person(login)
        for text, owner in self.personal.items():
            if owner == account:
                return text
        text = f"ghp_{secrets.token_hex(18)}"
        self.personal[text] = account
        return text

    def issue_token(
        self, installation: Installation, permissions: dict[str, str], repositories: frozenset[int] | None
    ) -> Token:
        """Make an installation token."""
        expires = self.clock() + self.token_lifetime
        token = new_token(installation, permissions=permissions, repositories=repositories, expires_at=expires)
        self.tokens[token.text] = token
        return token

    def find_repository(self, owner: str, name: str) -> "Repository | None":
        """Return the repository that has, or had, this name in any case."""
        wanted = f"{owner}/{name}".lower()
        found = list(self.repositories.values())
        named = [one for one in found if one.full_name.lower() == wanted]
        named += [one for one in found if wanted in one.former_names]
        return named[0] if named else None

    def keep(self, delivery: Delivery) -> None:
        """Put a delivery where the test, or the App, will find it."""
        self.deliveries.append(delivery)
        for watch in self.watchers:
            watch(delivery)
        for send in self.outgoing:
            send(delivery)
