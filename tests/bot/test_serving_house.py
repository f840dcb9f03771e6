"""`mlops serve` over a real house: real Git, SQLite, DBOS, MLflow and rulebook, in a process of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from bot.terminal.lock import InstallationLock
from bot.terminal.main import main
from storage.mlflow_registry import MlflowRegistry

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
APP = """\
workspace: w
unsafe_asserted_identity: true
unsafe_shared_environment: true
server: {port: 0, sweep_every: 0.2}
targets: {local: {drain_seconds: 0, first_port: FIRST_PORT}}
projects:
  - name: default
    repository: w/repo.git
    registry: {uri: "REGISTRY"}
    targets: {staging: local, production: local}
"""
NOBODY_THERE = "http://127.0.0.1:9"
MLFLOW = "sqlite:///w/mlflow.db"
Captured = pytest.CaptureFixture[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A current folder with a workspace, and the first commit of its rulebook."""

    folder: Path
    first_commit: str

    @property
    def workspace(self) -> Path:
        """The workspace."""
        return self.folder / "w"


def program(folder: Path, *words: str) -> "subprocess.Popen[str]":
    """Start a program of ours in a folder."""
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )


def mlops(folder: Path, *words: str) -> "subprocess.Popen[str]":
    """Start `mlops` in a folder."""
    start = "import sys; from bot.terminal.main import run; sys.argv[0] = 'mlops'; sys.exit(run())"
    return program(folder, "-c", start, *words)


def furnished(folder: Path, monkeypatch: pytest.MonkeyPatch, registry: str, *options: str) -> Place:
    """Make a workspace in a folder and go there."""
    text = APP.replace("REGISTRY", registry).replace("FIRST_PORT", str(free_port()))
    (folder / "app.yaml").write_text(text, encoding="utf-8")
    made = program(folder, str(ROOT / "tests/bot/own_model.py"), *options)
    out, err = made.communicate(timeout=120)
    assert made.returncode == 0, err
    monkeypatch.chdir(folder)
    monkeypatch.delenv("MLOPS_AS", raising=False)
    return Place(folder=folder, first_commit=out.split()[-1])


def free_port() -> int:
    """Return a port that is free now, from which targets take theirs."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return min(int(probe.getsockname()[1]), 60_000)


class Server:
    """A running server, until the test is over."""

    def __init__(self, folder: Path) -> None:
        """Start it and wait for its address."""
        self.process = mlops(folder, "serve")
        self.url = self._address()

    def _address(self) -> str:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if match := re.search(r"Listening on (\S+);", line):
                return match[1]
        pytest.fail("the server ended without saying where it listens")

    def ready(self) -> tuple[int, dict[str, object]]:
        """Ask whether it is ready."""
        answer = httpx.get(f"{self.url}/readyz", timeout=60)
        return answer.status_code, answer.json()

    def family(self) -> list[psutil.Process]:
        """Return the processes below it."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self) -> str:
        """Tell it to stop; return what it said meanwhile."""
        self.process.send_signal(signal.SIGTERM)
        out, err = self.process.communicate(timeout=60)
        return out + err


@contextmanager
def running(place: Place) -> Iterator[Server]:
    """Run a server for the body."""
    server = Server(place.folder)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
        server.process.communicate(timeout=60)


def wait_for(happened: Callable[[], object], *, seconds: float = 60) -> None:
    """Look until something has happened."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def asked(capsys: Captured, *argv: str) -> tuple[int, dict[str, object]]:
    """Type a command in this process; return its exit code and its one JSON document."""
    capsys.readouterr()
    code = main([*argv, "--json"])
    document: dict[str, object] = json.loads(capsys.readouterr().out)
    return code, document


@pytest.mark.full
def test_a_model_serves_again_after_its_server_was_killed_and_a_moved_alias_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    place = furnished(tmp_path, monkeypatch, MLFLOW)
    asked(capsys, "rulebook", "trust", place.first_commit, "--as", "grace")
    with running(place) as server:
        wait_for(lambda: server.ready()[0] == 200)
        assert asked(capsys, "promote", "churn", "1", "to", "staging", "--as", "alice")[0] == 3
        assert asked(capsys, "approve", "P1", "--as", "bob")[0] == 0
        url = address(capsys)
        assert prediction(url) == [1]
        family = server.family()
        server.process.kill()
        assert psutil.wait_procs(family, timeout=20)[1] == []
    with running(place) as server:
        wait_for(lambda: address(capsys) == url)
        assert prediction(url) == [1]
        MlflowRegistry(f"sqlite:///{place.workspace}/mlflow.db").set_alias("churn", "staging", "2")
        wait_for(lambda: "points to v2" in str(lane(capsys)["frozen"]))
        assert prediction(url) == [1]
        assert asked(capsys, "sync", "churn", "in", "staging", "--restore", "--as", "bob")[0] == 0
        family = server.family()
        said = server.stop()
    assert (server.process.returncode, "Traceback" in said) == (0, False)
    assert [process for process in family if process.is_running()] == []


def lane(capsys: Captured) -> dict[str, object]:
    """Return what status says about the only lane."""
    lanes = asked(capsys, "status", "churn")[1]["lanes"]
    assert isinstance(lanes, list)
    found: dict[str, object] = lanes[0]
    return found


def address(capsys: Captured) -> str:
    """Return where the only lane answers; nothing while it does not."""
    return str(lane(capsys)["url"] or "")


def prediction(url: str) -> list[int]:
    """Ask the model about one row."""
    rows = {"dataframe_split": {"columns": ["x", "y"], "data": [[0.9, 0.9]]}}
    answer = httpx.post(f"{url}/invocations", json=rows, timeout=30)
    assert answer.status_code == 200
    found: list[int] = answer.json()["predictions"]
    return found


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A workspace whose registry does not answer."""
    return furnished(tmp_path, monkeypatch, NOBODY_THERE, "--without-model")


