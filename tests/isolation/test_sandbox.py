"""May a confined process reach anything that it was not given?"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from workflows.isolation import landlock
from workflows.isolation.sandbox import Confinement, bare_environment, confined, interpreter_folders
from workflows.isolation.watch import Ended, Ending, run_watched
from workflows.scoring import Limits

PYTHON = Path(sys.executable)
MEBIBYTE = 1 << 20
Run = Callable[..., Ended]

needs_landlock = pytest.mark.skipif(landlock.abi() == 0, reason="this kernel has no Landlock")
needs_scopes = pytest.mark.skipif(landlock.abi() < landlock.SCOPES_ABI, reason="this kernel's Landlock has no scopes")


def order(home: Path, *, read: tuple[Path, ...] = (), port: int | None = None) -> Confinement:
    return Confinement(read=read, write=(home,), memory_bytes=512 * MEBIBYTE, port=port)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder that the process may write to."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def run(home: Path) -> Run:
    """Run Python code confined."""

    def run_code(code: str, *, read: tuple[Path, ...] = (), port: int | None = None, seconds: float = 30) -> Ended:
        return run_watched(
            confined([str(PYTHON), "-c", code], python=PYTHON, confinement=order(home, read=read, port=port)),
            environment=bare_environment(home, {}),
            folder=home,
            limits=Limits(seconds=seconds, memory_bytes=512 * MEBIBYTE),
        )

    return run_code


def said(ended: Ended) -> str:
    return ended.printed.decode().strip().splitlines()[-1]


def test_a_process_reads_what_it_was_given_and_writes_in_its_own_folder(run: Run, home: Path, tmp_path: Path) -> None:
    given = tmp_path / "given.txt"
    given.write_text("for you")
    ended = run(f"open('kept', 'w').write(open({str(given)!r}).read())", read=(given,))
    assert (ended.exit_code, ended.printed, (home / "kept").read_text()) == (0, b"", "for you")


@needs_landlock
@pytest.mark.parametrize("path", ["/etc/shadow", "/root", "/proc/1/environ", str(Path(__file__))])
def test_a_process_cannot_read_anything_else(run: Run, path: str) -> None:
    ended = run(f"import os; os.listdir({path!r}) if os.path.isdir({path!r}) else open({path!r})")
    assert said(ended) == f"PermissionError: [Errno 13] Permission denied: {path!r}"


@needs_landlock
def test_a_process_cannot_write_what_it_may_read(run: Run, tmp_path: Path) -> None:
    given = tmp_path / "given.txt"
    given.write_text("as it was")
    ended = run(f"open({str(given)!r}, 'a')", read=(given,))
    assert said(ended).startswith("PermissionError")
    assert given.read_text() == "as it was"


@needs_landlock
def test_a_process_cannot_write_into_the_environment_it_runs_in(run: Run) -> None:
    place = Path(sys.prefix) / "planted.pth"
    assert said(run(f"open({str(place)!r}, 'w')")).startswith("PermissionError")
    assert not place.exists()


def test_a_process_sees_none_of_our_variables(run: Run, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("GATEHOUSE_TOKEN", "a secret")
    monkeypatch.setenv("LD_PRELOAD", "")
    names = set(said(run("import os; print(*os.environ)")).split())
    assert names <= {*bare_environment(home, {}), "LC_CTYPE"}


@needs_landlock
def test_a_process_cannot_read_our_variables_from_us(run: Run) -> None:
    code = f"print(open('/proc/{os.getpid()}/environ').read())"
    assert said(run(code)).startswith("PermissionError")


def test_a_process_without_a_port_makes_no_sockets(run: Run) -> None:
    code = "import socket; [print(f) for f in (1, 2, 10) if not socket.socket(f)]"
    assert said(run(code)) == "PermissionError: [Errno 13] Permission denied"


def test_a_process_may_talk_to_itself(run: Run) -> None:
    code = "import socket; a, b = socket.socketpair(); a.send(b'hello'); print(b.recv(9))"
    assert said(run(code)) == "b'hello'"


@pytest.fixture
def listener() -> socket.socket:
    """A server of somebody else's on this machine."""
    return socket.create_server(("127.0.0.1", 0))


@needs_landlock
def test_a_server_listens_on_its_port_and_on_no_other(run: Run, listener: socket.socket) -> None:
    with listener, socket.create_server(("127.0.0.1", 0)) as free:
        other = free.getsockname()[1]
        free.close()
        code = (
            "import socket\n"
            f"socket.create_server(('127.0.0.1', {other})); print('listens', flush=True)\n"
            "socket.create_server(('127.0.0.1', 0))"
        )
        ended = run(code, port=other)
    assert ended.printed.decode().splitlines()[0] == "listens"
    assert said(ended).startswith("PermissionError")


@needs_landlock
def test_a_server_connects_to_nobody(run: Run, listener: socket.socket, home: Path) -> None:
    with listener, socket.socket(socket.AF_UNIX) as ours:
        ours.bind(str(home / "ours.sock"))
        ours.listen()
        address = listener.getsockname()
        code = f"""
import socket
for family, kind, protocol, place in (
    (socket.AF_INET, socket.SOCK_STREAM, 0, {address!r}),
    (socket.AF_INET, socket.SOCK_STREAM, 262, {address!r}),
    (socket.AF_INET, socket.SOCK_DGRAM, 0, {address!r}),
    (socket.AF_UNIX, socket.SOCK_STREAM, 0, "ours.sock"),
):
    try:
        socket.socket(family, kind, protocol).connect(place)
        print("connected", family, kind, protocol)
    except OSError as error:
        print(type(error).__name__)
"""
        ended = run(code, port=1)
    assert ended.printed.decode().split() == ["PermissionError"] * 4


