"""What does this version answer for the evaluation data, and if it does not, why not?"""

import json
import re
import signal
import tempfile
from pathlib import Path

from gates.digest import bytes_digest
from gates.evidence import Scoring, ScoringStatus
from workflows.isolation.answers import Status, UnusableAnswerError, accept, one_line, read_status
from workflows.isolation.environments import EnvironmentNotBuiltError, Environments, ModelEnvironment
from workflows.isolation.requirements import declares_signature
from workflows.isolation.sandbox import Confinement, bare_environment, confined
from workflows.isolation.watch import Ended, Ending, run_watched
from workflows.scoring import Limits, Scored, ScoringJob

RUNNER = Path(__file__).with_name("runner.py")
GIBIBYTE = 1 << 30
LAST_OF_A_TRACEBACK = re.compile(r"^[A-Za-z_][\w.]*(?:Error|Exception)\b.*", re.MULTILINE)
ANSWERS_FORMAT = 1
"""Raise it when the same model would be asked or understood otherwise: older answers are then not found again."""


class _NotScoredError(Exception):
    """The version gave no usable answer."""

    def __init__(self, status: ScoringStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


class LocalScorer:
    """Scores on this machine. The answers lie in `store`, one file for each job, and are not computed twice.

    Failures are forgotten, so that asking again tries again; what such a process printed lies beside the answers.
    """

    def __init__(self, environments: Environments, store: Path) -> None:
        self._environments = environments
        self._store = store.absolute()

    def score(self, job: ScoringJob) -> Scored:
        """Return the answers or the cause; never raises for what the model does.

        Raises `Unavailable` when the packages it needs are out of reach.
        """
        try:
            environment = self._environments.for_model(job.files)
        except EnvironmentNotBuiltError as error:
            return _not_scored(job, "", _NotScoredError(ScoringStatus.NOT_BUILT, one_line(error.detail)))
        self._store.mkdir(parents=True, exist_ok=True)
        answers = self._store / f"{_key(job, environment)}.parquet"
        try:
            if not answers.is_file():
                self._answer(job, environment, answers)
        except _NotScoredError as error:
            return _not_scored(job, environment.digest, error)
        return Scored(scoring=_scoring(job, environment.digest, rows=_rows(answers)), answers=answers)

    def took(self, scoring: Scoring, data_sha256: str) -> float | None:
        """Return the seconds that a version needed for all rows at once; None when that was not kept."""
        try:
            return float(self._stopwatch(scoring.version.digest, data_sha256, scoring.environment).read_text("utf-8"))
        except (OSError, ValueError):
            return None

    def _stopwatch(self, digest: str, data_sha256: str, environment: str) -> Path:
        return self._store / f"{bytes_digest(json.dumps([digest, data_sha256, environment]).encode())}.seconds"

    def _answer(self, job: ScoringJob, environment: ModelEnvironment, answers: Path) -> None:
        """Let the version answer in a folder of its own, which is gone afterwards."""
        with tempfile.TemporaryDirectory(prefix=".scoring-", dir=self._store, ignore_cleanup_errors=True) as folder:
            scratch = Path(folder)
            features = scratch / "features.parquet"
            _keep_columns(job, features)
            work = scratch / "work"
            work.mkdir()
            ended = run_watched(
                _command(job, environment, features, work),
                environment=bare_environment(work, {}),
                folder=work,
                limits=job.limits,
            )
            try:
                status = _judge(ended, job, work, scratch / "accepted.parquet", rows=_rows(features))
            except _NotScoredError:
                answers.with_suffix(".log").write_bytes(ended.printed)
                raise
            (scratch / "accepted.parquet").replace(answers)
        if status.seconds is not None:
            watch = self._stopwatch(job.version.digest, job.data_sha256, environment.digest)
            watch.write_text(f"{status.seconds:.6f}", "utf-8")


def _key(job: ScoringJob, environment: ModelEnvironment) -> str:
    """Name a job by everything that its answers depend on."""
    parts = [ANSWERS_FORMAT, job.version.digest, job.data_sha256, list(job.features), job.task, environment.digest]
    return bytes_digest(json.dumps(parts).encode())


def _keep_columns(job: ScoringJob, into: Path) -> None:
    """Write the columns that the model may see, and no label, where it can read them."""
    import pyarrow as pa  # noqa: PLC0415 - heavy; only here is it needed
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    with pq.ParquetFile(job.data) as data:
        missing = [name for name in job.features if name not in data.schema_arrow.names]
        if missing:
            names = ", ".join(map(repr, missing))
            raise _NotScoredError(ScoringStatus.WRONG_SHAPE, f"the evaluation data has no column {names}")
        schema = pa.schema([data.schema_arrow.field(name) for name in job.features])
        with pq.ParquetWriter(into, schema) as writer:
            for batch in data.iter_batches(columns=list(job.features)):
                writer.write_batch(batch.select(list(job.features)).replace_schema_metadata(None))


def _command(job: ScoringJob, environment: ModelEnvironment, features: Path, work: Path) -> list[str]:
    """Return the confined command that runs the runner for this job."""
    order = {
        "model": str(job.files.absolute()),
        "data": str(features),
        "task": job.task,
        "answers": str(work / "answers.parquet"),
        "status": str(work / "status.json"),
    }
    return confined(
        [str(environment.python), str(RUNNER), json.dumps(order)],
        python=environment.python,
        confinement=Confinement(
            read=(job.files.absolute(), features, RUNNER), write=(work,), memory_bytes=job.limits.memory_bytes
        ),
    )


def _judge(ended: Ended, job: ScoringJob, work: Path, accepted: Path, *, rows: int) -> Status:
    """Turn the end of a process into accepted answers, or raise what is wrong; return what the process says of it."""
    if ended.ending is Ending.TIMED_OUT:
        raise _NotScoredError(ScoringStatus.TIMED_OUT, f"no answer within {job.limits.seconds:g} s")
    if ended.ending is Ending.OUT_OF_MEMORY:
        raise _out_of_memory(job.limits)
    status = read_status(work / "status.json")
    if status is None or ended.exit_code != 0:
        raise _NotScoredError(ScoringStatus.CRASHED, _how_it_ended(ended))
    if status.status == "out_of_memory":
        raise _out_of_memory(job.limits)
    if status.status != "scored":
        raise _NotScoredError(ScoringStatus(status.status), one_line(status.detail))
    try:
        accept(work / "answers.parquet", rows=rows, task=job.task, classes=status.classes, into=accepted)
    except UnusableAnswerError as error:
        raise _NotScoredError(ScoringStatus.WRONG_SHAPE, one_line(str(error))) from error
    return status


def _out_of_memory(limits: Limits) -> _NotScoredError:
    """Say what was exceeded."""
    return _NotScoredError(ScoringStatus.OUT_OF_MEMORY, f"used more than {limits.memory_bytes / GIBIBYTE:.1f} GiB")


def _how_it_ended(ended: Ended) -> str:
    """Say how a process ended that left no word: by a signal, or by an exit status and its last line."""
    if ended.exit_code < 0:
        number = -ended.exit_code
        name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
        return f"ended by {name} ({signal.strsignal(number)}) before it answered"
    raised = LAST_OF_A_TRACEBACK.findall(ended.printed.decode(errors="replace"))
    last = f": {raised[-1]}" if raised else ""
    return one_line(f"ended with exit status {ended.exit_code} before it answered{last}")


def _rows(table: Path) -> int:
    """Return the number of rows of one of our own Parquet files."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - heavy; only here is it needed

    return int(pq.read_metadata(table).num_rows)


def _not_scored(job: ScoringJob, environment: str, error: _NotScoredError) -> Scored:
    """Return the cause."""
    return Scored(scoring=_scoring(job, environment, status=error.status, detail=error.detail), answers=None)


def _scoring(
    job: ScoringJob,
    environment: str,
    *,
    status: ScoringStatus = ScoringStatus.SCORED,
    rows: int = 0,
    detail: str = "",
) -> Scoring:
    """Return how it went, as evidence."""
    return Scoring(
        version=job.version,
        status=status,
        rows=rows,
        detail=detail,
        environment=environment,
        signature=declares_signature(job.files),
    )
