"""How does a test hold the whole of GitHub in its hand?"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.github.standin.accounts import Account, account_json, organisation_json, team_json
from tests.github.standin.answering import Answering, Seen
from tests.github.standin.answers import Answer, Json
from tests.github.standin.apps import App, Installation, Token, installation_json
from tests.github.standin.branches import HEADS
from tests.github.standin.deliveries import Delivery, new_delivery
from tests.github.standin.events import announce_in_organisation
from tests.github.standin.faults import DROPPED, Fault, secondary_limit, server_error
from tests.github.standin.hub import Clock, Hub
from tests.github.standin.links import Links, node_id
from tests.github.standin.objects import Entry, Signature
from tests.github.standin.people import People
from tests.github.standin.repository import Repository, new_repository
from tests.github.standin.sending import Sender

APP_SLUG = "gatehouse"
ORGANISATION = "acme"


@dataclass(slots=True)
class GitHub:
    """One GitHub."""

    folder: Path
    url: str
    clock: Clock
    signing_clock: Clock
    hub: Hub = field(init=False)
    answering: Answering = field(init=False)
    sender: Sender = field(init=False)
    app: App = field(init=False)
    installation: Installation = field(init=False)

    def __post_init__(self) -> None:
        """Install the App in the organisation acme."""
        self.hub = Hub(links=Links(api=self.url), clock=self.clock)
        self.answering = Answering(hub=self.hub, signing_clock=self.signing_clock)
        self.sender = Sender(hub=self.hub)
        self.app = self.new_app(APP_SLUG)
        self.installation = self.install(self.app, ORGANISATION)
        self.hub.deliveries.clear()

    # The App

    def new_app(self, slug: str, owner: str = ORGANISATION) -> App:
        """Register an App."""
        accounts = self.hub.accounts
        app = App(
            id=len(self.hub.apps) + 1001, slug=slug, owner=accounts.organisation(owner), robot=accounts.robot(slug)
        )
        self.hub.apps[app.id] = app
        return app

    def install(self, app: App, login: str, *, selected: Iterable[str] | None = None) -> Installation:
        """Install an App in an organisation, for all or for the selected repositories."""
        installation = Installation(
            id=len(self.hub.installations) + 5001, app=app, account=self.hub.accounts.organisation(login),
            permissions=dict(app.permissions), events=set(app.events),
            selected=None if selected is None else set(selected), created_at=self.clock(),
        )  # fmt: skip
        self.hub.installations[installation.id] = installation
        self._tell_installation(installation, "created")
        return installation

    def uninstall(self, installation: Installation) -> None:
        """Remove an installation; its tokens die with it."""
        self._tell_installation(installation, "deleted")
        del self.hub.installations[installation.id]

    def suspend(self, installation: Installation) -> None:
        """Suspend an installation."""
        self._tell_installation(installation, "suspend")
        installation.suspended_at = self.clock()

    def _tell_installation(self, installation: Installation, action: str) -> None:
        seen = [one for one in self.hub.repositories.values() if installation.sees(one.full_name, one.owner.login)]
        brief = [
            {"id": one.id, "node_id": node_id("Repository", one.id), "name": one.name, "full_name": one.full_name,
             "private": one.private} for one in seen
        ]  # fmt: skip
        body: Json = {
            "action": action,
            "installation": installation_json(self.hub.links, installation),
            "repositories": brief,
        }
        actor = self.hub.accounts.person("olivia")
        announce_in_organisation(self.hub, installation.account, "installation", actor, body, only=installation)

    def installation_token(self, **permissions: str) -> Token:
        """Make a token of the App's installation."""
        return self.hub.issue_token(self.installation, permissions or dict(self.installation.permissions), None)

    @property
    def token_lifetime(self) -> int:
        """How long new tokens live, in seconds."""
        return self.hub.token_lifetime

    @token_lifetime.setter
    def token_lifetime(self, seconds: int) -> None:
        self.hub.token_lifetime = seconds

    def expire_tokens(self) -> None:
        """Let every installation token be over."""
        self.hub.tokens.clear()

    def offer_manifest(self, slug: str, code: str) -> App:
        """Register an App by a manifest; the code is good for one conversion."""
        app = self.new_app(slug)
        self.hub.conversions[code] = app
        return app

    # People and repositories

    def person(self, login: str) -> Account:
        """Return somebody's account."""
        return self.hub.accounts.person(login)

    def token_of(self, login: str) -> str:
        """Return a personal access token of somebody's."""
        return self.hub.token_of(login)

    def add_team(self, org: str, slug: str, members: Iterable[str]) -> None:
        """Make a team, or replace its members; nobody is told of it."""
        self.hub.accounts.add_team(org, slug, members)

    def remove_from_team(self, org: str, slug: str, login: str) -> None:
        """Take somebody out of a team, and tell of it."""
        self._change_team(org, slug, login, "removed")

    def join_team(self, org: str, slug: str, login: str) -> None:
        """Put somebody into a team, and tell of it."""
        self._change_team(org, slug, login, "added")

    def _change_team(self, org: str, slug: str, login: str, action: str) -> None:
        team, member = self.hub.accounts.team(org, slug), self.person(login)
        (team.members.add if action == "added" else team.members.discard)(member.login)
        links, house = self.hub.links, self.hub.accounts.organisation(org)
        described = {
            name: value for name, value in team_json(links, team).items() if name not in ("type", "organization_id")
        }
        body: Json = {
            "action": action, "scope": "team", "member": account_json(links, member), "team": described,
            "organization": organisation_json(links, house),
        }  # fmt: skip
        announce_in_organisation(self.hub, house, "membership", self.person("olivia"), body)

    def repository(self, full_name: str) -> People:
        """Return a repository, made with one commit on main when it is new."""
        owner, name = full_name.split("/")
        found = self.hub.find_repository(owner, name)
        if found is None:
            with self.answering.lock:
                found = self._new_repository(owner, name)
        return People(found, self.answering.lock)

    def _new_repository(self, owner: str, name: str) -> Repository:
        made = new_repository(self.hub, self.folder, self.hub.accounts.organisation(owner), name)
        self.hub.repositories[made.id] = made
        author = self.person("olivia")
        who = Signature(name=author.login, email=author.email, at=self.clock())
        readme = Entry("100644", made.objects.write("blob", f"# {name}\n".encode()))
        first = made.objects.write_commit(made.objects.write_tree({"README.md": readme}), (), who, who, "Begin\n")
        made.write_ref(f"{HEADS}{made.default_branch}", first, None)
        return made

    # Misbehaviour

    def fail(
        self, path: str, status: int = 500, *, times: int = 1, method: str | None = None, after: bool = False
    ) -> None:
        """Answer the next requests to a path so; 0 drops the connection, `after` does the effect all the same."""
        answer = Answer(status=DROPPED) if status == DROPPED else server_error(status)
        self.answering.faults.add(Fault(path=path, method=method, answer=answer, times=times, after=after))

    def secondary_limit(
        self,
        path: str = "",
        *,
        times: int = 1,
        status: int = 403,
        retry_after: int | None = 1,
        method: str | None = None,
    ) -> None:
        """Find the next requests to a path too much at once."""
        answer = secondary_limit(status, retry_after)
        self.answering.faults.add(Fault(path=path, method=method, answer=answer, times=times))

    def exhaust_rate_limit(self, seconds: int) -> None:
        """Let no request be left for so long."""
        self.hub.quota.exhaust(self.clock() + seconds)

    def before(self, path: str, action: Callable[[], object]) -> None:
        """Let somebody be quicker: act once, just before the next request to a path is answered."""
        self.answering.faults.before.append((path, action))

    @property
    def truncate_trees_at(self) -> int:
        """How many entries a recursive tree shows at most."""
        return self.hub.truncate_trees_at

    @truncate_trees_at.setter
    def truncate_trees_at(self, entries: int) -> None:
        self.hub.truncate_trees_at = entries

    # To look

    @property
    def requests(self) -> list[Seen]:
        """Every request that was made, oldest first."""
        return self.answering.seen

    def requests_to(self, pattern: str, method: str | None = None) -> list[Seen]:
        """Return the requests whose path has a pattern in it."""
        return [one for one in self.requests if re.search(pattern, one.path) and method in (None, one.method)]

    def count(self) -> int:
        """Return how many requests were made that cost quota."""
        return sum(one.status not in (DROPPED, 304) for one in self.requests)

    # Webhooks

    @property
    def deliveries(self) -> list[Delivery]:
        """Everything there was to tell the Apps, oldest first."""
        return self.hub.deliveries

    def take(self, event: str | None = None) -> list[Delivery]:
        """Return the deliveries (of one event) that were not taken yet."""
        found = [one for one in self.hub.deliveries if not one.taken and event in (None, one.event)]
        for one in found:
            one.taken = True
        return found

    def send(self, delivery: Delivery, url: str) -> int:
        """Send one delivery, again or for the first time, and return what was answered; 0: nothing."""
        return self.sender.send(delivery, url)

    def deliver_to(self, url: str) -> None:
        """Send every delivery at once from now on, in a thread of its own."""
        self.app.hook_url = url
        self.sender.start(url)

    def settle(self) -> None:
        """Wait until everything so far was sent."""
        self.sender.settle()

    def ping(self) -> Delivery:
        """Say hello to the App's webhook."""
        hook = {
            "type": "App", "id": self.app.id, "name": "web", "active": True, "events": sorted(self.app.events),
            "config": {"content_type": "json", "insecure_ssl": "0", "secret": "********", "url": self.app.hook_url},
            "updated_at": "2026-01-01T00:00:00Z", "created_at": "2026-01-01T00:00:00Z", "app_id": self.app.id,
            "deliveries_url": f"{self.url}/app/hook/deliveries",
        }  # fmt: skip
        body: Json = {"zen": "Design for failure.", "hook_id": self.app.id, "hook": hook}
        self.hub.keep(new_delivery(self.hub.next_id(), self.app, "ping", body, self.clock()))
        return self.hub.deliveries[-1]
