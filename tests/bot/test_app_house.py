"""The real house as a terminal opens it: looking leaves no trace, and a mistake of ours is a sentence with a name."""

import io
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.exchange import House
from bot.logbook import FILE, logbook
from bot.serve import serve
from bot.settings import Settings
from bot.terminal.console import Conversation
from bot.terminal.lock import InstallationLock
from bot.terminal.main import main
from bot.terminal.out import Out
from bot.terminal.place import Place
from bot.workspace import clear, furnish
from gates.refusal import UserError
from tests.bot.own_model import ENTRY, PEOPLE, POLICY, evaluation
from tests.bot.small_house import SmallHouse
from tests.fakes.registry import FakeRegistry
from tests.fakes.target import FakeTarget
from tests.world import Clock, evaluation_table, new_world, open_world

Captured = pytest.CaptureFixture[str]
LOOKS = (
    "import json, sys; from bot.terminal.main import main\n"
    "codes = [main(words.split()) for words in sys.argv[1:]]\n"
    "heavy = sorted({'dbos', 'mlflow', 'sklearn', 'fairlearn', 'duckdb', 'pandas'} & set(sys.modules))\n"
    "print(json.dumps({'codes': codes, 'heavy': heavy}))\n"
)


@pytest.fixture
def commit(settings: Settings) -> str:
    """A workspace with a rulebook; return main's first commit."""
    files = {
        "models/churn/model.yaml": ENTRY.replace("DIGEST", evaluation(settings.workspace)),
        "policies/churn.yaml": POLICY,
        "policies/people.yaml": PEOPLE,
    }
    (first,) = furnish(settings, {path: text.encode() for path, text in files.items()}, at=1_790_000_000)
    return first


def everything(folder: Path) -> dict[Path, bytes]:
    """Return every file below a folder, with its bytes."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_looking_changes_no_file_and_starts_no_engine(settings: Settings, folder: Path, commit: str) -> None:
    assert main(["rulebook", "trust", commit, "--as", "grace"]) == 0
    before = everything(folder)
    looks = ["status", "status churn", "history churn", "why P1", "policy check", "audit verify", "card churn", "help"]
    done = subprocess.run(
        [sys.executable, "-c", LOOKS, *looks], cwd=folder, capture_output=True, check=True, text=True, timeout=120
    )
    told = json.loads(done.stdout.splitlines()[-1])
    assert told == {"codes": [0, 0, 0, 2, 0, 0, 1, 0], "heavy": []}
    assert everything(folder) == before
    assert not settings.key_file.exists()


class BrokenRegistry(FakeRegistry):
    """A registry whose adapter has a bug."""

    def alias(self, model: str, alias: str) -> str | None:
        """Fail as no adapter should."""
        raise ZeroDivisionError(f"{model} {alias}")


@contextmanager
def broken_house(settings: Settings) -> Iterator[House]:
    """Open the world in the workspace with an adapter that has a bug, as `bot.app` would."""
    world = open_world(settings.workspace, registry=BrokenRegistry(), target=FakeTarget(), clock=Clock())
    with logbook(settings.workspace / "logs"):
        yield world.house
    world.installation.database.close()


@pytest.fixture
def trusted(settings: Settings) -> Settings:
    """A workspace with a world in it."""
    evaluation_table(settings.workspace / "evaluation" / "churn.parquet", rows=20)
    with new_world(settings.workspace):
        return settings


def expect_named(settings: Settings, said: str) -> None:
    """Does a sentence name a mistake that the logbook has under that name, and nothing else?"""
    book = settings.workspace / "logs" / FILE
    found = SENTENCE.fullmatch(said.strip())
    assert found is not None, said
    assert found[2] == str(book)
    lines = [json.loads(line) for line in book.read_text().splitlines()]
    (told,) = {line["trace"] for line in lines if line["text"].startswith(f"{found[1]}: the row sync:default/churn/")}
    assert "ZeroDivisionError: churn" in told


SENTENCE = re.compile(
    r"Gatehouse made a mistake here; it is logged as ([0-9a-f]{8})[.] "
    r"The details are in (\S+); mlops status shows how far it went[.]"
)


def test_a_mistake_of_ours_is_a_sentence_with_a_name_at_the_terminal(trusted: Settings, capsys: Captured) -> None:
    assert main(["sync", "churn", "in", "staging", "--as", "carol"], open_house=broken_house) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    expect_named(trusted, shown.err)
    assert main(["sync", "churn", "in", "staging", "--as", "carol", "--json"], open_house=broken_house) == 1
    shown = capsys.readouterr()
    expect_named(trusted, json.loads(shown.out)["error"])
    assert shown.err == ""


def test_a_mistake_of_ours_ends_one_line_of_the_console(trusted: Settings) -> None:
    talk = Conversation(place=Place(settings=trusted, out=Out(), open_house=broken_house), login="carol")
    reply = talk.say("sync churn in staging")
    expect_named(trusted, reply.text)
    assert reply.code == 1


def test_a_mistake_of_ours_is_told_over_the_socket_and_by_the_sweeps(trusted: Settings, capsys: Captured) -> None:
    over, log = threading.Event(), io.StringIO()
    quiet = trusted.model_copy(update={"server": trusted.server.model_copy(update={"sweep_every": 3600})})
    server = threading.Thread(
        target=serve, args=(quiet, Out(stdout=log, stderr=log), broken_house), kwargs={"over": over}
    )
    server.start()
    try:
        while "A sweep failed" not in log.getvalue():
            time.sleep(0.02)
        assert main(["sync", "churn", "in", "staging", "--as", "carol"]) == 1
        expect_named(trusted, capsys.readouterr().err)
    finally:
        over.set()
        server.join(60)
    assert "A sweep failed: Gatehouse made a mistake here; it is logged as " in log.getvalue()
    assert "Traceback" not in log.getvalue()


@pytest.mark.usefixtures("folder")
def test_two_terminals_take_turns_and_the_second_is_told_whom_it_waits_for(
    settings: Settings, house: SmallHouse, capsys: Captured
) -> None:
    held, told = threading.Event(), threading.Event()

    def first() -> None:
        with InstallationLock(settings.workspace).hold("mlops promote churn 1 to staging"):
            held.set()
            assert told.wait(20)

    thread = threading.Thread(target=first)
    thread.start()
    assert held.wait(20)
    house.on_handle = lambda _request: None
    threading.Timer(0.3, told.set).start()
    assert main(["sync", "--as", "bob"], open_house=house.open) == 0
    thread.join()
    assert re.fullmatch(
        r"Waiting for process \d+ \(mlops promote churn 1 to staging\) to end[.]\n", capsys.readouterr().err
    )


def test_clearing_a_workspace_keeps_the_lock_that_says_who_clears_it(settings: Settings, commit: str) -> None:
    assert commit
    with InstallationLock(settings.workspace).hold("mlops demo"):
        clear(settings)
        holder = InstallationLock(settings.workspace).holder()
    assert holder is not None
    assert holder.command == "mlops demo"
    assert [path.name for path in settings.workspace.iterdir()] == ["lock"]
    clear(settings)


def test_a_strange_folder_is_not_cleared(settings: Settings) -> None:
    (settings.workspace / "thesis.tex").write_text("mine", encoding="utf-8")
    with pytest.raises(UserError, match="is no workspace of Gatehouse"):
        clear(settings)
