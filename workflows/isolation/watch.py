"""How did a process that we do not trust end, and is really nothing of it left?"""

import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import IO

import psutil

from workflows.scoring import Limits

LOOK_SECONDS = 0.1
LAST_WORDS_SECONDS = 5.0
"""How long a killed tree may take to be gone, before its group is killed as well."""
PIECE = 1 << 16
PIECES_KEPT = 16
"""Of what it prints, the first piece and the last so many are kept."""


class Ending(Enum):
    """Why it ended."""

    BY_ITSELF = auto()
    TIMED_OUT = auto()
    OUT_OF_MEMORY = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A process that is gone, and all that it started."""

    ending: Ending
    exit_code: int
    """Negative: the signal that killed it."""
    printed: bytes
    """The beginning and the end of its output, together at most a mebibyte."""


def run_watched(command: Sequence[str], *, environment: Mapping[str, str], folder: Path, limits: Limits) -> Ended:
    """Run a command to its end within limits of time and memory, all its descendants included."""
    process = subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    seen: set[psutil.Process] = set()
    heard = _Heard(process.stdout)
    try:
        ending = _watched(process, limits, seen)
    finally:
        _end_all(process, seen)
        printed = heard.all()
    return Ended(ending=ending, exit_code=process.returncode, printed=printed)


def _watched(process: subprocess.Popen[bytes], limits: Limits, seen: set[psutil.Process]) -> Ending:
    """Look again and again until it ends or goes too far."""
    deadline = time.monotonic() + limits.seconds
    while True:
        with suppress(subprocess.TimeoutExpired):
            process.wait(LOOK_SECONDS)
            return Ending.BY_ITSELF
        tree = _tree(process.pid)
        seen.update(tree)
        if sum(map(_resident, tree)) > limits.memory_bytes:
            return Ending.OUT_OF_MEMORY
        if time.monotonic() > deadline:
            return Ending.TIMED_OUT


def _tree(pid: int) -> list[psutil.Process]:
    """Return a process's descendants; not itself, which is our own supervisor."""
    with suppress(psutil.Error):
        return psutil.Process(pid).children(recursive=True)
    return []


def _resident(process: psutil.Process) -> int:
    """Return the bytes of memory that a process occupies; none when it is gone."""
    with suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0


def _end_all(process: subprocess.Popen[bytes], seen: set[psutil.Process]) -> None:
    """Kill the tree from within, so that its supervisor sweeps up; then whatever is left of it.

    psutil compares start times before it kills, so that a process id used again is safe.
    """
    seen.update(_tree(process.pid))
    _kill(seen)
    try:
        process.wait(LAST_WORDS_SECONDS)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    _kill(seen)


def _kill(processes: set[psutil.Process]) -> None:
    """Kill each that is still there."""
    for process in processes:
        with suppress(psutil.Error):
            process.kill()


class _Heard:
    """Listens to a pipe until all who hold it are gone; keeps a bounded part."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        self._pipe = pipe
        self._first = b""
        self._last: deque[bytes] = deque(maxlen=PIECES_KEPT - 1)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def all(self) -> bytes:
        """Wait for the end, and return what was kept."""
        self._thread.join(LAST_WORDS_SECONDS)
        return b"".join((self._first, *self._last))

    def _listen(self) -> None:
        if self._pipe is None:
            return
        with self._pipe:
            self._first = self._pipe.read(PIECE)
            while piece := self._pipe.read(PIECE):
                self._last.append(piece)
