"""The installation's lock: one process acts at a time, and everyone can see which."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.terminal.lock import HeldError, InstallationLock

ROOT = Path(__file__).parents[2]
HOLD = """\
import sys
from pathlib import Path
from bot.terminal.lock import InstallationLock
with InstallationLock(Path(sys.argv[1])).hold("mlops promote churn 7 to staging"):
    print("held", flush=True)
    sys.stdin.read()
"""


def holding(workspace: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(workspace)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_is_told_who_holds_it(tmp_path: Path) -> None:
    lock = InstallationLock(tmp_path)
    with holding(tmp_path) as process:
        with pytest.raises(HeldError, match="mlops promote churn 7 to staging") as held, lock.hold("mlops sync"):
            pass
        assert held.value.holder.pid == process.pid
        assert lock.holder() == held.value.holder
    assert lock.holder() is None


def test_a_holder_that_is_killed_holds_nothing(tmp_path: Path) -> None:
    lock = InstallationLock(tmp_path)
    with holding(tmp_path) as process:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        assert lock.holder() is None
        with lock.hold("mlops sync"):
            assert str(lock.holder()) == f"process {os.getpid()} (mlops sync)"


def test_waiting_ends_when_the_holder_lets_go(tmp_path: Path) -> None:
    lock = InstallationLock(tmp_path)
    with lock.hold("first"):
        taken = threading.Event()

        def take() -> None:
            with lock.hold("second", patience=20):
                taken.set()

        thread = threading.Thread(target=take)
        thread.start()
        assert not taken.is_set()
    assert taken.wait(20)
    thread.join()


def test_nobody_waits_for_a_server(tmp_path: Path) -> None:
    lock = InstallationLock(tmp_path)
    with lock.hold("mlops serve") as hold:
        hold.announce("/run/mlops.sock")
        with pytest.raises(HeldError) as held, lock.hold("mlops sync", patience=3600):
            pass
        assert held.value.holder.socket == "/run/mlops.sock"


def test_a_workspace_that_was_wiped_meanwhile_is_locked_anew(tmp_path: Path) -> None:
    lock = InstallationLock(tmp_path / "workspace")
    with lock.hold("before"):
        lock.path.unlink()
        with lock.hold("after"):
            assert json.loads(lock.path.read_text())["command"] == "after"


def test_looking_at_the_holder_makes_nothing(tmp_path: Path) -> None:
    assert InstallationLock(tmp_path / "nowhere").holder() is None
    assert list(tmp_path.iterdir()) == []


def test_the_lock_is_for_the_owner_only(tmp_path: Path) -> None:
    lock = InstallationLock(tmp_path / "workspace")
    with lock.hold("mlops sync"):
        assert lock.path.stat().st_mode & 0o777 == 0o600
        assert lock.path.parent.stat().st_mode & 0o777 == 0o700