@pytest.mark.full
def test_a_server_says_why_it_is_not_ready_and_answers_terminals_all_the_same(place: Place, capsys: Captured) -> None:
    with running(place) as server:
        assert httpx.get(f"{server.url}/healthz").json() == {"alive": True}
        wait_for(lambda: "reason" not in server.ready()[1])
        status, reasons = server.ready()
        assert status == 503
        assert "was ever accepted" in str(reasons["default rulebook"])
        assert "does not answer" in str(reasons["default registry"])
        assert asked(capsys, "promote", "churn", "1", "to", "staging", "--as", "alice")[0] == 2
        code, trusted = asked(capsys, "rulebook", "trust", place.first_commit, "--as", "grace")
        assert (code, trusted["commit"]) == (0, place.first_commit)
        assert "default rulebook" not in server.ready()[1]
        assert asked(capsys, "status")[0] == 0
        assert asked(capsys, "rulebook", "trust", place.first_commit, "--as", "grace")[0] == 1
        code, asleep = asked(capsys, "promote", "churn", "1", "to", "staging", "--as", "alice")
        assert code == 4
        assert "127.0.0.1" in str(asleep["error"])
        said = server.stop()
    assert server.process.returncode == 0
    assert "Traceback" not in said


@pytest.mark.full
def test_a_second_server_is_told_of_the_first_and_follows_it_when_it_was_killed(place: Place, capsys: Captured) -> None:
    socket_file = place.workspace / "mlops.sock"
    with running(place) as server:
        wait_for(socket_file.exists)
        second = mlops(place.folder, "serve")
        _, err = second.communicate(timeout=60)
        assert second.returncode == 4
        assert f"held by process {server.process.pid} (mlops serve)" in err
        server.process.kill()
        server.process.wait(30)
    assert socket_file.exists()
    with running(place) as server:
        wait_for(lambda: InstallationLock(place.workspace).holder() is not None)
        assert asked(capsys, "status")[0] == 0
        server.stop()
    assert not socket_file.exists()


@pytest.mark.full
def test_a_pull_request_pushed_by_hand_is_found_by_the_sweep(place: Place, capsys: Captured) -> None:
    assert asked(capsys, "rulebook", "trust", place.first_commit, "--as", "grace")[0] == 0
    with running(place) as server:
        push(place, "policies/churn.yaml", "expires_after: 2d", "expires_after: 3d")
        wait_for(lambda: asked(capsys, "status", "R1")[0] != 2)
        wait_for(lambda: asked(capsys, "status", "R1")[1]["state"] == "waiting")
        code, accepted = asked(capsys, "approve", "R1", "--as", "grace")
        assert (code, accepted["state"]) == (0, "accepted")
        server.stop()


def push(place: Place, path: str, old: str, new: str) -> None:
    """Clone, change one text, and push a branch, as bob."""
    who = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in
           (("NAME", "bob"), ("EMAIL", "bob@example.org"))}  # fmt: skip
    clone = place.folder / "clone"

    def git(*words: str) -> None:
        subprocess.run(["git", *words], check=True, capture_output=True, env={**os.environ, **who})

    git("clone", "-q", str(place.workspace / "repo.git"), str(clone))
    content = (clone / path).read_text(encoding="utf-8")
    (clone / path).write_text(content.replace(old, new), encoding="utf-8")
    git("-C", str(clone), "commit", "-qam", "by hand")
    git("-C", str(clone), "push", "-q", "origin", "HEAD:by-hand")
