"""What does this installation have to work with?

The one value that every workflow is handed: the store, the outside world through its ports, and the clock. `bot/app.py`
builds it; nothing here opens anything.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gates.refusal import UserError
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.files import FileStore
from storage.lanes import Lane
from storage.receipts import ReceiptStore
from storage.registry import Registry
from workflows.forge import Forge
from workflows.pictures.painter import Painter
from workflows.scoring import Limits, Scorer
from workflows.target import Slot, Target

Clock = Callable[[], int]
Tell = Callable[[str, str], None]
"""Told a subject's name ("P12") and one short line, at each long step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One environment of a project: which registry, alias and target it has."""

    name: str
    registry: Registry
    alias: str
    target: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One model repository with its stages in promotion order."""

    name: str
    platform: str
    """Whose accounts the forge speaks of: `embedded`, later `github` and `azure_devops`."""
    forge: Forge
    stages: tuple[Stage, ...]
    data_base: Path
    """Folder that relative URIs of evaluation data start from."""

    @property
    def environments(self) -> tuple[str, ...]:
        """Environment names in promotion order."""
        return tuple(stage.name for stage in self.stages)

    def stage(self, environment: str) -> Stage:
        """Return one stage; `UserError` names those there are."""
        for stage in self.stages:
            if stage.name == environment:
                return stage
        known = ", ".join(self.environments)
        raise UserError(f"There is no environment {environment!r} in {self.name}; it has {known}.")

    def lane(self, model: str, environment: str) -> Lane:
        """Return the lane of one model in one environment."""
        return Lane(project=self.name, model=model, environment=environment)

    def slot(self, model: str, environment: str) -> Slot:
        """Return the slot of one model in one environment."""
        return Slot(project=self.name, model=model, environment=environment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Everything a workflow may touch."""

    database: Database
    evidence: EvidenceStore
    files: FileStore
    receipts: ReceiptStore
    scratch: Path
    """Folder for tables derived from evaluation data."""
    scorer: Scorer
    limits: Limits
    clock: Clock
    projects: Mapping[str, Project]
    tell: Tell
    painter: Painter | None = None
    """Makes the pictures beside the evidence; without one there are none."""
    lasting: bool = True
    """Does this process stay, so that what it starts goes on serving? A one-shot command starts nothing to keep."""
    sleep: Callable[[float], None] = time.sleep
    """Waits so many seconds of `clock`."""
    seed: int = 20_260_101
    """Seed of every resampling, so that the same rows give the same evidence."""

    def project(self, name: str) -> Project:
        """Return one project; `UserError` names those there are."""
        if name in self.projects:
            return self.projects[name]
        known = ", ".join(sorted(self.projects))
        raise UserError(f"There is no project {name!r}; app.yaml has {known}.")
