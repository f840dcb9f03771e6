"""What do we ask of a model that we do not trust, and what can come back?"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gates.evidence import Scoring, VersionRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a model's process may use."""

    seconds: float = 120.0
    memory_bytes: int = 2 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringJob:
    """One version, one table."""

    version: VersionRef
    files: Path
    """Folder named by the version's digest; read only."""
    data: Path
    """Parquet file of the evaluation data, whole; read only."""
    data_sha256: str
    features: tuple[str, ...]
    """Columns that the model may see: everything but the label and what the entry keeps from it."""
    task: str
    """`binary-classification`, `multiclass-classification` or `regression`."""
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """How it went, and the answers when it went well."""

    scoring: Scoring
    answers: Path | None
    """Parquet file with a row for each row of the data, in its order: `prediction`, and a column `score_<class>` for
    each class where the model gives probabilities. Which class is the positive one is the entry's to say."""


class Scorer(Protocol):
    """Scores a table with a version in a process of its own, with limits and without our secrets."""

    def score(self, job: ScoringJob) -> Scored:
        """Return the answers or the cause; never raises for what the model does. Same job, same answers: cached."""

    def took(self, scoring: Scoring, data_sha256: str) -> float | None:
        """Return the seconds that a version needed for all rows of the data at once; None when that was not kept.

        No part of the evidence: the same model takes another time tomorrow.
        """
