"""The owner's socket: a terminal and a running server talk, and each survives the other's death."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from bot.exchange import ExitCode, Progress, Reply
from bot.terminal import wire
from bot.terminal.socket_client import NobodyListensError, ServerBugError, ask, ask_names
from bot.terminal.socket_server import MOST_CALLERS, Answers, listening
from gates.refusal import Unavailable, UserError

QUESTION = wire.Ask(words=("status",), login="bob", surface="terminal", message_id="message-1")


def silent(_line: str) -> None:
    return


def answers(question: wire.Ask, progress: Progress) -> Reply:
    match question.words:
        case ("status",):
            progress("Looking")
            return Reply(text=f"für {question.login}", code=ExitCode.WAITING, data={"n": [1, None]})
        case ("wrong",):
            raise UserError("There is no such thing.")
        case ("asleep",):
            raise Unavailable("Nobody answers.")
        case _:
            raise ZeroDivisionError


def written_down(error: BaseException) -> str:
    return f"bug: {type(error).__name__}"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    names = {"MODEL": ("churn",)}
    talk = Answers(ask=answers, names=lambda kind: names.get(kind, ()), write_down=written_down)
    with listening(folder, talk) as path:
        yield path


def asking(*words: str) -> wire.Ask:
    return QUESTION.model_copy(update={"words": words})


def test_a_question_is_answered_with_progress_first(tmp_path: Path) -> None:
    steps: list[str] = []
    with served(tmp_path) as path:
        reply = ask(path, QUESTION, steps.append)
        assert ask_names(path, "MODEL") == ("churn",)
        assert ask_names(path, "VERSION") == ()
    assert reply == Reply(text="für bob", code=ExitCode.WAITING, data={"n": [1, None]})
    assert steps == ["Looking"]


def test_each_kind_of_no_arrives_as_what_it_is(tmp_path: Path) -> None:
    with served(tmp_path) as path:
        with pytest.raises(UserError, match="There is no such thing"):
            ask(path, asking("wrong"), silent)
        with pytest.raises(Unavailable, match="Nobody answers"):
            ask(path, asking("asleep"), silent)
        with pytest.raises(ServerBugError, match="bug: ZeroDivisionError"):
            ask(path, asking("bug"), silent)


def test_only_the_owner_gets_to_the_socket_and_it_is_gone_afterwards(tmp_path: Path) -> None:
    with served(tmp_path) as path:
        assert Path(path).stat().st_mode & 0o777 == 0o600
        assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert not Path(path).exists()
    with pytest.raises(NobodyListensError):
        ask(path, QUESTION, silent)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can speak as another user")
def test_a_process_of_another_user_is_not_answered(tmp_path: Path) -> None:
    code = (
        "import os, socket, sys\n"
        "caller = socket.socket(socket.AF_UNIX); os.seteuid(65534)\n"
        "os.seteuid(0); child = os.fork()\n"
        "if child: sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
        "os.chdir(os.path.dirname(sys.argv[1])); os.setresuid(65534, 65534, 65534)\n"
        "try: caller.connect('mlops.sock')\n"
        "except PermissionError: os._exit(0)\n"
        "caller.settimeout(10); caller.sendall(sys.argv[2].encode() + b'\\n')\n"
        "try: os._exit(1 if caller.recv(1) else 0)\n"
        "except ConnectionError: os._exit(0)\n"
    )
    with served(tmp_path) as path:
        Path(path).chmod(0o666)  # even if the file's mode let them in
        arguments = [sys.executable, "-c", code, path, QUESTION.model_dump_json()]
        assert subprocess.run(arguments, check=False, timeout=30).returncode == 0


def test_a_socket_left_over_from_a_dead_server_is_replaced(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "mlops.sock"))
    with pytest.raises(NobodyListensError):
        ask(str(tmp_path / "mlops.sock"), QUESTION, silent)
    with served(tmp_path) as path:
        assert ask(path, QUESTION, silent).text == "für bob"


def test_a_long_path_gets_a_short_socket_elsewhere(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    deep.mkdir()
    with served(deep) as path:
        assert len(path) < 100
        assert Path(path).parent.stat().st_mode & 0o777 == 0o700
        assert ask(path, QUESTION, silent).text == "für bob"
    assert not Path(path).parent.exists()


@pytest.mark.parametrize(
    "line", [b"not json\n", b"{}\n", b'{"kind":"ask"}\n', b"x" * (wire.LONGEST_ASK + 2) + b"\n", b"\xff\xfe\n"]
)
def test_a_caller_who_talks_nonsense_is_told_so_and_harms_nobody(tmp_path: Path, line: bytes) -> None:
    with served(tmp_path) as path:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(10)
            caller.connect(path)
            caller.sendall(line)
            with caller.makefile("rb") as stream:
                assert b'"refusal"' in stream.readline()
        assert ask(path, QUESTION, silent).text == "für bob"


def test_a_caller_who_leaves_does_not_stop_the_command(tmp_path: Path) -> None:
    left, done = threading.Event(), threading.Event()

    def slow(_question: wire.Ask, progress: Progress) -> Reply:
        assert left.wait(20)
        for _ in range(3):
            progress("still here")
        done.set()
        return Reply(text="done", code=ExitCode.DONE)

    with listening(tmp_path, Answers(ask=slow, names=lambda _: (), write_down=written_down)) as path:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(path)
            caller.sendall(QUESTION.model_dump_json().encode() + b"\n")
        left.set()
        assert done.wait(20)


def test_a_server_that_dies_midway_is_unavailable(tmp_path: Path) -> None:
    path = str(tmp_path / "mlops.sock")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()

        def die() -> None:
            caller, _ = server.accept()
            with caller:
                caller.recv(1000)
                caller.sendall(b'{"kind":"step","text":"Fetching"}\n{"kind":"ans')

        thread = threading.Thread(target=die)
        thread.start()
        steps: list[str] = []
        with pytest.raises(Unavailable, match="mlops status"):
            ask(path, QUESTION, steps.append)
        thread.join()
    assert steps == ["Fetching"]


def test_a_server_that_falls_silent_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "SILENCE", 0.05)
    path = str(tmp_path / "mlops.sock")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        with pytest.raises(Unavailable, match="timed out"):
            ask(path, QUESTION, silent)


def test_signs_of_life_keep_a_long_command_alive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "SILENCE", 2.0)
    monkeypatch.setattr(wire, "HEARTBEAT", 0.02)
    steps: list[str] = []
    waiting = threading.Event()

    def slow(_question: wire.Ask, _progress: Progress) -> Reply:
        waiting.wait(0.2)
        return Reply(text="done", code=ExitCode.DONE)

    with listening(tmp_path, Answers(ask=slow, names=lambda _: (), write_down=written_down)) as path:
        assert ask(path, QUESTION, steps.append).text == "done"
    assert steps == []


def test_more_callers_than_there_are_places_are_turned_away(tmp_path: Path) -> None:
    with served(tmp_path) as path, ExitStack() as callers:
        for _ in range(MOST_CALLERS):
            callers.enter_context(socket.socket(socket.AF_UNIX)).connect(path)
        with pytest.raises(Unavailable):
            ask(path, QUESTION, silent)
