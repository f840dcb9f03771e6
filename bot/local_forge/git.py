"""How do we ask Git, so that nothing but our arguments decides the answer?

Git reads its behaviour from the environment, from three configuration files and from hooks. Here it sees none of the
person's: only the repository's own configuration, no replacement objects, no hooks, one language, one clock.
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gates.refusal import Unavailable, UserError

BOT_NAME = "Gatehouse"
BOT_ADDRESS = "gatehouse@localhost"

OLDEST = (2, 38)
"""The first Git with `merge-tree --write-tree`: three-way merges without a working copy."""

PATIENCE_SECONDS = 120
KEPT = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.filesRefLockTimeout=2000",
    "core.packedRefsTimeout=2000",
    "merge.renames=false",  # a merge holds exactly the paths that the pull request shows
    "merge.directoryRenames=false",
)
BUSY = ("File exists", "No space left on device", "Resource temporarily unavailable", "Too many open files")


class GitFailedError(Exception):
    """Git ended badly in a way nobody expected; the text holds its command and its words."""


@dataclass(frozen=True, slots=True)
class Git:
    """Git on one bare repository."""

    directory: Path

    def run(
        self, *arguments: str, stdin: bytes = b"", at: int = 0, index: Path | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run Git and return how it ended. `at` dates the commits it makes; `index` is the index file it uses."""
        settings = [word for setting in SETTINGS for word in ("-c", setting)]
        try:
            return subprocess.run(
                ["git", *settings, *arguments],
                input=stdin,
                capture_output=True,
                check=False,
                cwd=self.directory,
                env=self._environment(at, index),
                timeout=PATIENCE_SECONDS,
            )
        except (FileNotFoundError, NotADirectoryError) as gone:
            if self.directory.is_dir():
                raise
            raise Unavailable(f"The repository {self.directory} is gone: put it back, or a backup of it.") from gone
        except subprocess.TimeoutExpired as slow:
            raise Unavailable(f"git {arguments[0]} took longer than {PATIENCE_SECONDS} s in {self.directory}") from slow

    def output(self, *arguments: str, stdin: bytes = b"", at: int = 0, index: Path | None = None) -> bytes:
        """Run Git and return what it printed; anything but success raises."""
        ended = self.run(*arguments, stdin=stdin, at=at, index=index)
        if ended.returncode:
            raise self.failure(arguments, ended.stderr)
        return ended.stdout

    def line(self, *arguments: str, stdin: bytes = b"", at: int = 0, index: Path | None = None) -> str:
        """Run Git and return the one line it printed."""
        return readable(self.output(*arguments, stdin=stdin, at=at, index=index)).strip()

    def _environment(self, at: int, index: Path | None) -> dict[str, str]:
        identity = {
            f"GIT_{role}_{part}": value
            for role in ("AUTHOR", "COMMITTER")
            for part, value in (("NAME", BOT_NAME), ("EMAIL", BOT_ADDRESS), ("DATE", f"@{at} +0000"))
        }
        return {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            **identity,
            **({"GIT_INDEX_FILE": str(index)} if index else {}),
            "GIT_DIR": str(self.directory),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_LITERAL_PATHSPECS": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
            "TZ": "UTC",
        }

    def failure(self, arguments: tuple[str, ...], stderr: bytes) -> Exception:
        """Say what went wrong: a repository that is busy or full now, or a bug."""
        words = readable(stderr).strip()
        if any(sign in words for sign in BUSY):
            return Unavailable(f"The repository {self.directory} cannot be written now: {words}")
        return GitFailedError(f"git {' '.join(arguments)} in {self.directory}: {words}")


def readable(raw: bytes) -> str:
    """Return Git's bytes as text that can be stored and printed; bytes that are no UTF-8 show as backslash escapes."""
    return raw.decode("utf-8", "backslashreplace")


def require_git() -> None:
    """Raise `UserError` unless a Git that is new enough is installed."""
    found = shutil.which("git")
    if found is None:
        raise UserError("Git is not installed (there is no `git` on PATH): install Git 2.38 or newer.")
    _require_version(found)


@cache
def _require_version(program: str) -> None:
    answer = subprocess.run(
        [program, "--version"], capture_output=True, check=False, timeout=PATIENCE_SECONDS
    ).stdout.decode("utf-8", "replace")
    numbers = re.search(r"(\d+)\.(\d+)", answer)
    if numbers is None or (int(numbers[1]), int(numbers[2])) < OLDEST:
        told = answer.strip() or "a program that does not tell its version"
        raise UserError(f"The embedded forge needs Git 2.38 or newer, and {program} is {told}: install a newer Git.")
