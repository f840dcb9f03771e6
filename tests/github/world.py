"""A whole installation whose forge is GitHub: the stand-in over real Git, the real App, webhook, ears and house.

People act on GitHub through `world.repository`; `world.hear()` delivers what GitHub tells, until it has nothing more
to tell. Registry, target and scorer are the fakes of `tests.world`.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx
from starlette.applications import Starlette

from bot.exchange import Reply, Request, Speaker
from bot.github.app import GitHubApp
from bot.github.conversation import Conversation
from bot.github.ears import Ears, Letterbox
from bot.github.forge import GitHubForge
from bot.github.hook import Hook
from bot.github.manners import Manners
from bot.github.repositories import Known, Repositories
from bot.grammar.parse import Context, parse
from storage.database import Database
from tests.fakes.registry import FakeRegistry
from tests.fakes.target import FakeTarget
from tests.github.standin.github import GitHub
from tests.github.standin.people import People
from tests.github.standin.server import github_standin
from tests.world import Clock, World, open_world, rulebook

PEOPLE = """\
people:
  alice: {roles: [data-scientist], accounts: {github: alice, mlflow: alice, git: alice@example.org}}
  bob: {roles: [validator], accounts: {github: bob-at-work, git: bob@example.org}}
  carol: {roles: [ml-engineer], accounts: {github: carol, git: carol@example.org}}
  dana: {roles: [data-steward]}
  erin: {roles: [risk-officer, governor], accounts: {github: erin}}
  frank: {accounts: {github: frank}}
  grace: {roles: [governor], accounts: {github: grace, git: grace@example.org}}
teams:
  acme/validators: {roles: [validator]}
"""
STAGING = "models/churn/staging.yaml"


class SurpriseError(AssertionError):
    """Something was written down as our own mistake."""


@dataclass(slots=True, kw_only=True)
class GitHubWorld:
    """One installation on GitHub."""

    github: GitHub
    repository: People
    world: World
    forge: GitHubForge
    ears: Ears
    web: Starlette
    typed: Iterator[int] = field(default_factory=count)

    def hear(self) -> None:
        """Deliver what GitHub has to tell, and act on it, until it has nothing more to tell."""
        for _ in range(20):
            told = self.github.take()
            for delivery in told:
                self.deliver(delivery.body, delivery.headers)
            self.ears.take_up()
            if not told:
                return
        raise SurpriseError("Events go round in circles.")

    def deliver(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Deliver one webhook; return the status of the answer."""
        status = asyncio.run(self._post(body, headers))
        assert status == 202, status
        return status

    async def _post(self, body: bytes, headers: Mapping[str, str]) -> int:
        transport = httpx.ASGITransport(app=self.web)
        async with httpx.AsyncClient(transport=transport, base_url="http://gatehouse") as client:
            return (await client.post("/github/webhook", content=body, headers=dict(headers))).status_code

    def sweep(self) -> None:
        """Look for what no event told, as `mlops serve` does on schedule."""
        self.world.house.tick(self.world.clock())
        self.ears.sweep("default")
        self.ears.take_up()

    def ask(self, words: str = "promote churn 1 to staging", *, login: str = "alice") -> int:
        """Let a person ask at a terminal, with their own token; return the number of the pull request."""
        self.type(login, words)
        self.hear()
        promotion = self.world.promotion(self.newest())
        assert promotion.pull_request is not None
        return promotion.pull_request

    def type(self, login: str, words: str) -> Reply:
        """Let a person type a command at a terminal that holds their token."""
        request = Request(
            command=parse(words, context=Context(surface="terminal")),
            speaker=Speaker(platform="github", account=login, assurance="platform"),
            surface="terminal",
            message_id=f"typed-{next(self.typed)}",
        )
        return self.world.house.handle(request, self.world.told.append)

    def say(self, login: str, words: str, *, on: int) -> int:
        """Let a person write a command below a pull request; return the comment's number."""
        comment = self.repository.comment(login, on, f"/mlops {words}")
        self.hear()
        return comment

    def newest(self) -> int:
        """Return the number of the newest promotion."""
        with self.world.installation.database.reading() as work:
            return max(promotion.id for promotion in work.promotions.all("default"))

    def review(self, login: str, number: int, state: str = "APPROVED", body: str = "") -> int:
        """Let a person review the present head, and hear of it; return the review's number."""
        review = self.repository.review(login, number, state, body)
        self.hear()
        return review

    def press(self, login: str, number: int, button: str, *, head: str | None = None) -> None:
        """Let a person press a button of `mlops/promotion`."""
        self.repository.press(login, head or self.head(number), "mlops/promotion", button)
        self.hear()

    def head(self, number: int) -> str:
        """Return a pull request's head."""
        return self.repository.pull(number).head_sha

    def asked(self, number: int) -> list[str]:
        """Return who is asked for a review."""
        return sorted(account.login for account in self.repository.pull(number).requested)

    def comment(self, number: int) -> str:
        """Return the one comment of ours that tells where it stands."""
        own = [one.body for one in self.repository.comments(number) if "<!-- gatehouse:promotion -->" in one.body]
        assert len(own) == 1
        return own[0]

    def answers(self, number: int) -> list[str]:
        """Return what we answered people below a pull request."""
        return [one.body for one in self.repository.comments(number) if "<!-- gatehouse:answer:" in one.body]

    def summary(self, number: int, check: str = "mlops/promotion") -> str:
        """Return what a check of the head says in short."""
        return self.repository.check_runs(self.head(number))[check].summary or ""

    def why(self, promotion: int) -> list[str]:
        """Return the codes of what stands in a promotion's way."""
        return [reason.reason_code for reason in self.world.promotion(promotion).blocked_by]

    def checks(self, number: int) -> dict[str, str]:
        """Return each check of a pull request's head: its conclusion, or its status while it has none."""
        runs = self.repository.check_runs(self.repository.pull(number).head_sha)
        return {name: run.conclusion or run.status for name, run in runs.items()}


