"""Where do the pull requests lie, and who may write there now?"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.local_forge.record import Record, parse_record


@dataclass(frozen=True, slots=True)
class Folder:
    """`pulls/` in the repository: N.json for the program, N.md for people, `lock` for one writer at a time."""

    path: Path

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other process and thread out, so that no number is given twice; a dead holder lets go."""
        self.path.mkdir(exist_ok=True)
        with (self.path / "lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def numbers(self) -> list[int]:
        """Return the numbers in use, ascending."""
        return sorted(int(file.stem) for file in self.path.glob("*.json") if file.stem.isdecimal())

    def read(self, number: int) -> Record | None:
        """Return one record, or None."""
        file = self.path / f"{number}.json"
        return parse_record(file.read_bytes(), str(file)) if file.exists() else None

    def records(self) -> tuple[Record, ...]:
        """Return all records, by number."""
        found = (self.read(number) for number in self.numbers())
        return tuple(record for record in found if record is not None)

    def page(self, number: int) -> Path:
        """Return where a person opens the pull request."""
        return self.path / f"{number}.md"

    def write(self, record: Record) -> None:
        """Store the record."""
        replace(self.path / f"{record.number}.json", record.model_dump_json(indent=2).encode() + b"\n")

    def show(self, number: int, text: str) -> None:
        """Store the page."""
        replace(self.page(number), text.encode())


def replace(file: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Put `content` in place of the file at one stroke, and only if it differs: no reader ever sees half of it."""
    if file.exists() and file.read_bytes() == content and file.stat().st_mode & 0o777 == mode:
        return
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(mode)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
