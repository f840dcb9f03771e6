"""What did a scoring server say, and what of it explains why it ended?"""

import os
import re
import threading
from collections import deque
from pathlib import Path
from typing import IO

from workflows.targets.loopback import one_line

PIECE = 1 << 14
LOG_BYTES = 1 << 20
TAIL_PIECES = 4
FLUSH_SECONDS = 2.0
TELLING = (re.compile(r"[A-Za-z_][\w.]*(?:Error|Exception|Exit)\b"), re.compile(r"ERROR\b"))
"""Lines that name a cause, the better first: an exception at the end of a trace, an error that was logged."""


class Journal:
    """Copies a process's output into a log of bounded size, on a thread that ends with the process."""

    def __init__(self, output: IO[bytes], path: Path, *, limit: int = LOG_BYTES) -> None:
        self._output = output
        self._path = path
        self._limit = limit
        self._tail: deque[bytes] = deque(maxlen=TAIL_PIECES)
        self._thread = threading.Thread(target=self._copy, name=f"gatehouse-log {path.stem}", daemon=True)
        self._thread.start()

    def last_words(self) -> str:
        """Return the latest line that names a cause, or else the last one."""
        lines = [line for line in self._text().splitlines() if line.strip()]
        for telling in TELLING:
            found = [line for line in lines if telling.match(line)]
            if found:
                return one_line(found[-1])
        return one_line(lines[-1]) if lines else "nothing"

    def contains(self, text: str) -> bool:
        """Whether the latest output has this text, in whatever case."""
        return text.lower() in self._text().lower()

    def end(self) -> None:
        """Wait until the output of a process that has ended is written."""
        self._thread.join(FLUSH_SECONDS)

    def _text(self) -> str:
        return b"".join(tuple(self._tail)).decode(errors="replace")

    def _copy(self) -> None:
        """Write until the output closes; past the limit the log becomes `.old`, and a new one begins."""
        with self._output:
            stream, written = self._path.open("wb", buffering=0), 0
            while piece := os.read(self._output.fileno(), PIECE):
                self._tail.append(piece)
                if written + len(piece) > self._limit:
                    stream.close()
                    self._path.replace(self._path.with_suffix(".old"))
                    stream, written = self._path.open("wb", buffering=0), 0
                stream.write(piece)
                written += len(piece)
            stream.close()
