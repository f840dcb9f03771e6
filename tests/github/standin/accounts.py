"""Who has an account: people, organisations, teams and the robots of Apps?"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.github.standin.answers import Json, not_found
from tests.github.standin.links import Links, node_id

WEB_FLOW = "web-flow"
"""The account that signs what people do in GitHub's own pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account of any kind."""

    id: int
    login: str
    kind: str = "User"
    """User, Organization or Bot."""

    @property
    def email(self) -> str:
        """The address that GitHub gives it."""
        return f"{self.id}+{self.login}@users.noreply.github.com"


@dataclass(slots=True, kw_only=True)
class Team:
    """People of an organisation under one name."""

    id: int
    org: str
    slug: str
    members: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Accounts:
    """All accounts; people are made when they are first named."""

    _by_login: dict[str, Account] = field(default_factory=dict)
    teams: dict[tuple[str, str], Team] = field(default_factory=dict)

    def person(self, login: str) -> Account:
        """Return somebody's account."""
        return self._get(login, "User")

    def organisation(self, login: str) -> Account:
        """Return an organisation."""
        return self._get(login, "Organization")

    def robot(self, slug: str) -> Account:
        """Return the account as which an App acts."""
        return self._get(f"{slug}[bot]", "Bot")

    def find(self, login: str) -> Account:
        """Return the account of that name in any case, or refuse."""
        found = self._by_login.get(login.lower())
        if found is None:
            raise not_found()
        return found

    def behind(self, email: str) -> Account | None:
        """Return the account that a commit's address belongs to. Anyone can write any address into a commit."""
        for account in self._by_login.values():
            if email in (account.email, f"{account.login}@example.org"):
                return account
        return self.person(WEB_FLOW) if email == "noreply@github.com" else None

    def add_team(self, org: str, slug: str, members: Iterable[str]) -> Team:
        """Make a team, or replace its members."""
        self.organisation(org)
        team = self.teams.setdefault((org.lower(), slug), Team(id=700 + len(self.teams), org=org, slug=slug))
        team.members = {self.person(login).login for login in members}
        return team

    def team(self, org: str, slug: str) -> Team:
        """Return a team, or refuse."""
        found = self.teams.get((org.lower(), slug))
        if found is None:
            raise not_found()
        return found

    def _get(self, login: str, kind: str) -> Account:
        account = Account(id=1000 + len(self._by_login), login=login, kind=kind)
        return self._by_login.setdefault(login.lower(), account)


def account_json(links: Links, account: Account) -> Json:
    """Describe an account as GitHub's simple-user."""
    api = f"{links.api}/users/{account.login}"
    parts = ("followers", "subscriptions", "repos", "received_events")
    return {
        "login": account.login,
        "id": account.id,
        "node_id": node_id(account.kind, account.id),
        "avatar_url": f"https://avatars.githubusercontent.com/u/{account.id}?v=4",
        "gravatar_id": "",
        "url": api,
        "html_url": f"{links.html}/{account.login}",
        "organizations_url": f"{api}/orgs",
        "following_url": f"{api}/following{{/other_user}}",
        "gists_url": f"{api}/gists{{/gist_id}}",
        "starred_url": f"{api}/starred{{/owner}}{{/repo}}",
        "events_url": f"{api}/events{{/privacy}}",
        **{f"{part}_url": f"{api}/{part}" for part in parts},
        "type": account.kind,
        "site_admin": False,
    }


def profile_json(links: Links, account: Account) -> Json:
    """Describe an account as its public profile."""
    unknown = ("name", "company", "blog", "location", "email", "hireable", "bio", "twitter_username")
    return {
        **account_json(links, account),
        **dict.fromkeys(unknown),
        "user_view_type": "public",
        **dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0),
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2020-01-01T00:00:00Z",
    }


def organisation_json(links: Links, account: Account) -> Json:
    """Describe an organisation as events name it."""
    api = f"{links.api}/orgs/{account.login}"
    return {
        "login": account.login,
        "id": account.id,
        "node_id": node_id(account.kind, account.id),
        "url": api,
        **{f"{part}_url": f"{api}/{part}" for part in ("repos", "events", "hooks", "issues")},
        "members_url": f"{api}/members{{/member}}",
        "public_members_url": f"{api}/public_members{{/member}}",
        "avatar_url": f"https://avatars.githubusercontent.com/u/{account.id}?v=4",
        "description": "",
    }


def team_json(links: Links, team: Team) -> Json:
    """Describe a team."""
    api = f"{links.api}/organizations/1/team/{team.id}"
    return {
        "id": team.id,
        "node_id": node_id("Team", team.id),
        "name": team.slug,
        "slug": team.slug,
        "description": "",
        "privacy": "closed",
        "notification_setting": "notifications_enabled",
        "permission": "pull",
        "url": api,
        "html_url": f"{links.html}/orgs/{team.org}/teams/{team.slug}",
        "members_url": f"{api}/members{{/member}}",
        "repositories_url": f"{api}/repos",
        "type": "organization",
        "organization_id": 1,
        "parent": None,
    }
