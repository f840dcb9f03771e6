"""How does scoring behave, without a model? A fake version carries its own answers in `answers.json`."""

import json
from collections import Counter
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from gates.evidence import Scoring, ScoringStatus
from gates.refusal import Unavailable
from workflows.scoring import Scored, ScoringJob


class FakeScorer:
    """Implements `workflows.scoring.Scorer`: reads the answers that the version's files hold."""

    def __init__(self, store: Path) -> None:
        """Keep answers in a folder."""
        self._store = store
        self.unavailable: str | None = None
        """Set to let scoring be out of reach."""
        self.scored: Counter[str] = Counter()
        """Number of jobs by version."""
        self.shown: dict[str, tuple[str, ...]] = {}
        """Columns that a version was last shown."""

    def score(self, job: ScoringJob) -> Scored:
        """Return the answers in `answers.json`.

        They are scores between 0 and 1, `{"follows": "x"}` for those that a column holds, or how it failed:
        `{"status": ..., "detail": ...}`.
        """
        if self.unavailable is not None:
            raise Unavailable(self.unavailable)
        self.scored[job.version.version] += 1
        self.shown[job.version.version] = job.features
        held = json.loads((job.files / "answers.json").read_text())
        if isinstance(held, dict) and "follows" in held:
            held = parquet.read_table(job.data).column(held["follows"]).to_pylist()
        if isinstance(held, dict):
            status = ScoringStatus(held["status"])
            return Scored(scoring=Scoring(version=job.version, status=status, detail=held["detail"]), answers=None)
        self._store.mkdir(parents=True, exist_ok=True)
        path = self._store / f"{job.version.digest}-{job.data_sha256}.parquet"
        columns = {"prediction": [int(score >= 0.5) for score in held], "score_1": held}
        parquet.write_table(pa.table(columns), path)
        scoring = Scoring(
            version=job.version, status=ScoringStatus.SCORED, rows=len(held), environment="fake", signature=True
        )
        return Scored(scoring=scoring, answers=path)

    def took(self, scoring: Scoring, data_sha256: str) -> float | None:
        """Return as many milliseconds as its version says, for data that it was scored on."""
        scored = (self._store / f"{scoring.version.digest}-{data_sha256}.parquet").is_file()
        return int(scoring.version.version) / 1000 if scored and scoring.version.version.isdigit() else None
