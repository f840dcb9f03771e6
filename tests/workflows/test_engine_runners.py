"""Runners carry rows out; the same contract holds for the one in the calling thread and for DBOS on real SQLite."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.logbook import book_in, logbook
from gates.refusal import Unavailable
from tests.shop import Making, Shop, no_project, opened
from tests.world import START, Clock
from workflows.broken import BrokenError
from workflows.durable import DurableRunner, database_url
from workflows.engine import MEND_AFTER, MOST_MOVES, PATIENCE, WORK, InlineRunner, Runner, Step, put_off
from workflows.installation import Installation
from workflows.outbox import LOOK, RULEBOOK, SYNC, SYNC_MAIN


def inline(installation: Installation) -> Runner:
    return InlineRunner(installation=installation)


@pytest.fixture(params=["inline", "dbos"])
def make(request: pytest.FixtureRequest, engine_folder: Path) -> Making:
    """How a runner of each kind is started."""
    if request.param == "inline":
        return inline
    return lambda installation: DurableRunner(installation, url=database_url(engine_folder))


@pytest.fixture
def shop(tmp_path: Path, make: Making, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A shop for each kind of runner."""
    with opened(tmp_path, make, monkeypatch) as one:
        yield one


def test_rows_of_a_lane_run_in_order_and_one_at_a_time_and_each_to_its_end(shop: Shop) -> None:
    busy, moves, guard = Counter[str](), Counter[str](), threading.Lock()
    together: list[str] = []

    def move(name: str) -> bool:
        lane = name[0]
        with guard:
            busy[lane] += 1
            together.extend([name] if busy[lane] > 1 else [])
            moves[name] += 1
        with guard:
            busy[lane] -= 1
        return moves[name] < 3

    shop.move = move
    names = ["a1", "b1", "a2", "b2", "a3", "c1"]
    shop.run(*[shop.put(name, lane=name[0]) for name in names])
    assert not together
    assert moves == dict.fromkeys(names, 3)
    for lane in "abc":
        assert [name for name in shop.done if name[0] == lane] == sorted(name for name in names if name[0] == lane)


def test_a_service_that_sleeps_puts_its_row_off_and_the_others_go_on(shop: Shop) -> None:
    def move(name: str) -> bool:
        if name == "asleep":
            raise Unavailable("MLflow sleeps.")
        return False

    shop.move = move
    asleep = shop.put("asleep")
    shop.run(asleep, shop.put("next in its lane"), shop.put("elsewhere", lane="b"))
    assert sorted(shop.done) == ["elsewhere", "next in its lane"]
    for attempt, pause in enumerate([1, 2, 4], start=1):
        row = shop.row("asleep")
        assert row is not None
        assert (row.attempts, row.last_error) == (attempt, "MLflow sleeps.")
        assert row.due_at - shop.clock() == pause
        shop.clock.now = row.due_at
        shop.run(row)


@pytest.mark.parametrize(("failed", "pause"), [(7, 128), (8, 256), (9, 300), (5_000, 300)])
def test_the_pause_grows_to_five_minutes_and_no_further(tmp_path: Path, failed: int, pause: int) -> None:
    installation = no_project(tmp_path, Clock())
    with installation.database.transaction() as work:
        row = work.outbox.put("look", LOOK, "a", {"promotion": 1}, START)
    assert put_off(installation, replace(row, attempts=failed), "MLflow sleeps.") is Step.LATER
    with installation.database.reading() as work:
        assert work.outbox.next_due() == START + pause
    installation.database.close()


def test_a_command_waits_for_a_service_that_wakes_in_time(shop: Shop) -> None:
    def move(_name: str) -> bool:
        if shop.clock() < START + 5:
            raise Unavailable("MLflow sleeps.")
        return False

    shop.move = move
    shop.put("look")
    shop.drain()
    assert shop.done == ["look"]
    assert shop.row("look") is None


