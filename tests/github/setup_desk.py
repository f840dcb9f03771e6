"""A server that offers to make the App, the browser of whoever runs it, and the GitHub that makes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from starlette.applications import Starlette

from bot.github.setup.attempts import Attempts
from bot.github.setup.offer import AppSetup
from bot.github.setup.site import GITHUB, Site, site_of
from bot.settings import Settings, settings_of
from tests.github.browser import Browser
from tests.github.standin.github import GitHub
from tests.github.standin.server import github_standin
from tests.seen import Seen

PUBLIC = "https://gatehouse.example.org"
SETTINGS = """\
server: {public_url: "https://gatehouse.example.org"}
targets: {local: {kind: mlflow-server}}
projects:
  - {name: a, repository: r.git, environments: [staging], registry: {uri: "sqlite:///m.db"}, targets: {staging: local}}
"""


@dataclass(slots=True)
class Desk:
    """A server that offers to make the App, and the GitHub that makes it."""

    github: GitHub
    setup: AppSetup
    browser: Browser
    now: list[int]
    told: list[str] = field(default_factory=list)

    @property
    def env_file(self) -> Path:
        return self.setup.settings.workspace / "github-app.env"

    def open(self, **query: str) -> Seen:
        answer = self.browser.get("/github/setup", params={"key": self.setup.key, **query})
        assert answer.status_code == 200, answer.text
        return Seen(answer.text)

    def state(self) -> str:
        """Open the page and return the state that GitHub would send back."""
        return self.open().all("form")[0]["action"].partition("state=")[2]

    def come_back(self, state: str, code: str) -> tuple[int, Seen]:
        answer = self.browser.get("/github/setup/done", params={"state": state, "code": code})
        return answer.status_code, Seen(answer.text)


def desk_settings(folder: Path, text: str = SETTINGS) -> Settings:
    settings = settings_of(text, where="app.yaml", folder=folder)
    settings.workspace.mkdir(exist_ok=True)
    return settings


@contextmanager
def setup_desk(tmp_path: Path) -> Iterator[Desk]:
    told: list[str] = []
    now = [1_800_000_000]
    with github_standin(tmp_path / "github") as github:

        def standin(address: str) -> Site:
            found = site_of(address)
            return Site(web=found.web, api=github.url, apps=found.apps) if found == GITHUB else found

        setup = AppSetup(
            settings=desk_settings(tmp_path),
            public_url=PUBLIC,
            key="the-key-of-this-server",
            attempts=Attempts(clock=lambda: now[0]),
            tell=told.append,
            site_of=standin,
        )
        browser = Browser(Starlette(routes=setup.routes), PUBLIC)
        yield Desk(github=github, setup=setup, browser=browser, now=now, told=told)