@needs_scopes
def test_a_process_cannot_signal_us(run: Run) -> None:
    assert said(run(f"import os; os.kill({os.getpid()}, 0)")).startswith("PermissionError")


def test_a_process_has_no_privileges(run: Run) -> None:
    ended = run("print(*[l for l in open('/proc/self/status') if l.startswith(('CapEff', 'CapBnd', 'NoNewPrivs'))])")
    words = ended.printed.decode().split()
    assert words == ["CapEff:", "0" * 16, "CapBnd:", "0" * 16, "NoNewPrivs:", "1"]


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [
        ("pass", 0),
        ("raise SystemExit(7)", 7),
        ("import os; os.kill(os.getpid(), 11)", -11),
        ("import os; os.abort()", -6),
    ],
)
def test_a_command_ends_as_if_it_had_run_alone(run: Run, code: str, exit_code: int) -> None:
    ended = run(code)
    assert (ended.ending, ended.exit_code) == (Ending.BY_ITSELF, exit_code)


LEAVES_A_CHILD = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open('child.new', 'w').write(str(os.getpid()))
        os.rename('child.new', 'child')
        time.sleep(600)
    os._exit(0)
while not os.path.exists('child'):
    time.sleep(0.01)
"""


def child_of(home: Path) -> int:
    return int((home / "child").read_text())


def test_a_child_that_cut_itself_loose_ends_with_the_command(run: Run, home: Path) -> None:
    ended = run(LEAVES_A_CHILD)
    assert (ended.exit_code, ended.printed) == (0, b"")
    assert not psutil.pid_exists(child_of(home))


def test_a_process_that_hangs_is_ended_with_all_that_it_started(run: Run, home: Path) -> None:
    ended = run(LEAVES_A_CHILD + "time.sleep(600)", seconds=1)
    assert ended.ending is Ending.TIMED_OUT
    assert not psutil.pid_exists(child_of(home))


def test_a_process_that_ignores_signals_is_ended(run: Run) -> None:
    code = "import signal, time\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\ntime.sleep(600)"
    assert run(code, seconds=0.5).ending is Ending.TIMED_OUT


def test_a_process_that_grows_is_ended(run: Run) -> None:
    code = "import time\nkept = []\nwhile True: kept.append(bytearray(32 << 20)); time.sleep(0.01)"
    assert run(code).ending is Ending.OUT_OF_MEMORY


def test_the_memory_of_all_its_children_counts(run: Run) -> None:
    code = "import os, time\nfor _ in range(3): os.fork()\nkept = b'x' * (100 << 20)\ntime.sleep(600)"
    assert run(code).ending is Ending.OUT_OF_MEMORY


def test_one_leap_far_beyond_the_limit_fails_at_once(run: Run) -> None:
    assert said(run("bytearray(8 << 30)")) == "MemoryError"


def test_endless_output_is_cut_and_does_not_stop_it(run: Run) -> None:
    ended = run("import sys\nfor n in range(300): sys.stdout.write('x' * 65536)\nprint('last words')")
    assert (ended.exit_code, said(ended)[-10:]) == (0, "last words")
    assert len(ended.printed) <= MEBIBYTE


def test_a_command_that_cannot_be_started_says_so(home: Path) -> None:
    ended = run_watched(
        confined(["/nowhere/python"], python=PYTHON, confinement=order(home)),
        environment=bare_environment(home, {}),
        folder=home,
        limits=Limits(seconds=30),
    )
    assert ended.exit_code == 125
    assert ended.printed.decode().startswith("ConfinementError: /nowhere/python was not started")


def started(home: Path, code: str, *, outlives_us: bool = False) -> subprocess.Popen[bytes]:
    confinement = Confinement(read=(), write=(home,), memory_bytes=1 << 30, outlives_us=outlives_us)
    command = confined([str(PYTHON), "-c", code], python=PYTHON, confinement=confinement)
    return subprocess.Popen(
        command, env=bare_environment(home, {}), cwd=home, stdout=subprocess.PIPE, start_new_session=True
    )


def test_a_signal_reaches_the_command(home: Path) -> None:
    code = "import signal, sys\nsignal.signal(15, lambda *_: sys.exit(3))\nprint('ready', flush=True)\nsignal.pause()"
    with started(home, code) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.terminate()
        assert process.wait(10) == 3


def test_killing_the_supervisor_kills_the_command(home: Path) -> None:
    with started(home, "import os, signal\nprint(os.getpid(), flush=True)\nsignal.pause()") as process:
        assert process.stdout is not None
        command = psutil.Process(int(process.stdout.readline()))
        process.kill()
        assert psutil.wait_procs([command], timeout=10)[1] == []


STARTS_AND_DIES = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, start_new_session=True)
print(process.stdout.readline().decode(), flush=True)
os.kill(os.getpid(), 9)
"""


def test_a_command_ends_when_the_process_that_started_it_dies(home: Path) -> None:
    code = "import os, signal\nprint(os.getpid(), flush=True)\nsignal.pause()"
    command = confined([str(PYTHON), "-c", code], python=PYTHON, confinement=order(home))
    done = subprocess.run(
        [sys.executable, "-c", STARTS_AND_DIES, *command], capture_output=True, check=False, timeout=30
    )
    assert done.returncode == -signal.SIGKILL
    try:
        orphan = psutil.Process(int(done.stdout))
    except psutil.NoSuchProcess:
        return
    assert psutil.wait_procs([orphan], timeout=10)[1] == []


def test_an_interpreter_is_its_environment_and_the_python_beneath() -> None:
    assert interpreter_folders(PYTHON) == tuple(
        sorted({Path(sys.prefix), Path(sys.base_prefix).resolve()} - {Path("/usr")})
    )
