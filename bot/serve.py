"""How does one process hold the installation, answer for it, and look for changes, until it is told to stop?

These run at once: the web server in the main thread, one thread for each terminal that asks, one that works through
what GitHub told, and the keeper, a thread that opens the house, sweeps on schedule, and closes all in order at the end.
"""

import contextlib
import logging
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING

from bot.exchange import ExitCode, Progress, Reply, Request
from bot.grammar.parse import Context, parse
from bot.pages.admission import CLOSED, admission
from bot.ports import bound, url_of
from bot.settings import Settings
from bot.surfaces import OpenSurfaces, Service, Surface, all_working, no_surfaces
from bot.terminal import wire
from bot.terminal.lock import HeldError, Hold, InstallationLock
from bot.terminal.mishap import write_down
from bot.terminal.out import Out
from bot.terminal.socket_server import Answers, listening
from bot.terminal.speaker import speaker_of
from bot.terminal.switchboard import OpenHouse
from bot.turns import InTurn
from bot.web import Readiness, application
from gates.refusal import Unavailable, UserError

if TYPE_CHECKING:
    import uvicorn
    from starlette.routing import BaseRoute


TITLE = "mlops serve"
PATIENCE = 30.0
STOPPING = 10
"""Seconds that open web requests may take once we are told to stop."""


def serve(
    settings: Settings,
    out: Out,
    open_house: OpenHouse,
    *,
    surfaces: OpenSurfaces = no_surfaces,
    clock: Callable[[], float] = time.time,
    over: threading.Event | None = None,
) -> Reply:
    """Serve until SIGTERM, SIGINT or `over`; then finish what runs, close the house and leave nothing behind.

    `surfaces` opens what hears the platforms that app.yaml has sections for.
    """
    _require_workspace(settings)
    with (
        bound(settings) as ports,
        _held(settings) as hold,
        _quiet_signals() as stopped,
        surfaces(_service(settings, clock)) as heard,
    ):
        ends = over or threading.Event()
        keeper = _Keeper(
            settings=settings, out=out, open_house=open_house, hold=hold, clock=clock, over=ends, surfaces=heard
        )
        routes = [*_setup_routes(settings, out, clock), *(route for surface in heard for route in surface.routes)]
        server = _web_server(settings, keeper.readiness, routes)
        thread = threading.Thread(target=keeper.keep, args=(server,), name="keeper")
        out.progress(f"Listening on {url_of(ports[0])}; stop with Ctrl-C.")
        out.progress(_where_pages_are(settings, ports))
        thread.start()
        try:
            server.run(sockets=ports)
        finally:
            ends.set()
            thread.join()
    if keeper.failure is not None:
        raise keeper.failure
    return Reply(text="Stopped.", code=ExitCode.DONE, data={"state": "stopped", "signals": list(stopped)})


@dataclass(slots=True, kw_only=True)
class _Keeper:
    """Opens the house, answers through it, sweeps, and closes it."""

    settings: Settings
    out: Out
    open_house: OpenHouse
    hold: Hold
    clock: Callable[[], float]
    over: threading.Event
    surfaces: Sequence[Surface]
    readiness: Readiness = field(default_factory=Readiness)
    failure: Exception | None = None

    def keep(self, server: "uvicorn.Server") -> None:
        """Do it all in one thread; whatever ends it ends the web server, too."""
        try:
            with self.open_house(self.settings) as house:
                door = InTurn(house)
                answers = Answers(ask=_Desk(self.settings, door).ask, names=house.names, write_down=self._write_down)
                with listening(self.settings.workspace, answers) as path, all_working(self.surfaces, door):
                    self.hold.announce(path)
                    self.readiness.opened(house.ready)
                    self._sweep_until_over(door)
                self.readiness.closing()
        except Exception as error:  # noqa: BLE001 - handed to the main thread, which raises it
            self.failure = error
        finally:
            server.should_exit = True

    def _sweep_until_over(self, door: InTurn) -> None:
        """Sweep at once and on schedule; a sweep that fails is written down, and the next one comes all the same."""
        house: Callable[[], None] = lambda: door.tick(int(self.clock()))  # noqa: E731 - beside the others it reads best
        sweeps = [house, *(surface.sweep for surface in self.surfaces)]
        while not self.over.is_set():
            problems = list(filter(None, map(self._problem_of, sweeps)))
            self.readiness.swept(" ".join(problems))
            for problem in problems:
                self.out.progress(f"A sweep failed: {problem}")
            self.over.wait(self.settings.server.sweep_every)

    def _problem_of(self, sweep: Callable[[], None]) -> str:
        try:
            sweep()
        except (UserError, Unavailable) as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 - a sweep outlives its bugs; they are written down
            return self._write_down(error)
        return ""

    def _write_down(self, error: BaseException) -> str:
        return _written_down(self.settings, error)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Turns a question from the socket into a request: the words are read, and the speaker judged, here."""

    settings: Settings
    door: InTurn

    def ask(self, question: wire.Ask, progress: Progress) -> Reply:
        request = Request(
            command=parse(question.words, context=Context(surface=question.surface)),
            speaker=speaker_of(question.login, self.settings, token=question.token),
            surface=question.surface,
            message_id=f"socket:{question.message_id}",  # so that no terminal names what was said elsewhere
        )
        return self.door.handle(request, progress)


def _written_down(settings: Settings, error: BaseException) -> str:
    return write_down(error, logs=settings.workspace / "logs", doing=TITLE)


def _service(settings: Settings, clock: Callable[[], float]) -> Service:
    return Service(settings=settings, clock=lambda: int(clock()), write_down=partial(_written_down, settings))


def _require_workspace(settings: Settings) -> None:
    if not settings.workspace.is_dir():
        raise UserError(f"There is no workspace at {settings.workspace}. Create one with `mlops init` or `mlops demo`.")


@contextlib.contextmanager
def _held(settings: Settings) -> Iterator[Hold]:
    """Hold the installation, after a command that runs now."""
    try:
        with InstallationLock(settings.workspace).hold(TITLE, patience=PATIENCE) as hold:
            yield hold
    except HeldError as held:
        raise Unavailable(f"This installation is held by {held.holder} already.") from held


@contextlib.contextmanager
def _quiet_signals() -> Iterator[list[int]]:
    """Note SIGINT and SIGTERM instead of dying of them: uvicorn raises them once more when it has stopped."""
    noted: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        noted.append(number)

    if threading.current_thread() is not threading.main_thread():
        yield noted
        return
    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield noted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _where_pages_are(settings: Settings, ports: Sequence[socket.socket]) -> str:
    """Say where people read pages; the last port is that of pages alone, where there is one."""
    where = admission(settings)
    return CLOSED if where.closed and not where.public else f"Pages are at {url_of(ports[-1])}/"


def _setup_routes(settings: Settings, out: Out, clock: Callable[[], float]) -> "Sequence[BaseRoute]":
    """Offer to make the GitHub App where GitHub could reach us; whoever sees this terminal may."""
    if settings.server.public_url is None:
        return ()
    from bot.github.setup.offer import app_setup  # noqa: PLC0415 - only a server without an App needs it

    setup = app_setup(settings, clock=lambda: int(clock()), tell=out.progress)
    if setup is None:
        return ()
    out.progress(f"Create the GitHub App at {setup.address}")
    return setup.routes


def _web_server(settings: Settings, readiness: Readiness, routes: "Sequence[BaseRoute]") -> "uvicorn.Server":
    import uvicorn  # noqa: PLC0415 - only a server needs it

    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    config = uvicorn.Config(
        application(settings.server, readiness, routes),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=STOPPING,
    )
    return uvicorn.Server(config)
