"""How long does our full comparison take beside the others, on the same files, each as a whole process?

`make bench-measure` at 100,000, 1 and 10 million rows; `make bench-measure ROWS=100000000` on request. Each contestant
is a process of its own in an environment of its own, made here from pinned versions. One that cannot be installed,
fails, or takes longer than `PATIENCE` seconds is said so, and the next one begins. `ONLY="scan gatehouse"` runs those
whose names have one of these words. The scan of the same columns is the physical limit.

Where other programs run too, wall time says little: compare processor seconds then.
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
PATIENCE = float(os.environ.get("PATIENCE", "600"))
SIZES = tuple(int(size) for size in (os.environ.get("ROWS") or "100000 1000000 10000000").split())
ONLY = tuple(os.environ.get("ONLY", "").split())
BOOTSTRAPPED, IN_MEMORY = 100_000, 1_000_000
OURS = Path(sys.executable)
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Nobody compiles its modules again and again."""
WARM = 1_000
"""Rows of a first run of ours, which is not counted and leaves compiled modules behind; the peers' are installed so."""
HEAD = (
    "| rows | contestant | wall s | CPU s | peak MB | wall / ours | CPU / ours |\n|---:|---|---:|---:|---:|---:|---:|"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one whole process took."""

    seconds: float
    cpu: float
    megabytes: float
    ending: str
    """Empty when it did what it was to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """A process to time: which Python, and which words."""

    name: str
    peer: str | None
    """Its environment's requirements; None: our own environment."""
    words: tuple[str, ...]
    most: int | None = None
    """With more rows it is left out: it would not end, or would not fit in memory."""


OUR = Contestant(name="gatehouse: everything", peer=None, words=("gatehouse",))
CONTESTANTS = (
    OUR,
    Contestant(name="scan of the same columns", peer=None, words=("scan.py", "REFERENCE", "CURRENT")),
    Contestant(name="scikit-learn and scipy by hand", peer="fairlearn", words=("by_hand.py", "REFERENCE", "CURRENT")),
    Contestant(name="fairlearn MetricFrame", peer="fairlearn", words=("by_fairlearn.py", "REFERENCE", "CURRENT")),
    Contestant(
        name="fairlearn MetricFrame, 100 bootstraps",
        peer="fairlearn",
        words=("by_fairlearn.py", "REFERENCE", "CURRENT", "--bootstrap"),
        most=BOOTSTRAPPED,
    ),
    Contestant(name="mlflow.models.evaluate", peer="mlflow", words=("by_mlflow.py", "REFERENCE", "CURRENT")),
    Contestant(
        name="evidently drift and summary",
        peer="evidently",
        words=("by_evidently.py", "REFERENCE", "CURRENT"),
        most=IN_MEMORY,
    ),
    Contestant(
        name="nannyml drift and CBPE", peer="nannyml", words=("by_nannyml.py", "REFERENCE", "CURRENT"), most=IN_MEMORY
    ),
    Contestant(name="ten reductions in plain SQL", peer="ibis", words=("by_sql.py", "REFERENCE", "CURRENT")),
    Contestant(name="ten reductions through Ibis", peer="ibis", words=("by_ibis.py", "REFERENCE", "CURRENT")),
)
COMPARED = (
    "measure compare CURRENT --reference REFERENCE --label y --champion old --challenger new --champion-score old_score"
    " --challenger-score new_score --by race,sex --id id --margin 0.01"
)


def main() -> None:
    """Print a row for each size and contestant, as each ends."""
    print(HEAD, flush=True)  # noqa: T201 - what it is for
    _run(OUR, _files(WARM))
    for size in SIZES:
        files, ours = _files(size), None
        for contestant in CONTESTANTS:
            if _takes_part(contestant, size):
                run = _run(contestant, files)
                ours = run if contestant is OUR and not run.ending else ours
                print(_row(size, contestant, run, ours), flush=True)  # noqa: T201 - what it is for


def _takes_part(contestant: Contestant, size: int) -> bool:
    wanted = not ONLY or any(word in contestant.name for word in ONLY)
    return wanted and (contestant.most is None or size <= contestant.most)


def _files(size: int) -> dict[str, str]:
    subprocess.run([OURS, HERE / "rows.py", WORK, str(size)], check=True)
    return {name.upper(): str(WORK / f"{name}-{size}.parquet") for name in ("reference", "current")}


def _run(contestant: Contestant, files: dict[str, str]) -> Run:
    try:
        command = _command(contestant, files)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"{contestant.name}: {error}", file=sys.stderr, flush=True)  # noqa: T201 - what it is for
        return Run(seconds=0, cpu=0, megabytes=0, ending="could not be installed")
    return _timed(command)


def _command(contestant: Contestant, files: dict[str, str]) -> list[str]:
    if contestant is OUR:
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
        python = ("--python", str(folder / "bin/python"))
        _uv("venv", "--quiet", "--clear", "--python", str(OURS), str(folder))
        _uv("pip", "install", "--quiet", "--compile-bytecode", *python, "-r", str(pinned))
        shutil.copyfile(pinned, stamp)
    return folder / "bin" / "python"


def _uv(*words: str) -> None:
    subprocess.run([OURS.with_name("uv"), *words], check=True)


def _timed(command: list[str]) -> Run:
    """Run a process to its end, or to the end of our patience; the system's own account of it."""
    log, late = WORK / "last.log", threading.Event()
    with log.open("wb") as out:
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=WORK, env=ENVIRONMENT)
        stop = threading.Timer(PATIENCE, _stop, (process, late))
        stop.start()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        stop.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(
        seconds=seconds,
        cpu=used.ru_utime + used.ru_stime,
        megabytes=used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2),
        ending=f"over {PATIENCE:.0f} s" if late.is_set() else _ending(process.returncode, log),
    )


def _stop(process: "subprocess.Popen[bytes]", late: threading.Event) -> None:
    late.set()
    process.kill()


def _ending(code: int, log: Path) -> str:
    """Say how a process failed; to find harm (1), or too little data to tell (3), is none."""
    said = log.read_text(errors="replace").strip()
    if code not in {0, 1, 3} or "Traceback (most recent call last)" in said:
        print(said[-2000:], file=sys.stderr, flush=True)  # noqa: T201 - the reason
        return f"failed ({code})"
    return ""


def _row(size: int, contestant: Contestant, run: Run, ours: Run | None) -> str:
    name = f"{contestant.name} ({run.ending})" if run.ending else contestant.name
    if not run.cpu:
        return f"| {size:,} | {name} | — | — | — | — | — |"
    times = ("—", "—") if ours is None else (f"{run.seconds / ours.seconds:.1f}", f"{run.cpu / ours.cpu:.1f}")
    return f"| {size:,} | {name} | {run.seconds:.2f} | {run.cpu:.2f} | {run.megabytes:,.0f} | {times[0]} | {times[1]} |"


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