@contextmanager
def github_world(folder: Path, rules: Mapping[str, bytes] | None = None) -> Iterator[GitHubWorld]:
    """Build an installation on GitHub in a folder whose evaluation table is there; grace trusts its first rulebook."""
    clock = Clock()
    with github_standin(folder / "github", clock=clock, signing_clock=clock) as github:
        repository = github.repository("acme/models")
        for login in ("alice", "bob-at-work", "carol", "erin", "frank", "grace", "mallory"):
            repository.grant(login, "write")
        github.add_team("acme", "validators", [])
        files = {**rulebook(folder), "policies/people.yaml": PEOPLE.encode(), **(rules or {})}
        repository.push("grace", "main", dict(files))
        world = _on_github(github, folder, clock)
        yield world
        world.world.installation.database.close()


def _on_github(github: GitHub, folder: Path, clock: Clock) -> GitHubWorld:
    Database(f"sqlite:///{folder / 'gatehouse.db'}").upgrade()
    manners = Manners(seconds_between_reads=0, seconds_between_writes=0, clock=clock, sleep=clock.sleep)
    app = GitHubApp(github.app.id, github.app.private_key, github.url, manners=manners)
    forge = GitHubForge(app, "acme/models", folder=folder / "github-record")
    world = open_world(
        folder, registry=FakeRegistry(), target=FakeTarget(), clock=clock, forge=forge, platform="github"
    )
    letterbox = Letterbox(database=world.installation.database, clock=clock)
    conversation = Conversation(
        door=world.house, voices={"default": forge.comments}, database=world.installation.database, clock=clock
    )
    ears = Ears(conversation=conversation, letterbox=letterbox, write_down=_surprised)

    def repositories() -> Repositories:
        return Repositories({"default": Known(full_name="acme/models", id=forge.repository.record.number())})

    hook = Hook(secret=github.app.secret, app_id=github.app.id, repositories=repositories, keep=letterbox.keep)
    made = GitHubWorld(
        github=github,
        repository=github.repository("acme/models"),
        world=world,
        forge=forge,
        ears=ears,
        web=Starlette(routes=[hook.route()]),
    )
    made.type("grace", f"rulebook trust {forge.main_head()}")
    github.take()
    return made


def _surprised(error: BaseException) -> str:
    raise SurpriseError(repr(error)) from error
