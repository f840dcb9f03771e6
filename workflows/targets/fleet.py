"""Which scoring servers run for which slots, and is a version among them fit to serve?"""

import logging
import threading
import time
from dataclasses import dataclass, field

from gates.evidence import VersionRef
from gates.refusal import Unavailable
from workflows.isolation.environments import EnvironmentNotBuiltError
from workflows.target import Placement, Slot, Smoke
from workflows.targets.front import Door
from workflows.targets.launch import Launcher
from workflows.targets.server import ScoringServer
from workflows.targets.smoke import smoke

SMOKE_SECONDS = 60.0

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True, eq=False)
class Place:
    """What we know of one slot. `moving` is held while something is started or moved there; looking needs no lock."""

    slot: Slot
    moving: threading.Lock = field(default_factory=threading.Lock)
    door: Door | None = None
    active: ScoringServer | None = None
    running: dict[VersionRef, ScoringServer] = field(default_factory=dict)
    """The servers that can be pointed at, the active one among them while it is fit."""


class Fleet:
    """Starts, tries and stops servers. Methods that take a place are called with its `moving` held."""

    def __init__(self, launcher: Launcher, *, start_timeout: float) -> None:
        self._launcher = launcher
        self._start_timeout = start_timeout
        self._servers: set[ScoringServer] = set()
        self._closed = False
        self._state = threading.Lock()

    def trial(self, place: Place, placement: Placement) -> Smoke:
        """Start the version unless it runs, and try it; what fails is stopped again, unless it serves."""
        try:
            server = self._running(place, placement)
            tried = self._tried(place, server, placement)
            if not tried.passed and server.lost_its_port:
                server = self._running(place, placement)
                tried = self._tried(place, server, placement)
        except EnvironmentNotBuiltError as error:
            return Smoke(passed=False, detail=f"Its environment could not be built: {error.detail}")
        return tried

    def ready(self, place: Place, placement: Placement) -> ScoringServer:
        """Return a server of the version that answers now, started and tried if there is none."""
        server = place.running.get(placement.version)
        if server is not None and server.answers():
            return server
        if server is not None:
            self._set_aside(place, server)
        tried = self.trial(place, placement)
        if not tried.passed:
            raise Unavailable(f"{place.slot} cannot switch to version {placement.version.version}: {tried.detail}")
        return place.running[placement.version]

    def drop(self, place: Place, server: ScoringServer) -> None:
        """Stop a server and forget it."""
        server.stop()
        with self._state:
            self._servers.discard(server)
        if place.running.get(server.version) is server:
            del place.running[server.version]

    def close(self) -> None:
        """Stop all servers, those that are starting too, and let no other start."""
        with self._state:
            self._closed = True
            servers = tuple(self._servers)
        for server in servers:
            server.ask_to_stop()
        for server in servers:
            server.stop()

    def _running(self, place: Place, placement: Placement) -> ScoringServer:
        server = place.running.get(placement.version)
        if server is not None and server.alive:
            return server
        if server is not None:
            self._set_aside(place, server)
        server = self._launcher.start(placement)
        place.running[placement.version] = server
        with self._state:
            self._servers.add(server)
            closed = self._closed
        if closed:
            self.drop(place, server)
            raise Unavailable(f"Gatehouse is closing; {place.slot} stays as it is.")
        return server

    def _set_aside(self, place: Place, server: ScoringServer) -> None:
        """Make room for another server of the same version; callers still reach the active one until it is replaced."""
        if server is place.active:
            del place.running[server.version]
        else:
            self.drop(place, server)

    def _tried(self, place: Place, server: ScoringServer, placement: Placement) -> Smoke:
        passed = False
        try:
            tried = self._try(server, placement)
            passed = tried.passed
        finally:  # whatever interrupts us, nothing untried stays beside
            if not passed and server is not place.active:
                self.drop(place, server)
        return tried

    def _try(self, server: ScoringServer, placement: Placement) -> Smoke:
        began = time.monotonic()
        problem = server.wait_ready(self._start_timeout)
        if problem:
            return Smoke(passed=False, detail=problem)
        version, seconds = server.version.version, time.monotonic() - began
        log.info("%s: version %s answers after %.1f s", placement.slot, version, seconds)
        return smoke(server.port, placement.example, seconds=SMOKE_SECONDS)
