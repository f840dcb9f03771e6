"""DBOS remembers what a dead process left; our outbox stays the truth, whatever the engine's database says."""

import logging
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from gates.refusal import Unavailable
from storage.outbox import OutboxRow
from tests.shop import Shop, opened
from workflows.durable import DurableRunner, database_url
from workflows.engine import Runner
from workflows.installation import Installation


@pytest.fixture
def durable(tmp_path: Path, engine_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A shop whose runner is DBOS."""

    def make(installation: Installation) -> Runner:
        return DurableRunner(installation, url=database_url(engine_folder))

    with opened(tmp_path, make, monkeypatch) as one:
        yield one


@pytest.mark.full
def test_losing_the_engines_database_loses_nothing(durable: Shop, tmp_path: Path) -> None:
    durable.make = lambda installation: DurableRunner(installation, url=database_url(tmp_path))
    durable.run(durable.put("done before"))
    durable.put("still to do")
    durable.close()
    for path in tmp_path.glob("engine.db*"):
        path.unlink()
    durable.drain()
    assert durable.done == ["done before", "still to do"]


def test_what_the_engine_remembers_of_a_row_that_is_still_to_be_done_holds_nobody_up(
    durable: Shop, tmp_path: Path
) -> None:
    """As after a backup of our database was put back: the engine's own is newer, and has ended this very row."""
    durable.put("look")
    durable.installation.database.close()
    backup = (tmp_path / "gatehouse.db").read_bytes()
    durable.drain()
    durable.installation.database.close()
    (tmp_path / "gatehouse.db").write_bytes(backup)
    durable.drain()
    assert durable.done == ["look", "look"]


def test_a_row_whose_end_could_not_be_written_down_is_run_again(durable: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    durable.put("look")
    database = durable.installation.database
    with monkeypatch.context() as patched:
        patched.setattr(database, "transaction", _no_turn)
        with pytest.raises(Unavailable, match="Another process is writing"):
            durable.drain()
    durable.drain()
    assert durable.done == ["look", "look"]
    assert durable.row("look") is None


def _no_turn() -> None:
    raise Unavailable("Another process is writing.")


def test_no_further_move_begins_once_the_engine_is_told_to_stop(durable: Shop) -> None:
    inside, go_on = threading.Event(), threading.Event()
    moves = Counter[str]()

    def move(name: str) -> bool:
        moves[name] += 1
        inside.set()
        assert go_on.wait(20)
        return True

    durable.move = move
    row = durable.put("long")
    runner = durable.open()
    running = threading.Thread(target=_run_and_lose, args=(runner, row))
    running.start()
    assert inside.wait(20)
    closing = threading.Thread(target=durable.close)
    closing.start()
    go_on.set()
    closing.join(20)
    assert moves["long"] <= 2
    assert durable.row("long") is not None


def _run_and_lose(runner: Runner, row: OutboxRow) -> None:
    """Run a row whose engine is closed meanwhile: its waiter is told so, or never."""
    try:
        runner.run([row])
    except Exception:  # noqa: BLE001 - what a waiter hears of a closed engine is DBOS's own
        logging.getLogger(__name__).debug("closed")


def test_the_engine_writes_nothing_to_the_terminal(durable: Shop, capfd: pytest.CaptureFixture[str]) -> None:
    durable.put("look")
    durable.drain()
    logging.getLogger("dbos").warning("a warning of the engine")
    durable.close()
    shown = capfd.readouterr()
    assert (shown.out, shown.err) == ("", "")