def test_a_service_that_goes_on_sleeping_is_said_and_its_row_stays(shop: Shop) -> None:
    awake = False

    def move(_name: str) -> bool:
        if not awake:
            raise Unavailable("MLflow sleeps.")
        return False

    shop.move = move
    shop.put("look")
    with pytest.raises(Unavailable, match=r"MLflow sleeps[.] It is tried again by itself"):
        shop.drain()
    row = shop.row("look")
    assert row is not None
    assert row.due_at > START + PATIENCE
    assert shop.clock() <= START + PATIENCE
    shop.clock.now, awake = row.due_at, True
    shop.drain()
    assert shop.done == ["look"]


def test_what_failed_for_others_before_is_tried_again_and_is_not_this_callers_business(shop: Shop) -> None:
    def move(name: str) -> bool:
        if name == "theirs":
            raise Unavailable("MLflow sleeps.")
        return False

    shop.move = move
    shop.run(shop.put("theirs"))
    shop.clock.now += 1
    shop.put("mine")
    shop.drain()
    row = shop.row("theirs")
    assert shop.done == ["mine"]
    assert row is not None
    assert row.attempts == 2


def test_a_bug_is_logged_under_the_id_that_is_shown_and_the_others_go_on(shop: Shop, tmp_path: Path) -> None:
    def move(name: str) -> bool:
        return {"good": False}[name]

    shop.move = move
    shop.put("bad")
    shop.put("good")
    with logbook(tmp_path / "logs"), pytest.raises(BrokenError, match=r"it is logged as [0-9a-f]{8}[.]$") as shown:
        shop.drain()
    incident = str(shown.value)[-9:-1]
    (line,) = book_in(tmp_path / "logs").read_text().splitlines()
    told = json.loads(line)
    assert told["text"] == f"{incident}: the row bad met a mistake of ours"
    assert "KeyError: 'bad'" in told["trace"]
    assert shop.done == ["good"]
    row = shop.row("bad")
    assert row is not None
    assert row.due_at == START + MEND_AFTER
    shop.drain()  # nothing is due, and nobody asked for it again


def test_a_row_that_goes_round_in_circles_is_a_mistake_of_ours(shop: Shop) -> None:
    moves = Counter[str]()

    def move(name: str) -> bool:
        moves[name] += 1
        return name == "dizzy"

    shop.move = move
    shop.put("dizzy")
    shop.put("sober", lane="b")
    with pytest.raises(BrokenError):
        shop.drain()
    assert moves == {"dizzy": MOST_MOVES, "sober": 1}


def test_a_row_that_is_due_later_waits_for_its_time(shop: Shop) -> None:
    shop.put("later", at=START + 60)
    shop.put("now")
    shop.drain()
    assert shop.done == ["now"]
    shop.clock.now += 60
    shop.drain()
    assert shop.done == ["now", "later"]


def test_a_row_that_is_put_while_others_run_is_run_as_well(shop: Shop) -> None:
    def move(name: str) -> bool:
        if name == "first":
            shop.put("second", lane="b")
        return False

    shop.move = move
    shop.put("first")
    shop.drain()
    assert shop.done == ["first", "second"]


def test_a_row_that_is_given_twice_or_was_done_before_is_done_once(shop: Shop) -> None:
    row = shop.put("once")
    shop.run(row, row)
    shop.run(row)
    assert shop.done == ["once"]


def test_what_moves_comes_before_what_judges_the_world(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (SYNC_MAIN, SYNC, LOOK, RULEBOOK):
        monkeypatch.setitem(WORK, kind, shop.work)

    def move(name: str) -> bool:
        if name == "asleep":
            shop.move = lambda _name: False
            raise Unavailable("MLflow sleeps.")
        return False

    shop.move = move
    for name, kind in [("main", SYNC_MAIN), ("lane", SYNC), ("rules", RULEBOOK)]:
        shop.put(name, kind=kind, lane=kind)
    shop.drain()
    assert shop.done[0] == "rules"
    assert sorted(shop.done) == ["lane", "main", "rules"]
