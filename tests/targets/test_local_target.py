"""Does the local target start, judge, replace and end real processes as it promises?"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import pytest

from gates.evidence import VersionRef
from gates.refusal import Unavailable
from workflows.isolation.environments import EnvironmentNotBuiltError, ModelEnvironment
from workflows.target import Placement, Serving, Slot
from workflows.targets.leftovers import identity, sweep
from workflows.targets.mlflow_server import LocalTarget

Place = Callable[..., Placement]
Build = Callable[..., LocalTarget]

pytestmark = pytest.mark.full

OWNER = """
import sys
from pathlib import Path
from gates.evidence import VersionRef
from workflows.isolation.environments import Environments
from workflows.target import Placement, Slot
from workflows.targets.mlflow_server import LocalTarget

root, files, first_port = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
entry = lambda files, port: (str(files / "scorer.py"), str(port))
target = LocalTarget("local", Environments(root, shared=True), root, first_port=first_port, entry=entry)
slot = Slot(project="bank", model="loan-approval", environment="production")
version = VersionRef(version="1", digest="digest of 1")
print(target.switch(Placement(slot=slot, version=version, files=files, example=None)).url, flush=True)
sys.stdin.read()
"""


def recorded(root: Path) -> list[psutil.Process]:
    """Return the processes that serve for a target: those it wrote down, and all below them."""
    found = []
    for record in root.glob("run/*.json"):
        server = psutil.Process(json.loads(record.read_text())["server"]["pid"])
        found += [server, *server.children(recursive=True)]
    return found


def all_gone(processes: list[psutil.Process], seconds: float = 10.0) -> bool:
    return bool(processes) and not psutil.wait_procs(processes, timeout=seconds)[1]


def invoke(serving: Serving | None, rows: int = 1) -> httpx.Response:
    assert serving is not None
    data = {"dataframe_split": {"columns": ["income"], "data": [[1]] * rows}}
    return httpx.post(f"{serving.url}/invocations", json=data, timeout=20, trust_env=False)


def test_the_version_that_was_switched_to_answers(local_target: Build, placed: Place) -> None:
    target = local_target()
    answers = []
    for version in ("1", "2"):
        response = invoke(target.switch(placed(version, prediction=version)))
        answers.append((response.json()["predictions"], response.headers["X-Gatehouse-Version"]))
    assert answers == [(["1"], "1"), (["2"], "2")]


@pytest.mark.parametrize(
    ("ways", "detail"),
    [
        ({"raises": "no weights"}, "The scoring server ended while starting: ValueError: no weights"),
        ({"too_many": 1}, "/invocations answered 4 example rows with 5 predictions."),
        ({"status": 500, "body": "out of order"}, "/invocations answered with HTTP status 500: out of order"),
        ({"body": "[]"}, "/invocations did not answer with predictions, but with: []"),
    ],
)
def test_what_does_not_answer_rightly_fails_with_its_cause_and_is_stopped(
    local_target: Build, placed: Place, tmp_path: Path, ways: dict[str, object], detail: str
) -> None:
    smoke = local_target().prepare(placed("1", **ways))
    assert (smoke.passed, smoke.detail) == (False, detail)
    assert recorded(tmp_path / "root") == []


def test_a_version_that_never_comes_up_is_given_up_with_its_last_words(
    local_target: Build, placed: Place, tmp_path: Path
) -> None:
    smoke = local_target(start_timeout=1.0).prepare(placed("1", hangs=True))
    assert smoke.detail == "The scoring server did not answer /ping within 1 s; it last said: still loading"
    assert recorded(tmp_path / "root") == []


def test_an_environment_that_cannot_be_built_is_the_cause_given(tmp_path: Path, placed: Place) -> None:
    class Unbuildable:
        def for_model(self, files: Path) -> ModelEnvironment:
            raise EnvironmentNotBuiltError(f"no matching distribution for {files.name}")

    target = LocalTarget("local", Unbuildable(), tmp_path / "root")
    smoke = target.prepare(placed("1"))
    target.close()
    assert smoke.detail == "Its environment could not be built: no matching distribution for 1"


def test_preparing_twice_reuses_the_running_server(local_target: Build, placed: Place, tmp_path: Path) -> None:
    target = local_target()
    target.prepare(placed("1"))
    before = recorded(tmp_path / "root")
    target.prepare(placed("1"))
    assert recorded(tmp_path / "root") == before


def test_the_same_version_with_another_digest_is_another_server(
    local_target: Build, placed: Place, tmp_path: Path
) -> None:
    target, first = local_target(), placed("1")
    altered = Placement(
        slot=first.slot,
        version=VersionRef(version="1", digest="altered"),
        files=first.files,
        example=first.example,
    )
    target.switch(first)
    target.prepare(altered)
    assert len(list((tmp_path / "root" / "run").glob("*.json"))) == 2
    assert target.switch(altered).version.digest == "altered"


def test_discarding_and_switching_stop_what_is_not_wanted(local_target: Build, placed: Place, tmp_path: Path) -> None:
    target, second = local_target(), placed("2")
    target.prepare(second)
    discarded = recorded(tmp_path / "root")
    target.discard(second.slot, second.version)
    target.switch(placed("1"))
    replaced = recorded(tmp_path / "root")
    target.switch(second)
    assert all_gone(discarded)
    assert all_gone(replaced)


def test_a_server_that_dies_while_serving_is_unhealthy_and_a_switch_mends_it(
    local_target: Build, placed: Place, slot: Slot, tmp_path: Path
) -> None:
    target, first = local_target(), placed("1")
    url = target.switch(first).url
    died = recorded(tmp_path / "root")
    died[-1].kill()
    assert all_gone(died)
    assert target.serving(slot) == Serving(version=first.version, url=url, healthy=False)
    assert invoke(target.serving(slot)).status_code == 502
    assert target.switch(first) == Serving(version=first.version, url=url, healthy=True)
    assert invoke(target.serving(slot)).status_code == 200


def test_a_server_that_hangs_is_unhealthy_and_a_switch_replaces_it(
    local_target: Build, placed: Place, slot: Slot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflows.targets.server.PING_SECONDS", 0.5)
    monkeypatch.setattr("workflows.targets.server.GRACE_SECONDS", 0.5)
    target, first = local_target(drain_seconds=0.1), placed("1")
    target.switch(first)
    hung = recorded(tmp_path / "root")
    hung[-1].suspend()
    serving = target.serving(slot)
    assert serving is not None
    assert not serving.healthy
    assert target.switch(first).healthy
    assert all_gone(hung)
    assert invoke(target.serving(slot)).status_code == 200


def test_a_request_longer_than_the_drain_time_is_answered_502_and_the_switch_goes_on(
    local_target: Build, placed: Place, slot: Slot
) -> None:
    target, slow_one = local_target(drain_seconds=0.2), placed("1", seconds=60)
    target.switch(Placement(slot=slot, version=slow_one.version, files=slow_one.files, example=None))
    with ThreadPoolExecutor(1) as pool:
        url = target.serving(slot)
        slow = pool.submit(invoke, url)
        busy = target._places[slot].active  # noqa: SLF001 - the only way to see the request arrive
        assert busy is not None
        while not busy.upstream.in_flight:
            threading.Event().wait(0.01)
        assert target.switch(placed("2")).healthy
        assert slow.result().status_code == 502


def test_looking_does_not_wait_for_a_version_that_starts(local_target: Build, placed: Place, slot: Slot) -> None:
    target = local_target(start_timeout=60.0)
    serving = target.switch(placed("1"))
    with ThreadPoolExecutor(1) as pool:
        starting = pool.submit(target.prepare, placed("2", hangs=True))
        while len(target._places[slot].running) < 2:  # noqa: SLF001 - the only way to see it start
            threading.Event().wait(0.01)
        assert target.serving(slot) == serving
        assert not starting.done()
        target.close()
        assert not starting.result(timeout=10).passed


def test_many_threads_may_ask_for_the_same_at_once(local_target: Build, placed: Place, tmp_path: Path) -> None:
    target, first = local_target(), placed("1")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: target.switch(first), range(8)))
    assert answers == [answers[0]] * 8
    assert len(list((tmp_path / "root" / "run").glob("*.json"))) == 1


def test_closing_ends_all_processes_those_that_ran_away_too(local_target: Build, placed: Place, tmp_path: Path) -> None:
    target = local_target()
    target.switch(placed("1", forks=True))
    target.prepare(placed("2"))
    running = recorded(tmp_path / "root")
    target.close()
    assert len(running) == 5, "two servers below their confinement, and one process that left its group"
    assert all_gone(running, seconds=0)
    assert list((tmp_path / "root" / "run").iterdir()) == []


def test_a_restart_finds_the_same_address(local_target: Build, placed: Place) -> None:
    first = local_target()
    url = first.switch(placed("1")).url
    first.close()
    assert local_target().switch(placed("1")).url == url


def test_a_port_held_by_a_stranger_is_known_before_anything_moves(
    local_target: Build, placed: Place, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        (tmp_path / "root").mkdir()
        (tmp_path / "root" / "ports.json").write_text(json.dumps({"bank/loan-approval in production": port}))
        with pytest.raises(Unavailable, match=f"Port {port} on 127.0.0.1 belongs to bank/loan-approval in production"):
            local_target().prepare(placed("1"))


def test_a_port_lost_to_another_program_before_the_server_listens_is_replaced(
    local_target: Build, placed: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger, socket.create_server(("127.0.0.1", 0)) as gone:
        ports = [stranger.getsockname()[1], gone.getsockname()[1]]
        gone.close()
        monkeypatch.setattr("workflows.targets.launch._free_port", iter(ports).__next__)
        monkeypatch.setattr("workflows.targets.server.PING_SECONDS", 0.5)  # the stranger listens and says nothing
        assert local_target().prepare(placed("1")).passed


def test_the_log_stays_and_its_name_cannot_leave_the_folder(local_target: Build, placed: Place, tmp_path: Path) -> None:
    strange = Slot(project="bank", model="../../etc/Läufer", environment="production")
    local_target().prepare(placed("1", slot=strange, raises="no weights"))
    logs = list((tmp_path / "root" / "logs").iterdir())
    assert [log.name.rpartition("-")[0] for log in logs] == ["etc-l-ufer-production-1"]
    assert "ValueError: no weights" in logs[0].read_text()


@pytest.mark.parametrize("way", ["killed", "ended"])
def test_no_server_outlives_its_owner(placed: Place, tmp_path: Path, first_port: int, way: str) -> None:
    files = placed("1", forks=True).files
    command = [sys.executable, "-c", OWNER, str(tmp_path / "root"), str(files), str(first_port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()) as owner:
        assert owner.stdout is not None
        assert owner.stdin is not None
        assert owner.stdout.readline().startswith("http://127.0.0.1:")
        running = recorded(tmp_path / "root")
        assert len(running) == 3
        if way == "killed":
            owner.send_signal(signal.SIGKILL)
        else:
            owner.stdin.close()  # it ends by itself, without closing its target
        assert owner.wait(timeout=20) == (-signal.SIGKILL if way == "killed" else 0)
    assert all_gone(running)
    sweep(tmp_path / "root" / "run")
    assert list((tmp_path / "root" / "run").iterdir()) == []


@pytest.fixture
def sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(600)"], start_new_session=True)


def write_record(runs: Path, *, owner: dict[str, float], server: dict[str, float]) -> None:
    (runs / "loan-1").mkdir(parents=True)
    (runs / "loan-1.json").write_text(json.dumps({"owner": owner, "server": server}))


def test_the_first_start_ends_what_a_former_run_left_and_looking_touches_nothing(
    tmp_path: Path, local_target: Build, placed: Place, slot: Slot, sleeper: subprocess.Popen[bytes]
) -> None:
    gone = {"pid": os.getpid(), "start": 1.0}
    left = psutil.Process(sleeper.pid)
    write_record(tmp_path / "root" / "run", owner=gone, server=dict(identity(sleeper.pid)))
    target = local_target()
    assert target.serving(slot) is None
    assert left.is_running()
    assert target.prepare(placed("1")).passed
    assert not left.is_running()
    sleeper.wait()
    assert not (tmp_path / "root" / "run" / "loan-1.json").exists()
    assert not (tmp_path / "root" / "run" / "loan-1").exists()


@pytest.mark.parametrize("whose", ["a stranger's", "of a living owner"])
def test_a_process_is_left_alone_that_is(tmp_path: Path, sleeper: subprocess.Popen[bytes], whose: str) -> None:
    known = dict(identity(sleeper.pid))
    if whose == "a stranger's":
        write_record(tmp_path, owner={"pid": os.getpid(), "start": 1.0}, server={**known, "start": known["start"] - 60})
    else:
        write_record(tmp_path, owner=dict(identity(os.getpid())), server=known)
    sweep(tmp_path)
    assert sleeper.poll() is None
    assert (tmp_path / "loan-1.json").exists() == (whose != "a stranger's")
    sleeper.kill()
    sleeper.wait()


def test_a_record_that_names_nobody_is_passed_over(tmp_path: Path) -> None:
    for number, text in enumerate(["", "[]", '{"owner": {}}']):
        (tmp_path / f"{number}.json").write_text(text)
    sweep(tmp_path)
