"""How does a test put the GitHub forge before the stand-in, with time in its own hands?"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.github.app import GitHubApp
from bot.github.forge import GitHubForge
from bot.github.manners import Manners
from tests.github.standin.github import GitHub
from tests.github.standin.objects import Entry, Signature
from tests.github.standin.people import People
from tests.github.standin.server import github_standin

NAME = "acme/models"
STAGING = "models/churn/staging.yaml"
BRANCH = "mlops/P1-churn-2"


@dataclass(slots=True)
class Time:
    """A clock that only moves when somebody sleeps."""

    now: float = field(default_factory=time.time)
    slept: list[float] = field(default_factory=list)

    def clock(self) -> int:
        """Seconds since 1970."""
        return int(self.now)

    def timer(self) -> float:
        """The same with its fractions."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Move on at once."""
        self.slept.append(seconds)
        self.now += seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """GitHub, one repository of it, and our forge there."""

    github: GitHub
    people: People
    app: GitHubApp
    forge: GitHubForge
    time: Time
    folder: Path

    def another(self, name: str = NAME) -> GitHubForge:
        """Return a forge as a new process has it: with the same folder and nothing in memory."""
        return GitHubForge(self.new_app(), name, folder=self.folder / "forge")

    def new_app(self) -> GitHubApp:
        """Return the App as a new process has it."""
        return GitHubApp(self.github.app.id, self.github.app.private_key, self.github.url, manners=_manners(self.time))

    def begin_anew(self, files: Mapping[str, bytes]) -> None:
        """Let main begin with one commit of these files."""
        objects = self.people.repository.objects
        entries = {path: Entry("100644", objects.write("blob", content)) for path, content in files.items()}
        author = Signature(name="olivia", email="olivia@example.com", at=0)
        first = objects.write_commit(objects.overlay(None, entries), (), author, author, "Begin\n")
        self.people.point("olivia", "main", first)

    def ask(self, branch: str = BRANCH, content: bytes = b"version: '2'\n") -> int:
        """Let the bot open a pull request, and return its number."""
        self.forge.commit(branch, {STAGING: content}, message="Ask for churn 2", at=0)
        return self.forge.open_pull_request(branch, title="Promote churn 2", body="Why: better.", author="alice").number

    def asked(self) -> int:
        """How many requests GitHub has had."""
        return len(self.github.requests)


def _manners(clock: Time) -> Manners:
    return Manners(
        seconds_between_reads=0.0,
        seconds_between_writes=0.0,
        clock=clock.clock,
        sleep=clock.sleep,
        timer=clock.timer,
        chance=lambda: 0.5,
    )


@contextmanager
def forge_stage(folder: Path) -> Iterator[Stage]:
    """Open a stage with one commit on main."""
    clock = Time()
    with github_standin(folder / "github", clock=clock.clock, signing_clock=clock.clock) as github:
        people = github.repository(NAME)
        app = GitHubApp(github.app.id, github.app.private_key, github.url, manners=_manners(clock))
        forge = GitHubForge(app, NAME, folder=folder / "forge")
        try:
            yield Stage(github=github, people=people, app=app, forge=forge, time=clock, folder=folder)
        finally:
            forge.repository.requester.close()
            app.requester.close()
