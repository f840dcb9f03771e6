"""Which Python, with which packages, does this model run in?"""

import fcntl
import shutil
import sys
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gates.digest import bytes_digest
from workflows.isolation.installer import Pip, Uv, installer
from workflows.isolation.requirements import EnvironmentNotBuiltError, Requirements, recorded_requirements

__all__ = ["EnvironmentNotBuiltError", "Environments", "ModelEnvironment"]

SHARED = "shared"
"""What stands for a digest where models run in our own environment."""
COMPLETE = "lock.txt"
"""The lock, written into an environment when everything in it is installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEnvironment:
    """An interpreter with a model's locked requirements."""

    python: Path
    digest: str


class Environments:
    """Model environments under one folder, each named by the digest of its lock and its Python.

    `shared` uses our own environment for every model: for tests, and for those who trust their models.
    """

    def __init__(self, root: Path, *, shared: bool = False, tell: Callable[[str], None] = lambda _line: None) -> None:
        """Keep environments below `root`; `tell` hears one line before each long build."""
        self._root = root.absolute()
        self._shared = shared
        self._tell = tell

    def for_model(self, files: Path) -> ModelEnvironment:
        """Return the environment of the version whose files lie in `files`, building it if it is new.

        Raises `EnvironmentNotBuiltError` for what the version recorded, `Unavailable` for a package index out of reach.
        Processes that ask for the same one at the same time wait for the first.
        """
        if self._shared:
            return ModelEnvironment(python=Path(sys.executable), digest=SHARED)
        requirements = recorded_requirements(files)
        tool = installer()
        python = _interpreter(requirements.python, tool)
        lock = self._lock(requirements, python, tool)
        digest = bytes_digest(f"{lock}# python {requirements.python} {_platform()}\n".encode())
        return ModelEnvironment(python=self._built(digest, lock, python, tool), digest=digest)

    def _lock(self, requirements: Requirements, python: Path, tool: Uv | Pip) -> str:
        """Return the lock of these requirements: the one found when they were first asked for."""
        kept = self._root / "locks" / f"{requirements.digest}.txt"
        with _held(kept.with_suffix(".held")):
            if not kept.is_file():
                _write_at_once(kept, tool.lock(requirements.lines, python=python))
            return kept.read_text("utf-8")

    def _built(self, digest: str, lock: str, python: Path, tool: Uv | Pip) -> Path:
        """Install a lock where no complete environment of it lies; a half-built one is swept away first."""
        folder = self._root / digest
        complete, own_python = folder / COMPLETE, folder / "bin" / "python"
        with _held(folder.with_suffix(".held")):
            if not (complete.is_file() and own_python.exists()):  # a link to a Python that may have been removed since
                shutil.rmtree(folder, ignore_errors=True)
                self._tell("building the environment that it recorded; once for all models with the same packages")
                tool.install(lock, python=python, folder=folder)
                _write_at_once(complete, lock)
        return own_python


def _interpreter(minor: str, tool: Uv | Pip) -> Path:
    """Return a Python of the recorded version: the one that ours was made from, or another that is installed."""
    ours = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = _base_interpreter(ours) if minor == ours else tool.find_python(minor)
    if found is None:
        raise EnvironmentNotBuiltError(
            f"the version recorded Python {minor}, which is not installed here (ours is {ours}); "
            f"install it, for instance with `uv python install {minor}`, or save the model with Python {ours}"
        )
    return found


def _base_interpreter(ours: str) -> Path:
    """Return the installed Python beneath our own environment."""
    base = Path(sys.base_prefix) / "bin" / f"python{ours}"
    return base if base.is_file() else Path(sys.executable)


def _platform() -> str:
    """Name the platform that the locked wheels are for."""
    return sysconfig.get_platform()


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Hold a file's lock, across threads and processes; the system lets go of it when a process dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _write_at_once(path: Path, text: str) -> None:
    """Write a file that is there whole or not at all; its lock is held."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_text(text, "utf-8")
    unfinished.replace(path)
