"""Is a version scored by its own process, or its failure named, with nothing left behind?"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest

from gates.digest import file_digest
from gates.evidence import Scoring, ScoringStatus, VersionRef
from workflows.isolation import landlock
from workflows.isolation.environments import Environments
from workflows.isolation.scorer import LocalScorer
from workflows.scoring import Limits, Scored, ScoringJob

Saved = Callable[[str], Path]
Score = Callable[..., Scored]
pytestmark = pytest.mark.slow

VERSION = VersionRef(version="7", digest="d" * 64)
GIBIBYTE = 1 << 30


def job(files: Path, data: Path, *, features: tuple[str, ...] = ("a", "b"), limits: Limits | None = None) -> ScoringJob:
    return ScoringJob(
        version=VERSION,
        files=files,
        data=data,
        data_sha256=file_digest(data),
        features=features,
        task="binary-classification",
        limits=limits or Limits(seconds=60),
    )


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Where answers are kept."""
    return tmp_path / "answers"


@pytest.fixture
def scorer(tmp_path: Path, store: Path) -> LocalScorer:
    """A scorer that runs models in our own environment, which saves the time of building theirs."""
    return LocalScorer(Environments(tmp_path / "environments", shared=True), store)


@pytest.fixture(autouse=True)
def nothing_left(store: Path) -> Iterator[None]:
    """After each test no process of a model runs, and no folder of one lies about."""
    yield
    assert [
        process for process in psutil.Process().children(recursive=True) if str(store) in " ".join(process.cmdline())
    ] == []
    assert not list(store.glob(".*"))


def failure(status: ScoringStatus, detail: str) -> Scored:
    scoring = Scoring(version=VERSION, status=status, detail=detail, environment="shared", signature=False)
    return Scored(scoring=scoring, answers=None)


def test_a_classifier_is_scored_once_for_the_same_question(
    scorer: LocalScorer, store: Path, classifier: Path, data: Path
) -> None:
    first = scorer.score(job(classifier, data))
    assert first.scoring == Scoring(
        version=VERSION, status=ScoringStatus.SCORED, rows=200, environment="shared", signature=True
    )
    assert first.answers is not None
    table = pq.read_table(first.answers)
    assert (table.num_rows, table.column_names) == (200, ["prediction", "score_no", "score_yes"])
    assert json.loads(table.schema.metadata[b"classes"]) == ["no", "yes"]
    in_no_time = job(classifier, data, limits=Limits(seconds=0.001))
    assert scorer.score(in_no_time) == first
    assert LocalScorer(Environments(store, shared=True), store).score(in_no_time) == first
    assert [path for path in store.iterdir() if path.suffix != ".seconds"] == [first.answers]


def test_how_long_it_took_lies_beside_the_answers_and_is_no_part_of_them(
    scorer: LocalScorer, store: Path, classifier: Path, data: Path
) -> None:
    asked = job(classifier, data)
    first = scorer.score(asked)
    assert 0 < (scorer.took(first.scoring, asked.data_sha256) or 0) < 60
    assert scorer.took(first.scoring, "other data") is None
    (watch,) = store.glob("*.seconds")
    watch.write_text("soon")
    assert scorer.took(first.scoring, asked.data_sha256) is None
    assert scorer.score(asked) == first


SPY = """
import pathlib, socket
found = []
def tries(name, act):
    try:
        act()
        found.append(name)
    except OSError:
        pass
tries("network", lambda: socket.create_connection(("127.0.0.1", {port}), 1))
tries("data", lambda: open({data!r}))
tries("store", lambda: list(pathlib.Path({store!r}).iterdir()))
tries("us", lambda: open("/proc/{us}/environ").read())
found += [name for name in os.environ if "TOKEN" in name]
found += [name for name in frame if name not in ("a", "b")]
if os.fork() == 0:
    os.setsid()
    import time
    time.sleep(600)
return [" ".join(found) or "nothing"] * len(frame)
"""


