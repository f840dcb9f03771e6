"""How much of a long scan is done?"""

import time
from typing import TextIO

WIDTH = 30
PATIENCE = 1.0
"""Seconds before a bar appears: most scans end sooner."""


class Bar:
    """One line on a terminal that fills up, and is wiped when it is done; nothing where nobody looks."""

    def __init__(self, stream: TextIO) -> None:
        """Draw on a stream, if it is a terminal."""
        self._stream = stream
        self._watched = stream.isatty()
        self._begun = time.monotonic()
        self._drawn = -1

    def tell(self, done: float) -> None:
        """Draw how much of what runs now is done, from 0 to 1."""
        percent = round(min(max(done, 0.0), 1.0) * 100)
        if not self._watched or percent == self._drawn or time.monotonic() - self._begun < PATIENCE:
            return
        self._drawn = percent
        filled = "█" * (percent * WIDTH // 100)
        self._stream.write(f"\rscanning {filled.ljust(WIDTH, '░')} {percent:3} %")
        self._stream.flush()

    def wipe(self) -> None:
        """Leave an empty line."""
        if self._drawn >= 0:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._drawn = -1
