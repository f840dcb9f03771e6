"""Where do model versions live, and what does that place know of them?

The port is shaped by two real systems: MLflow (aliases on registered models) and Azure ML (no aliases; a tag plays the
part). Adapters translate; nothing outside them knows which one answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredVersion:
    """One version as its registry describes it. Accounts are the registry's, not persons."""

    model: str
    version: str
    run_id: str | None
    trainer: str | None
    """The account of the run's user; None when the registry does not know."""
    registered_by: str | None
    source_commit: str | None
    inputs: tuple[tuple[str, str], ...] = ()
    """Name and digest of each data set that the run logged as input."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    description: str = ""


class Registry(Protocol):
    """Models and their versions. Every method may raise `Unavailable`."""

    def models(self) -> tuple[str, ...]:
        """Return the names of all registered models, sorted."""

    def versions(self, model: str) -> tuple[str, ...]:
        """Return a model's versions, oldest first; empty when the model is not registered."""

    def version(self, model: str, version: str) -> RegisteredVersion:
        """Return one version; `UserError` names the latest version, or the nearest model, when there is none."""

    def history(self, run_id: str, metric: str) -> tuple[tuple[int, float], ...]:
        """Return step and value of each time a run logged a metric, by step and then by time; empty without any.

        Values may be infinite or not a number.
        """

    def fetch(self, model: str, version: str, into: Path) -> None:
        """Copy the version's files into the empty folder `into`, with their relative paths."""

    def alias(self, model: str, alias: str) -> str | None:
        """Return the version that an alias names, or None."""

    def set_alias(self, model: str, alias: str, version: str | None) -> None:
        """Point an alias at a version, or remove it; repeating it changes nothing."""