@pytest.mark.skipif(landlock.abi() == 0, reason="this kernel has no Landlock")
def test_a_model_sees_its_features_and_nothing_else(
    scorer: LocalScorer, saved: Saved, data: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEHOUSE_TOKEN", "a secret")
    import os  # noqa: PLC0415 - beside its only use
    import socket  # noqa: PLC0415 - as above

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        body = SPY.format(port=port, data=str(data), store=str(store), us=os.getpid())
        scored = scorer.score(job(saved(body), data))
    assert scored.answers is not None, scored.scoring.detail
    assert set(pq.read_table(scored.answers)["prediction"].to_pylist()) == {"nothing"}


@pytest.mark.full
def test_a_model_that_crashes_is_named_with_its_last_line_and_asked_again_next_time(
    scorer: LocalScorer, saved: Saved, data: Path, store: Path
) -> None:
    broken = job(saved("raise ValueError('cannot read /srv/models/weights.bin\\nsorry')"), data)
    said = failure(ScoringStatus.CRASHED, "ValueError: cannot read weights.bin sorry")
    assert scorer.score(broken) == said
    (log,) = store.iterdir()
    assert "Traceback" in log.read_text()


def test_a_model_that_hangs_is_stopped(scorer: LocalScorer, saved: Saved, data: Path) -> None:
    hanging = job(saved("import time; time.sleep(600)"), data, limits=Limits(seconds=2))
    assert scorer.score(hanging) == failure(ScoringStatus.TIMED_OUT, "no answer within 2 s")


@pytest.mark.full
def test_a_model_that_grows_is_stopped(scorer: LocalScorer, saved: Saved, data: Path) -> None:
    body = "kept = []\nwhile True: kept.append(bytearray(os.urandom(1 << 20) * 16))"
    growing = job(saved(body), data, limits=Limits(seconds=60, memory_bytes=GIBIBYTE))
    assert scorer.score(growing) == failure(ScoringStatus.OUT_OF_MEMORY, "used more than 1.0 GiB")


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("os._exit(3)", "ended with exit status 3 before it answered"),
        ("os.kill(os.getpid(), 11)", "ended by SIGSEGV (Segmentation fault) before it answered"),
    ],
)
def test_a_model_that_ends_without_a_word_is_named(
    scorer: LocalScorer, saved: Saved, data: Path, body: str, detail: str
) -> None:
    assert scorer.score(job(saved(body), data)) == failure(ScoringStatus.CRASHED, detail)


FORGES = """
import json, sys
order = json.loads(sys.argv[1])
pd.DataFrame({"prediction": [1] * 3}).to_parquet(order["answers"], compression="none")
open(order["status"], "w").write('{"status": "scored"}')
os._exit(0)
"""


def test_a_model_that_writes_the_answers_itself_must_still_answer_each_row(
    scorer: LocalScorer, saved: Saved, data: Path
) -> None:
    said = failure(ScoringStatus.WRONG_SHAPE, "3 answers came; expected 200, one for each row")
    assert scorer.score(job(saved(FORGES.replace("{", "{{").replace("}", "}}").format()), data)) == said


def test_a_feature_that_the_data_lacks_is_named(scorer: LocalScorer, classifier: Path, data: Path) -> None:
    scored = scorer.score(job(classifier, data, features=("a", "income")))
    assert scored.scoring.status is ScoringStatus.WRONG_SHAPE
    assert scored.scoring.detail == "the evaluation data has no column 'income'"


def test_a_model_whose_environment_cannot_be_had_is_not_run(store: Path, tmp_path: Path, data: Path) -> None:
    files = tmp_path / "model"
    files.mkdir()
    (files / "requirements.txt").write_text("-e git+https://example.org/evil.git\n")
    scored = LocalScorer(Environments(tmp_path / "environments"), store).score(job(files, data))
    assert scored.scoring.status is ScoringStatus.NOT_BUILT
    assert scored.scoring.detail.startswith("requirements.txt, line 1: '-e git+https://example.org/evil.git'")


@pytest.mark.full
def test_a_model_is_scored_with_its_own_packages(classifier: Path, data: Path, store: Path, tmp_path: Path) -> None:
    environments = Environments(tmp_path / "environments")
    scored = LocalScorer(environments, store).score(job(classifier, data))
    own = environments.for_model(classifier)
    assert (scored.scoring.status, scored.scoring.environment) == (ScoringStatus.SCORED, own.digest)
    assert Path(sys.prefix) not in own.python.parents
    shared = LocalScorer(Environments(store, shared=True), store).score(job(classifier, data))
    assert scored.answers is not None
    assert shared.answers is not None
    assert pq.read_table(scored.answers).equals(pq.read_table(shared.answers))
