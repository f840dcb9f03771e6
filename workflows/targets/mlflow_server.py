"""Where do versions serve when there is nothing but this machine?

Each version runs in MLflow's own scoring server, in a process of its own, behind a front port that its slot keeps. A
switch moves new requests at once, waits `drain_seconds` for those in flight, then stops the former version.
"""

import atexit
import logging
import threading
from pathlib import Path

from gates.evidence import VersionRef
from gates.refusal import Unavailable
from workflows.target import Placement, Serving, Slot, Smoke
from workflows.targets.fleet import Fleet, Place
from workflows.targets.front import Door, Front
from workflows.targets.launch import Entry, ForModel, Launcher, mlflow_scoring_server
from workflows.targets.ports import PortBook
from workflows.targets.server import ScoringServer, pings

log = logging.getLogger(__name__)


class LocalTarget:
    """Serves on this machine, for as long as this process lives. Safe to use from any thread.

    Folder `root` holds `ports.json`, `logs/` and `run/` (homes and records of servers); one process owns it at a time.
    """

    def __init__(
        self,
        name: str,
        environments: ForModel,
        root: Path,
        *,
        drain_seconds: float = 10.0,
        first_port: int = 5601,
        start_timeout: float = 90.0,
        memory_bytes: int = 3 << 30,
        entry: Entry = mlflow_scoring_server,
    ) -> None:
        root = root.absolute()
        launcher = Launcher(environments, root, memory_bytes=memory_bytes, entry=entry)
        self.name = name
        self._drain_seconds = drain_seconds
        self._fleet = Fleet(launcher, start_timeout=start_timeout)
        self._ports = PortBook(root / "ports.json", first_port=first_port)
        self._front = Front()
        self._places: dict[Slot, Place] = {}
        self._closed = False
        self._state = threading.Lock()
        atexit.register(self.close)

    def prepare(self, placement: Placement) -> Smoke:
        """Start a version beside the serving one and try it; a running one is tried again. Failing, it is stopped."""
        place = self._place(placement.slot)
        with place.moving:
            self._door(place)  # a port that is not to be had is known before anything moves
            return self._fleet.trial(place, placement)

    def switch(self, placement: Placement) -> Serving:
        """Let the version answer from the next request on; drain and stop the former one."""
        place = self._place(placement.slot)
        with place.moving:
            door = self._door(place)
            server = self._fleet.ready(place, placement)
            self._move(place, door, server)
            return Serving(version=placement.version, url=door.url, healthy=server.alive)

    def serving(self, slot: Slot) -> Serving | None:
        """Return what answers now; healthy if its process lives and /ping answers through the front."""
        place = self._places.get(slot)
        if place is None or place.door is None or (active := place.active) is None:
            return None
        healthy = active.alive and pings(place.door.port)
        return Serving(version=active.version, url=place.door.url, healthy=healthy)

    def discard(self, slot: Slot, version: VersionRef) -> None:
        """Stop a version that was prepared and is not wanted; the serving one is left alone."""
        place = self._place(slot)
        with place.moving:
            server = place.running.get(version)
            if server is not None and server is not place.active:
                self._fleet.drop(place, server)

    def stop(self, slot: Slot) -> None:
        """Let nothing answer here, not even a prepared version; the front says so with 503."""
        place = self._place(slot)
        with place.moving:
            active = place.active
            if place.door is not None and active is not None:
                self._point(place, place.door, None)
                self._fleet.drop(place, active)
            for server in tuple(place.running.values()):
                self._fleet.drop(place, server)

    def close(self) -> None:
        """Leave no process behind. May be repeated; also runs when the interpreter exits."""
        with self._state:
            self._closed = True
        self._front.close()
        self._fleet.close()
        atexit.unregister(self.close)

    def _place(self, slot: Slot) -> Place:
        with self._state:
            if self._closed:
                raise Unavailable(f"The target {self.name} is closed; start Gatehouse again to serve {slot}.")
            return self._places.setdefault(slot, Place(slot=slot))

    def _door(self, place: Place) -> Door:
        if place.door is None:
            with self._state:  # one slot at a time reads and writes the book of ports
                listening = self._ports.listen(str(place.slot))
            place.door = self._front.open(listening, str(place.slot))
        return place.door

    def _move(self, place: Place, door: Door, server: ScoringServer) -> None:
        former = place.active
        if former is server:
            return
        self._point(place, door, server)
        if former is not None:
            self._fleet.drop(place, former)

    def _point(self, place: Place, door: Door, server: ScoringServer | None) -> None:
        """Send new requests to `server`, and wait for those in flight elsewhere."""
        former = door.point(server.upstream if server else None)
        place.active = server
        left = door.drain(former, self._drain_seconds) if former else 0
        if former and left:
            log.warning("%s: version %s is stopped with %d requests in flight", place.slot, former.version, left)
