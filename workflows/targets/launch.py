"""How does a version become a running scoring server that can reach nothing of ours?"""

import re
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Protocol

from gates.digest import bytes_digest
from workflows.isolation.environments import ModelEnvironment
from workflows.isolation.sandbox import Confinement, bare_environment, confined
from workflows.target import Placement
from workflows.targets.journal import Journal
from workflows.targets.leftovers import sweep, write_record
from workflows.targets.server import ScoringServer

LOGS_KEPT = 40

Entry = Callable[[Path, int], Sequence[str]]
"""From a version's files and a port to the arguments of its Python that serve it there."""


class ForModel(Protocol):
    """Knows the Python environment of a version; `workflows.isolation.environments.Environments` is one."""

    def for_model(self, files: Path) -> ModelEnvironment:
        """Return the environment, or raise `EnvironmentNotBuiltError`."""


def mlflow_scoring_server(_files: Path, port: int) -> Sequence[str]:
    """Return what `mlflow models serve` itself starts: MLflow's scoring application under uvicorn.

    Started directly it is one process instead of two, needs no uvicorn on PATH, and leaves nothing running when the
    outer one is ended. The pause before an idle connection is closed is longer than the front's, see there.
    """
    served = "mlflow.pyfunc.scoring_server.app:app"
    address = ("--host", "127.0.0.1", "--port", str(port))
    timing = ("--timeout-keep-alive", "75", "--timeout-graceful-shutdown", "2")
    return ("-m", "uvicorn", *address, "--workers", "1", "--no-access-log", *timing, served)


class Launcher:
    """Starts servers below `root`: logs in `logs/`, homes and records in `run/`."""

    def __init__(self, environments: ForModel, root: Path, *, memory_bytes: int, entry: Entry) -> None:
        self._environments = environments
        self._logs = root / "logs"
        self._runs = root / "run"
        self._memory_bytes = memory_bytes
        self._entry = entry
        self._swept = False
        self._sweeping = threading.Lock()

    def start(self, placement: Placement) -> ScoringServer:
        """Start a version on a free port and return at once; raises `EnvironmentNotBuiltError`."""
        files, port, name = placement.files.resolve(), _free_port(), _name(placement)
        python = self._environments.for_model(files).python
        for folder in (self._logs, self._runs):
            folder.mkdir(parents=True, exist_ok=True)
        self._sweep_once()
        home, log = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self._runs)), self._logs / f"{name}.log"
        confinement = Confinement(read=(files,), write=(home,), memory_bytes=self._memory_bytes, port=port)
        command = confined([str(python), *self._entry(files, port)], python=python, confinement=confinement)
        self._make_room()
        process = _started(command, environment=bare_environment(home, _settings(files)), home=home)
        record = home.with_suffix(".json")
        write_record(record, server=process.pid)
        journal = Journal(_output(process), log)
        return ScoringServer(process, port=port, version=placement.version, journal=journal, record=record)

    def _sweep_once(self) -> None:
        """End what a former run left, before the first start: who only looks must not touch what others run."""
        with self._sweeping:
            if not self._swept:
                sweep(self._runs)
                self._swept = True

    def _make_room(self) -> None:
        """Remove the oldest logs, so that their number is bounded as their size is."""
        logs = sorted((path.stat().st_mtime, path) for path in self._logs.iterdir())
        for _, path in logs[: max(0, len(logs) - LOGS_KEPT)]:
            path.unlink(missing_ok=True)


def _started(command: Sequence[str], *, environment: Mapping[str, str], home: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=home,
        env=dict(environment),
        start_new_session=True,
    )


def _output(process: "subprocess.Popen[bytes]") -> IO[bytes]:
    if process.stdout is None:
        raise TypeError("The scoring server was started without a pipe for its output.")
    return process.stdout


def _settings(files: Path) -> Mapping[str, str]:
    """Return what MLflow's scoring application reads from its environment."""
    return {
        "__pyfunc_model_path__": files.as_uri(),
        "MLFLOW_SCORING_SERVER_REQUEST_TIMEOUT": "60",
    }


def _name(placement: Placement) -> str:
    """Return a file name for a version in its slot: readable, and distinct by a digest of what was left out."""
    shown = f"{placement.slot.model} {placement.slot.environment} {placement.version.version}".lower()
    exact = f"{placement.slot}\0{placement.version.version}\0{placement.version.digest}".encode()
    return f"{re.sub(r'[^a-z0-9]+', '-', shown).strip('-')[:60]}-{bytes_digest(exact)[:8]}"


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
