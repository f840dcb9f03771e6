"""`mlops serve`: it answers while it lives, sweeps on schedule, and leaves nothing behind."""

import asyncio
import io
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from pydantic import JsonValue
from starlette.applications import Starlette

from bot.commands import Status
from bot.exchange import ExitCode, Request
from bot.serve import serve
from bot.settings import ServerSettings, Settings
from bot.terminal.lock import InstallationLock
from bot.terminal.main import main
from bot.terminal.out import Out
from bot.web import Readiness, application
from gates.refusal import Unavailable, UserError
from tests.bot.small_house import SmallHouse

ROOT = Path(__file__).parents[2]
PROGRAM = """\
import sys
from pathlib import Path
from bot.terminal.main import main
from tests.bot.small_house import SmallHouse
house = SmallHouse(on_tick=lambda now: print("tick", file=sys.stderr, flush=True))
code = main(sys.argv[1:], open_house=house.open)
print(f"opened {house.opened}, closed {house.closed}", file=sys.stderr)
sys.exit(code)
"""


class Server:
    """A real server process with a small house."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "serve"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.url = self.wait_for(r"Listening on (\S+);")

    def wait_for(self, pattern: str) -> str:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if match := re.search(pattern, line):
                return match[match.lastindex or 0]
        pytest.fail(f"the server ended without saying {pattern}")

    def stop(self, number: int = signal.SIGTERM) -> str:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=30)
        return out + err


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    try:
        server.wait_for("tick")
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
        server.process.communicate(timeout=30)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_terminals_and_http_and_stops_when_told(
    folder: Path, settings: Settings, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(folder) as server:
        assert httpx.get(f"{server.url}/healthz").json() == {"alive": True}
        ready = httpx.get(f"{server.url}/readyz")
        assert (ready.status_code, ready.json()["registry"]) == (200, "answers")
        assert httpx.get(f"{server.url}/healthz", headers={"Host": "evil.example"}).status_code == 400
        assert main(["promote", "churn", "7", "to", "staging", "--as", "bob"]) == ExitCode.WAITING
        assert capsys.readouterr().out == "waiting: P1 promotes churn 7 to staging for bob.\n"
        assert main(["promote", "unknown", "7", "to", "staging", "--as", "bob"]) == ExitCode.WRONG_USAGE
        assert main(["promote", "broken", "7", "to", "staging", "--as", "bob"]) == ExitCode.REFUSED
        assert "bug-" in capsys.readouterr().err
        said = server.stop(number)
    assert "opened 1, closed 1" in said
    assert "Traceback" not in said
    assert server.process.returncode == 0
    assert InstallationLock(settings.workspace).holder() is None
    assert not (settings.workspace / "mlops.sock").exists()


@pytest.mark.full
def test_a_server_that_was_killed_is_followed_by_another(folder: Path, settings: Settings) -> None:
    with running(folder) as server:
        server.process.kill()
        server.process.wait(30)
    assert (settings.workspace / "mlops.sock").exists()
    with running(folder):
        assert main(["status"]) == ExitCode.DONE


def test_a_sweep_that_fails_is_written_down_and_the_next_one_comes(settings: Settings, house: SmallHouse) -> None:
    over = threading.Event()
    failures: list[Exception] = [Unavailable("MLflow sleeps."), ZeroDivisionError("a bug")]

    def tick(_now: int) -> None:
        if failures:
            raise failures.pop(0)
        over.set()

    house.on_tick = tick
    quick = settings.model_copy(update={"server": settings.server.model_copy(update={"sweep_every": 0.01})})
    log = io.StringIO()
    reply = serve(quick, Out(stdout=log, stderr=log), house.open, clock=lambda: 1_000.9, over=over)
    assert reply.code is ExitCode.DONE
    assert house.ticks == [1_000, 1_000, 1_000]
    assert "A sweep failed: MLflow sleeps." in log.getvalue()
    assert "A sweep failed: Something went wrong inside Gatehouse: bug-" in log.getvalue()
    assert (house.opened, house.closed) == (1, 1)


def test_it_is_not_ready_before_the_house_is_open_nor_when_the_house_says_no(house: SmallHouse) -> None:
    readiness = Readiness()
    assert readiness.now() == (False, {"ready": False, "reason": "the house is being opened"})
    readiness.opened(house.ready)
    readiness.swept("MLflow sleeps.")
    assert readiness.now() == (True, {"registry": "answers", "ready": True, "last_sweep": "MLflow sleeps."})
    house.is_ready = False
    assert readiness.now()[0] is False
    readiness.closing()
    assert readiness.now() == (False, {"ready": False, "reason": "the server is stopping"})


def get(app: Starlette, path: str, host: str = "localhost") -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            return await client.get(path, headers={"Host": host})

    return asyncio.run(ask())


def test_readyz_says_503_with_the_reason_until_ready(house: SmallHouse) -> None:
    readiness = Readiness()
    app = application(ServerSettings(), readiness)
    assert (get(app, "/readyz").status_code, get(app, "/healthz").status_code) == (503, 200)
    readiness.opened(house.ready)
    assert get(app, "/readyz").status_code == 200

    def broken() -> tuple[bool, dict[str, JsonValue]]:
        raise OSError("disk is gone")

    readiness.opened(broken)
    assert get(app, "/readyz").json() == {"ready": False, "reason": "OSError: disk is gone"}


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost", 200), ("127.0.0.1:8765", 200), ("[::1]:8765", 200), ("gate.example", 200), ("evil.example", 400)],
)
def test_only_our_own_names_are_answered(host: str, status: int) -> None:
    app = application(ServerSettings(allowed_hosts=("gate.example",)), Readiness())
    assert get(app, "/healthz", host).status_code == status


def test_a_house_that_cannot_be_opened_ends_the_server_with_the_reason(settings: Settings) -> None:
    def closed(_settings: Settings) -> None:
        raise UserError("The database is at an older schema: mlops db upgrade")

    with pytest.raises(UserError, match="mlops db upgrade"):
        serve(settings, Out(stdout=io.StringIO(), stderr=io.StringIO()), closed)  # type: ignore[arg-type] # never opens
    assert InstallationLock(settings.workspace).holder() is None


def test_a_taken_port_is_a_plain_sentence(settings: Settings, house: SmallHouse) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        taken = settings.model_copy(update={"server": settings.server.model_copy(update={"port": port})})
        with pytest.raises(UserError, match=f"Port {port} on 127.0.0.1 cannot be used"):
            serve(taken, Out(), house.open)


def test_listening_to_others_has_to_be_said_twice(settings: Settings, house: SmallHouse) -> None:
    wide = settings.model_copy(update={"server": settings.server.model_copy(update={"host": "0.0.0.0"})})  # noqa: S104 - refused
    with pytest.raises(UserError, match="unsafe_listen_everywhere"):
        serve(wide, Out(), house.open)


def test_a_second_server_is_told_about_the_first(
    settings: Settings, house: SmallHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.serve.PATIENCE", 0.01)
    with (
        InstallationLock(settings.workspace).hold("mlops serve"),
        pytest.raises(Unavailable, match=r"held by process \d+ \(mlops serve\)"),
    ):
        serve(settings, Out(), house.open)


def test_acting_commands_take_turns_and_looking_does_not_wait(house: SmallHouse) -> None:
    from bot.commands import Sync  # noqa: PLC0415 - only here
    from bot.exchange import Speaker  # noqa: PLC0415 - only here
    from bot.turns import InTurn  # noqa: PLC0415 - only here

    inside, go_on = threading.Event(), threading.Event()

    def handle(request: Request) -> None:
        if request.message_id == "first":
            inside.set()
            assert go_on.wait(20)

    def ask(name: str, command: Sync | Status) -> Request:
        speaker = Speaker(platform="embedded", account="bob", assurance="asserted")
        return Request(command=command, speaker=speaker, surface="terminal", message_id=name)

    house.on_handle = handle
    door = InTurn(house)
    steps: list[str] = []
    waits = threading.Event()

    def second_waits(line: str) -> None:
        steps.append(line)
        waits.set()

    first = threading.Thread(target=door.handle, args=(ask("first", Sync()), steps.append))
    second = threading.Thread(target=door.handle, args=(ask("second", Sync()), second_waits))
    first.start()
    assert inside.wait(20)
    second.start()
    assert waits.wait(20)
    assert door.handle(ask("look", Status()), steps.append).code is ExitCode.DONE
    assert [request.message_id for request in house.heard] == ["first", "look"]
    go_on.set()
    first.join()
    second.join()
    assert [request.message_id for request in house.heard] == ["first", "look", "second"]
