"""What must we remember of a repository on GitHub that GitHub itself cannot vouch for?

Its number, as its name may be given away; and the commits that we made, as anybody can write our name into a commit and
not every GitHub signs ours. Content that is named by its own digest is kept beside it, to spare requests.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from bot.github.git_names import FULL_SHA, blob_sha
from gates.refusal import UserError

NUMBER, COMMITS, BLOBS = "repository", "commits", "blobs"


@dataclass(frozen=True, slots=True)
class Record:
    """A folder of our own for one repository; safe between threads and processes."""

    folder: Path
    _lock: Lock = field(default_factory=Lock)

    def number(self) -> int | None:
        """Return GitHub's number of the repository."""
        text = self._read(NUMBER).strip()
        if text and not text.isdecimal():
            raise UserError(
                f"{self.folder / NUMBER} holds no repository's number: remove it if the repository is right."
            )
        return int(text) if text else None

    def keep_number(self, number: int) -> None:
        """Remember which repository this is."""
        self._write(self.folder / NUMBER, f"{number}\n".encode())

    def made(self, commit: str) -> bool:
        """Did we make this commit?"""
        return commit in self._read(COMMITS).split()

    def keep_commit(self, commit: str) -> None:
        """Remember a commit of ours, for good before this returns."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._lock, (self.folder / COMMITS).open("a", encoding="ascii") as file:
            file.write(f"{commit}\n")
            file.flush()
            os.fsync(file.fileno())

    def blob(self, sha: str) -> bytes | None:
        """Return a file's bytes if we have them, and have them right."""
        try:
            content = self._place(sha).read_bytes()
        except FileNotFoundError:
            return None
        return content if blob_sha(content) == sha else None

    def keep_blob(self, sha: str, content: bytes) -> None:
        """Keep a file's bytes."""
        self._write(self._place(sha), content)

    def _place(self, sha: str) -> Path:
        if not FULL_SHA.fullmatch(sha):
            raise ValueError(f"{sha!r} is no blob's name")
        return self.folder / BLOBS / sha[:2] / sha[2:]

    def _read(self, name: str) -> str:
        try:
            return (self.folder / name).read_text(encoding="ascii", errors="replace")
        except FileNotFoundError:
            return ""

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock:
            draft = path.with_name(f"{path.name}.{os.getpid()}.new")
            draft.write_bytes(content)
            draft.replace(path)
