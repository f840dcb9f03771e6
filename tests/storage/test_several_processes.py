"""May the server, a hook and a command hold the database at once?"""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gates.refusal import Unavailable
from storage import engine
from storage.database import Database

APPENDS = """
import sys
from storage.database import Database
database = Database(sys.argv[1])
database.upgrade()
for turn in range(20):
    with database.transaction() as work:
        entry = work.ledger.append(kind="look", body={"process": sys.argv[2]}, at=turn)
        work.outbox.put(f"{sys.argv[2]}:{turn}", "look", "lane", {"seq": entry.seq}, turn)
database.close()
"""

DIES = """
import sys
from storage.database import Database
with Database(sys.argv[1]).transaction() as work:
    work.ledger.append(kind="look", body={}, at=1)
    work.messages.remember("terminal", "m1", {}, 1)
    print("written, not committed", flush=True)
    sys.stdin.read()
"""


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.Popen(
        command, cwd=Path(__file__).parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.full
def test_processes_that_start_and_write_at_once_lose_nothing(database_file: Path) -> None:
    url = f"sqlite:///{database_file}"
    processes = [start(APPENDS, url, name) for name in ("server", "hook", "command")]
    for process in processes:
        process.communicate()
    assert [process.returncode for process in processes] == [0, 0, 0]
    database = Database(url)
    with database.reading() as work:
        entries = tuple(work.ledger.all())
        seqs = {row.payload["seq"] for row in work.outbox.pending()}
    database.close()
    assert [entry.seq for entry in entries] == list(range(1, 61))
    assert seqs == set(range(1, 61))


def test_a_process_killed_in_the_middle_leaves_nothing_and_nobody_waiting(database: Database) -> None:
    dying = start(DIES, str(database.url))
    assert dying.stdout is not None
    assert dying.stdout.readline() == "written, not committed\n"
    dying.send_signal(signal.SIGKILL)
    dying.communicate()
    with database.transaction() as work:
        assert work.messages.seen("terminal", "m1") is None
        assert work.ledger.append(kind="look", body={}, at=2).seq == 1


def test_a_writer_that_never_ends_makes_the_others_say_so(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PATIENCE_SECONDS", 0.2)
    other = Database(str(database.url))
    with database.transaction(), pytest.raises(Unavailable, match="locked"), other.transaction():
        pass
    other.close()
