"""Does a running server hear GitHub from its first moment to its last, and act on it in the background?"""

import io
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from bot.commands import Approve
from bot.exchange import ExitCode, Notice, Reply, Request
from bot.github.hook import PATH
from bot.github.repositories import repositories_of
from bot.github.surface import Contact, github_surface
from bot.serve import serve
from bot.settings import Settings, settings_of
from bot.surfaces import Service, Surface
from bot.terminal.out import Out
from gates.refusal import Unavailable, UserError
from tests.bot.small_house import SmallHouse
from tests.fresh_database import fresh_database
from tests.github.deliveries import OURS, PULL, SECRET, Payload, comment, in_shop, signed
from tests.github.listeners import P12, SmallVoice, Written

APP = f"""\
workspace: workspace
server: {{port: 0, sweep_every: 0.02}}
targets: {{local: {{}}}}
github: {{app_id: {OURS}}}
projects:
  - name: shop
    forge: github
    repository: acme/shop
    registry: {{uri: "sqlite:///workspace/mlflow.db"}}
    targets: {{staging: local, production: local}}
"""
OPENED = in_shop("opened", pull_request=PULL)


@dataclass(slots=True, kw_only=True)
class Serving:
    """A server in a thread, with a small house and a small voice."""

    settings: Settings
    house: SmallHouse = field(default_factory=SmallHouse)
    voice: SmallVoice = field(default_factory=SmallVoice)
    log: io.StringIO = field(default_factory=io.StringIO)
    over: threading.Event = field(default_factory=threading.Event)
    replies: list[Reply] = field(default_factory=list)

    def contact(self, settings: Settings) -> Contact:
        """Speak to GitHub by the small voice."""
        return Contact(voices={"shop": self.voice}, repositories=lambda: repositories_of(settings))

    @contextmanager
    def surfaces(self, service: Service) -> Iterator[Sequence[Surface]]:
        """Hear GitHub, where the settings have the section."""
        if service.settings.github is None:
            yield ()
            return
        heard = self.contact(service.settings)
        with github_surface(service.settings, heard, clock=service.clock, write_down=service.write_down) as surface:
            yield (surface,)

    def run(self) -> None:
        """Serve until it is over."""
        out = Out(stdout=self.log, stderr=self.log)
        self.replies.append(
            serve(self.settings, out, self.house.open, surfaces=self.surfaces, clock=lambda: 1_000.9, over=self.over)
        )

    def send(self, event: str, payload: Payload, delivery: str = "d-1") -> httpx.Response:
        """Deliver something."""
        headers, body = signed(event, payload, delivery=delivery)
        return httpx.post(f"{self.url}{PATH}", headers=headers, content=body, timeout=30)

    @property
    def url(self) -> str:
        """Where it listens, once it does."""
        _eventually(lambda: "Listening on" in self.log.getvalue())
        return str(re.findall(r"Listening on (\S+);", self.log.getvalue())[0])


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with a project on GitHub, and a workspace with a database."""
    (tmp_path / "workspace").mkdir(mode=0o700)
    fresh_database(tmp_path / "workspace" / "gatehouse.db").close()
    monkeypatch.setenv("GITHUB_WEBHOOK_SECRET", SECRET)
    monkeypatch.chdir(tmp_path)
    return settings_of(APP, where="app.yaml", folder=tmp_path)


@contextmanager
def running(serving: Serving) -> Iterator[Serving]:
    """Run a server for the body."""
    thread = threading.Thread(target=serving.run)
    thread.start()
    try:
        yield serving
    finally:
        serving.over.set()
        thread.join()
    assert serving.replies[0].code is ExitCode.DONE


def _eventually(holds: Callable[[], object]) -> None:
    """Wait until something holds that another thread brings about."""
    tick = threading.Event()
    for _ in range(2_000):
        if holds():
            return
        tick.wait(0.01)
    pytest.fail("it never came about")


def test_a_delivery_is_acknowledged_while_the_house_is_busy_and_acted_on_afterwards(settings: Settings) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def busy(_request: Request) -> None:
        inside.set()
        assert go_on.wait(20)

    with running(Serving(settings=settings, house=SmallHouse(on_handle=busy))) as serving:
        assert serving.send("issue_comment", comment("/mlops approve")).json() == {"heard": True}
        assert inside.wait(20)
        slow = serving.send("pull_request", OPENED, "d-2")
        assert (slow.status_code, slow.elapsed.total_seconds() < 5) == (202, True)
        assert serving.send("pull_request", OPENED, "d-2").json() == {"heard": False, "why": "known"}
        assert serving.house.notices == []
        go_on.set()
        _eventually(lambda: serving.house.notices)
    assert [request.command for request in serving.house.heard] == [Approve(promotion=P12)]
    assert serving.house.notices == [Notice(project="shop", pull_request=12)]
    assert serving.voice.reactions == [(501, "+1")]


def test_what_comes_before_the_house_is_open_is_kept(settings: Settings) -> None:
    house, opens = SmallHouse(), threading.Event()

    @contextmanager
    def slow(opened: Settings) -> Iterator[SmallHouse]:
        assert opens.wait(20)
        with SmallHouse.open(house, opened):
            yield house

    serving = Serving(settings=settings, house=house)
    serving.house = SimpleNamespace(open=slow)  # type: ignore[assignment] # only opened
    with running(serving):
        assert serving.send("pull_request", OPENED).json() == {"heard": True}
        assert house.notices == []
        opens.set()
        _eventually(lambda: house.notices)


def test_a_comment_that_no_delivery_told_of_is_found_on_schedule(settings: Settings) -> None:
    with running(Serving(settings=settings)) as serving:
        _eventually(lambda: serving.voice.asked)
        serving.voice.comments = [Written(at=990)]
        _eventually(lambda: serving.house.heard)
    assert [request.message_id for request in serving.house.heard] == ["github:comment:501"]


def test_a_sweep_of_github_that_fails_is_told_and_the_house_is_swept_all_the_same(settings: Settings) -> None:
    with running(Serving(settings=settings)) as serving:
        _eventually(lambda: serving.voice.asked)
        serving.voice.troubles = [Unavailable("GitHub does not answer.")]
        _eventually(lambda: "A sweep failed: shop: GitHub does not answer." in serving.log.getvalue())
        before = len(serving.house.ticks)
        _eventually(lambda: len(serving.house.ticks) > before)


def test_a_server_without_the_secret_does_not_start(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WEBHOOK_SECRET")
    serving = Serving(settings=settings)
    with pytest.raises(UserError, match=r"webhook_secret_variable names GITHUB_WEBHOOK_SECRET, which is not set"):
        serving.run()
    assert "Listening" not in serving.log.getvalue()


def test_without_the_section_there_is_nothing_to_hear_with(settings: Settings) -> None:
    serving = Serving(settings=settings)
    contact = serving.contact(settings)
    bare = settings.model_copy(update={"github": None})
    with (
        pytest.raises(UserError, match="no section github"),
        github_surface(bare, contact, clock=lambda: 1, write_down=str),
    ):
        pytest.fail("it heard")


def test_a_server_without_the_section_has_no_webhook(settings: Settings) -> None:
    project = settings.projects[0].model_copy(update={"forge": "embedded"})
    bare = settings.model_copy(update={"github": None, "projects": (project,)})
    with running(Serving(settings=bare)) as serving:
        assert serving.send("ping", {}).status_code == 404
