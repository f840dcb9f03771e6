"""Where does a model serve, and what do we need of that place?

The port is shaped by two real systems: a local MLflow scoring server behind a front port, and an Azure ML online
endpoint (deployments beside each other, traffic moved between them). A *slot* is one served environment of one model.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gates.evidence import VersionRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Which place: one model in one environment of one project."""

    project: str
    model: str
    environment: str

    def __str__(self) -> str:
        """Show it as people write it."""
        return f"{self.project}/{self.model} in {self.environment}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """What to start: a version's files in our own store, and rows to try it with."""

    slot: Slot
    version: VersionRef
    files: Path
    """Folder named by the version's digest; read only."""
    example: Path | None
    """Parquet file of input rows (features only) for the smoke test; at most a hundred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoke:
    """Did the started version answer as it should?"""

    passed: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What a slot answers with now."""

    version: VersionRef
    url: str
    """The stable address that callers use."""
    healthy: bool


class Target(Protocol):
    """A place that serves models. Every method may raise `Unavailable` and may be repeated."""

    name: str

    def prepare(self, placement: Placement) -> Smoke:
        """Start a version beside the serving one and try it; what fails is stopped again and nothing moved."""

    def switch(self, placement: Placement) -> Serving:
        """Let the prepared version answer, drain and stop the former one; prepares first if it must."""

    def serving(self, slot: Slot) -> Serving | None:
        """Return what answers now, or None."""

    def discard(self, slot: Slot, version: VersionRef) -> None:
        """Stop a version that was prepared and is not wanted; the serving one is left alone."""

    def stop(self, slot: Slot) -> None:
        """Let nothing answer in this slot (retire)."""

    def close(self) -> None:
        """Leave no process behind."""
