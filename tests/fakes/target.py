"""A target that keeps its slots in memory, for tests of what uses one. The contract tests keep it honest."""

from collections import Counter
from dataclasses import dataclass, field

from gates.evidence import VersionRef
from gates.refusal import Unavailable
from workflows.target import Placement, Serving, Slot, Smoke

FIRST_PORT = 5601


@dataclass(slots=True)
class Standing:
    """What stands in one slot."""

    url: str
    active: VersionRef | None = None
    prepared: set[VersionRef] = field(default_factory=set)


class FakeTarget:
    """Serves nothing, remembers everything. Set its failures, read its counts."""

    def __init__(self, name: str = "fake") -> None:
        self.name = name
        self.fail_prepare: dict[str, str] = {}
        """Version and the detail with which its smoke test fails."""
        self.fail_switch: str | None = None
        """Text of the `Unavailable` that every switch raises."""
        self.unhealthy: set[str] = set()
        """Versions that answer no longer, though they serve."""
        self.unavailable: str | None = None
        """Text of the `Unavailable` that every call but `close` raises."""
        self.calls: Counter[str] = Counter()
        """How often each method was called."""
        self.closed = False
        self._slots: dict[Slot, Standing] = {}

    def prepare(self, placement: Placement) -> Smoke:
        """Keep the version beside the serving one, unless it is set to fail."""
        self._count("prepare")
        standing = self._standing(placement.slot)
        detail = self.fail_prepare.get(placement.version.version)
        if detail is not None:
            standing.prepared.discard(placement.version)
            return Smoke(passed=False, detail=detail)
        standing.prepared.add(placement.version)
        return Smoke(passed=True, detail="It answered.")

    def switch(self, placement: Placement) -> Serving:
        """Make the version the serving one; what served before is gone."""
        self._count("switch")
        if self.fail_switch is not None:
            raise Unavailable(self.fail_switch)
        standing, version = self._standing(placement.slot), placement.version
        if version not in standing.prepared and version != standing.active:
            self._prepare_for_switch(placement)
        standing.active = version
        standing.prepared.discard(version)
        return Serving(version=version, url=standing.url, healthy=version.version not in self.unhealthy)

    def serving(self, slot: Slot) -> Serving | None:
        """Return what was switched to last, if it was not stopped."""
        self._count("serving", closable=True)
        standing = self._slots.get(slot)
        if standing is None or standing.active is None:
            return None
        healthy = not self.closed and standing.active.version not in self.unhealthy
        return Serving(version=standing.active, url=standing.url, healthy=healthy)

    def discard(self, slot: Slot, version: VersionRef) -> None:
        """Forget a prepared version."""
        self._count("discard")
        self._standing(slot).prepared.discard(version)

    def stop(self, slot: Slot) -> None:
        """Forget all that stands in a slot, but not its address."""
        self._count("stop")
        standing = self._standing(slot)
        standing.active = None
        standing.prepared.clear()

    def close(self) -> None:
        """Answer no more."""
        self.calls["close"] += 1
        self.closed = True

    def prepared(self, slot: Slot) -> frozenset[VersionRef]:
        """Return the versions that wait beside the serving one."""
        return frozenset(self._standing(slot).prepared)

    def _prepare_for_switch(self, placement: Placement) -> None:
        detail = self.fail_prepare.get(placement.version.version)
        if detail is not None:
            raise Unavailable(f"{placement.slot} cannot switch to version {placement.version.version}: {detail}")

    def _count(self, method: str, *, closable: bool = False) -> None:
        self.calls[method] += 1
        if self.unavailable is not None:
            raise Unavailable(self.unavailable)
        if self.closed and not closable:
            raise Unavailable(f"The target {self.name} is closed.")

    def _standing(self, slot: Slot) -> Standing:
        url = f"http://127.0.0.1:{FIRST_PORT + len(self._slots)}"
        return self._slots.setdefault(slot, Standing(url=url))
