"""Where does the program write what nobody at the terminal needs to see, so that it can be looked up by its name?

One file, `logs/gatehouse.log` in the workspace, a JSON document a line: our own mistakes, and the warnings of the
libraries. The terminal stays the person's: it shows replies, progress, and the name of what was written here.
"""

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

FILE = "gatehouse.log"
LARGEST = 5 << 20
"""Bytes; then the file becomes `gatehouse.log.1`, in the place of the one before."""


@contextmanager
def logbook(folder: Path) -> Iterator[None]:
    """Write all logging of the body into `folder`, which is made when there is something to write."""
    book = _Book(folder / FILE)
    root = logging.getLogger()
    root.addHandler(book)
    logging.captureWarnings(capture=True)
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        root.removeHandler(book)


def book_in(folder: Path) -> Path:
    """Return the file that a person opens."""
    return folder / FILE


class _Book(logging.Handler):
    """Opens its file for each line, so that looking makes no file, and several processes may write."""

    def __init__(self, path: Path) -> None:
        super().__init__(logging.WARNING)
        self._path = path

    def emit(self, record: logging.LogRecord) -> None:
        """Append one line; a disk that is full must not take the work down with it."""
        try:
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            self._make_room()
            with os.fdopen(os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as book:
                book.write(_line(record))
        except OSError:
            return

    def _make_room(self) -> None:
        if self._path.exists() and self._path.stat().st_size > LARGEST:
            self._path.replace(self._path.with_name(f"{FILE}.1"))


def _line(record: logging.LogRecord) -> bytes:
    """Return a record as one JSON document in one line."""
    fields = {
        "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "text": record.getMessage(),
    }
    if record.exc_info:
        fields["trace"] = logging.Formatter().formatException(record.exc_info)
    return f"{json.dumps(fields)}\n".encode()
