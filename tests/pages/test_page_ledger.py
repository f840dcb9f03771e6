"""Is a long ledger read a stretch at a time, and is its check made by one at a time?"""

import sqlite3
import threading
from contextlib import closing

import pytest

from bot.house.trails import CHANGED
from bot.pages.ledger import MOST, STRETCH
from bot.terminal import trail
from storage.ledger_search import Between, Wanted
from tests.pages.conftest import reading
from tests.pages.reader import Reader
from tests.world import World


def shown(reader: Reader, path: str) -> tuple[list[int], dict[str, str]]:
    """Return the numbers of the entries on a page, and where it leads for newer and older ones."""
    seen = reader.see(path)
    rows = [one for one in seen.elements if one.tag == "a" and one.attributes.get("href", "").startswith("/ledger/")]
    numbers = [
        int(one.attributes["href"].split("/")[-1]) for one in rows if one.attributes["href"].split("/")[-1].isdigit()
    ]
    around = {
        one.attributes["rel"]: one.attributes["href"]
        for one in seen.elements
        if "rel" in one.attributes and one.tag == "a"
    }
    return numbers, around


@pytest.fixture
def long(changing: World) -> World:
    """Its ledger has more than a stretch; every third entry is about another thing."""
    with changing.installation.database.transaction() as work:
        for number in range(STRETCH + MOST):
            body = {"person": f"p{number % 7}", "what": "=1+1"}
            work.ledger.append(kind="noted", body=body, at=number, project="default", subject=f"S{number % 3}")
    return changing


def test_pages_lead_from_the_newest_entry_to_the_first_and_back(long: World) -> None:
    with long.installation.database.reading() as work:
        size = work.ledger.size()
    with reading(long) as reader:
        path, seen, forth = "/ledger", list[int](), list[str]()
        while path:
            numbers, around = shown(reader, path)
            seen.extend(numbers)
            forth.append(path)
            path = around.get("next", "")
        assert seen == list(range(size, 0, -1))
        assert len(forth) == -(-size // MOST)
        back = forth[-1]
        for _ in forth[1:]:
            back = shown(reader, back)[1]["prev"]
        assert shown(reader, back)[0] == seen[:MOST]


def test_filters_hold_on_every_page(long: World) -> None:
    with reading(long) as reader:
        numbers, around = shown(reader, "/ledger?kind=noted&subject=S1&person=p3")
        assert len(numbers) == len(range(10, STRETCH + MOST, 21))
        assert around == {}
        numbers, around = shown(reader, "/ledger?kind=noted&subject=S1")
        assert around["next"].startswith("/ledger?kind=noted&subject=S1&before=")
        assert len(numbers) == MOST


def test_a_long_export_is_whole_and_in_order(long: World) -> None:
    with reading(long) as reader:
        content = reader.get("/ledger/export.jsonl").content
        table = reader.get("/ledger/export.csv?kind=noted").text
    with long.installation.database.reading() as work:
        assert content == b"".join(one + b"\n" for one in work.ledger.contents())
    assert table.count("\r\n") == 1 + STRETCH + MOST
    assert ",p0: '=1+1" not in table


def test_a_person_is_found_where_an_entry_names_them_and_not_where_words_do(changing: World) -> None:
    with changing.installation.database.transaction() as work:
        work.ledger.append(kind="noted", body={"reason": '"person":"mallory"'}, at=1)
        named = work.ledger.append(kind="noted", body={"by": "mallory"}, at=2)
    with changing.installation.database.reading() as work:
        assert [row.entry() for row in work.ledger.stretch(Wanted(person="mallory"), Between(), 10)] == [named]
        assert work.ledger.amount(Wanted(person="mallory", until=2)) == 0
        assert work.ledger.amount(Wanted(person="mallory", since=2)) == 1


def test_one_entry_that_was_changed_by_hand_hides_no_other(changing: World) -> None:
    with changing.installation.database.reading() as work:
        seq = next(entry.seq for entry in work.ledger.of("P4") if entry.kind == "approved")
        size = work.ledger.size()
    tamper(changing, seq)
    with reading(changing) as reader:
        numbers, _ = shown(reader, "/ledger")
        assert numbers == list(range(size, max(0, size - MOST), -1))
        assert CHANGED in reader.see("/ledger").text
        entry = reader.see(f"/ledger/{seq}").text
        assert CHANGED in entry
        assert "not json\\xff" in entry
        assert "another:" in entry
        assert CHANGED in reader.see("/promotions/P4").text
        assert CHANGED in reader.see("/models/default/churn").text
        table = reader.get("/ledger/export.csv")
        assert (table.status_code, len(table.text.splitlines()), table.text.count(CHANGED)) == (200, size + 1, 1)
        assert len(reader.get("/ledger/export.jsonl").content.split(b"\n")) == size + 1
    assert CHANGED in changing.say(None, "history churn").text
    trail = changing.say(None, "audit P4")
    assert CHANGED in trail.text
    assert {"seq": seq, "unreadable": "not json\\xff"} in trail.data["entries"]  # type: ignore[operator]  # a list


def tamper(world: World, seq: int) -> None:
    """Change an entry's bytes, as somebody with the file in their hands could."""
    with closing(sqlite3.connect(world.folder / "gatehouse.db")) as connection, connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE ledger SET content = x'6e6f74206a736f6eff' WHERE seq = ?", (seq,))
        for _, made in triggers:
            connection.execute(made)


def test_one_check_runs_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, go_on, checks = threading.Event(), threading.Event(), []

    def slow(settings: object) -> object:
        checks.append(settings)
        inside.set()
        assert go_on.wait(20)
        return real(settings)  # type: ignore[arg-type]  # the settings it is given

    real = trail.examined
    monkeypatch.setattr("bot.pages.verifying.examined", slow)
    with reading(world) as reader:
        first = threading.Thread(target=reader.get, args=("/ledger/verify?run=now",))
        first.start()
        assert inside.wait(20)
        assert "Somebody else's check is running." in reader.see("/ledger/verify?run=now").text
        go_on.set()
        first.join()
        assert "The trail holds" in reader.see("/ledger/verify").text
    assert len(checks) == 1


def test_a_trail_that_does_not_hold_is_said_not_to(changing: World) -> None:
    receipt = changing.installation.receipts.path("P1")
    receipt.unlink()
    with reading(changing) as reader:
        text = reader.see("/ledger/verify?run=now").text
    assert "The trail does not hold" in text
    assert "The receipt of P1 is missing" in text
