"""How long does our full comparison take beside the others, on the same files, each as a whole process?

`make bench-measure` at 100,000, 1 and 10 million rows; `make bench-measure ROWS=100000000` on request. Each contestant
is a process of its own in an environment of its own, made here from pinned versions; one that takes longer than
`PATIENCE` seconds is stopped and said so. The scan of the same columns is the physical limit.
"""

import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent / "peers"
ROOT = HERE.parents[1]
WORK = Path(os.environ.get("BENCH_FOLDER", ROOT / "build" / "bench"))
PATIENCE = float(os.environ.get("PATIENCE", "300"))
SIZES = tuple(int(size) for size in os.environ.get("ROWS", "100000 1000000 10000000").split())
BOOTSTRAPPED = 100_000
OURS = Path(sys.executable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one whole process took."""

    seconds: float
    cpu: float
    megabytes: float
    ending: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """A process to time: which Python, and which words."""

    name: str
    peer: str | None
    """Its environment's requirements; None: our own environment."""
    words: tuple[str, ...]
    most: int | None = None
    """From which number of rows on it is left out, because it would not end."""


CONTESTANTS = (
    Contestant(name="scan of the same columns", peer=None, words=("scan.py", "REFERENCE", "CURRENT")),
    Contestant(name="gatehouse: everything", peer=None, words=("-m", "gatehouse", "REFERENCE", "CURRENT")),
    Contestant(name="fairlearn MetricFrame", peer="fairlearn", words=("by_fairlearn.py", "REFERENCE", "CURRENT")),
    Contestant(
        name="fairlearn MetricFrame, 100 bootstraps",
        peer="fairlearn",
        words=("by_fairlearn.py", "REFERENCE", "CURRENT", "--bootstrap"),
        most=BOOTSTRAPPED,
    ),
    Contestant(name="mlflow.models.evaluate", peer="mlflow", words=("by_mlflow.py", "REFERENCE", "CURRENT")),
    Contestant(name="evidently drift and summary", peer="evidently", words=("by_evidently.py", "REFERENCE", "CURRENT")),
    Contestant(name="nannyml drift and CBPE", peer="nannyml", words=("by_nannyml.py", "REFERENCE", "CURRENT")),
    Contestant(name="scikit-learn and scipy by hand", peer="fairlearn", words=("by_hand.py", "REFERENCE", "CURRENT")),
)
COMPARED = (
    "measure compare CURRENT --reference REFERENCE --label y --champion old --challenger new --champion-score old_score"
    " --challenger-score new_score --by race,sex --id id --margin 0.01"
)


def main() -> None:
    """Print a table for each size."""
    head = "| rows | contestant | wall s | CPU s | peak MB | times the scan |\n|---|---|---|---|---|---|"
    print(head, flush=True)  # noqa: T201 - what it is for
    for size in SIZES:
        files = _files(size)
        limit = None
        for contestant in CONTESTANTS:
            if contestant.most is not None and size > contestant.most:
                continue
            run = _timed(_command(contestant, files))
            limit = limit or run.seconds
            print(_row(size, contestant, run, limit), flush=True)  # noqa: T201 - what it is for


def _files(size: int) -> dict[str, str]:
    subprocess.run([OURS, HERE / "rows.py", WORK, str(size)], check=True)
    return {name.upper(): str(WORK / f"{name}-{size}.parquet") for name in ("reference", "current")}


def _command(contestant: Contestant, files: dict[str, str]) -> list[str]:
    if "gatehouse" in contestant.words:
        return [str(OURS.with_name("mlops")), *(files.get(word, word) for word in COMPARED.split())]
    python = OURS if contestant.peer is None else _environment(contestant.peer)
    script, *words = contestant.words
    return [str(python), str(HERE / script), *(files.get(word, word) for word in words)]


def _environment(peer: str) -> Path:
    """Make a peer's environment once from its pinned versions."""
    pinned = HERE / f"requirements-{peer}.txt"
    folder = ROOT / ".tools" / "peers" / peer
    stamp = folder / "requirements.txt"
    if not stamp.exists() or stamp.read_bytes() != pinned.read_bytes():
        uv = OURS.with_name("uv")
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", OURS, folder], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", folder / "bin/python", "-r", pinned], check=True)
        shutil.copyfile(pinned, stamp)
    return folder / "bin" / "python"


def _timed(command: list[str]) -> Run:
    """Run a process to its end, or to the end of our patience; the system's own account of it."""
    log = WORK / "last.log"
    with log.open("wb") as out:
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=WORK)
        stop = threading.Timer(PATIENCE, process.kill)
        stop.start()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        stop.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(
        seconds=seconds,
        cpu=used.ru_utime + used.ru_stime,
        megabytes=used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2),
        ending=_ending(process.returncode, log),
    )


def _ending(code: int, log: Path) -> str:
    if code in {0, 1}:
        return "" if code == 0 or "Traceback" not in log.read_text(errors="replace") else "failed"
    return "stopped" if code < 0 else f"failed ({code})"


def _row(size: int, contestant: Contestant, run: Run, limit: float) -> str:
    name = f"{contestant.name} ({run.ending})" if run.ending else contestant.name
    times = f"{run.seconds / limit:.1f}"
    return f"| {size:,} | {name} | {run.seconds:.2f} | {run.cpu:.2f} | {run.megabytes:,.0f} | {times} |"


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
