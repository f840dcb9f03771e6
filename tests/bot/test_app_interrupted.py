"""Ctrl-C means now: what was started ends, and the next command takes up what was cut off."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psutil
import pytest

from bot.exchange import ExitCode
from bot.terminal.lock import InstallationLock
from tests.dying_process import keep
from tests.world import evaluation_table, new_world

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
APP = """\
workspace: w
unsafe_asserted_identity: true
targets: {local: {}}
projects:
  - name: default
    repository: w/repo.git
    registry: {uri: "sqlite:///w/mlflow.db"}
    targets: {staging: local, production: local}
"""


def mlops(folder: Path, *words: str, environment: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
    """Start `mlops` over the slow world, in a process group of its own, as a shell does."""
    return subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "interrupted_process.py"), *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A current folder with an app.yaml and a workspace where v1 is registered."""
    (tmp_path / "app.yaml").write_text(APP, encoding="utf-8")
    workspace = tmp_path / "w"
    table = evaluation_table(workspace / "evaluation" / "churn.parquet")
    with new_world(workspace) as world:
        world.register(table.scores(0.5))
        keep(world.registry, workspace / "registry")
    return tmp_path


@pytest.mark.full
def test_a_promotion_that_is_interrupted_ends_at_once_and_the_next_command_finishes_it(folder: Path) -> None:
    asking = mlops(folder, "promote", "churn", "1", "to", "staging", "--as", "alice")
    assert asking.stderr is not None
    found = (re.match(r"scoring in (\d+)", line) for line in asking.stderr)
    scoring = psutil.Process(next(int(match[1]) for match in found if match))
    os.killpg(asking.pid, signal.SIGINT)
    out, err = asking.communicate(timeout=20)
    assert (asking.returncode, out, err) == (130, "", "Stopped.\n")
    assert psutil.wait_procs([scoring], timeout=5)[1] == []
    assert InstallationLock(folder / "w").holder() is None

    finishing = mlops(folder, "recheck", "P1", "--as", "alice", environment={"QUICK": "yes"})
    out, err = finishing.communicate(timeout=60)
    assert finishing.returncode == ExitCode.WAITING, err
    assert "P1 is waiting" in out
