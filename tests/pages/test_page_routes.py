"""Is there a page at each address, with headers that let it do nothing but be read?"""

import csv
import hashlib
import io
import json
from dataclasses import replace

import pytest

from bot.commands import PromotionName
from bot.house.window import Window
from reports.pages.moment import lasting
from tests.pages.conftest import reading
from tests.pages.reader import Reader, faults_of
from tests.world import MODEL, World
from workflows.branch import own_paths

PAGES = {
    "/": "What waits for whom",
    "/?person=carol": "What waits for carol",
    "/?person=nobody": "Nobody is called nobody in any rulebook",
    "/promotions": "5 promotions, newest first.",
    "/promotions?state=open&model=churn": "2 promotions fit, newest first.",
    "/promotions?state=expired": "None fits.",
    "/promotions/P4": "P4 is waiting",
    "/promotions/p5": "P5 is blocked",
    "/promotions/P4/evidence": "Evidence of P4",
    "/promotions/P4/card": "As the evidence of P4 has it",
    "/models": MODEL,
    f"/models/default/{MODEL}": "What serves where",
    f"/models/default/{MODEL}/card": f"Model card of {MODEL}",
    "/rulebook": "Rulebook of default",
    "/rulebook/default": "1 governor approves, never its author",
    "/ledger": "Everything that happened, newest first.",
    "/ledger?kind=approved&person=bob": "fit; shown:",
    "/ledger?since=2099-01-01": "No entry fits.",
    "/ledger/1": "Entry 1: ",
    "/ledger/verify": "Nobody has asked since the server was started.",
    "/ledger/verify?run=now": "The trail holds",
}
FILES = ("/ledger/export.jsonl", "/ledger/export.csv")
MISSING = {
    "/nowhere": "There is no page at this address.",
    "/promotions/P99": "There is no promotion P99; the newest is P5",
    "/promotions/R1": "R1 is no promotion: they are called P1, P2 and so on.",
    "/promotions/P99/evidence": "There is no promotion P99",
    "/promotions/P99/card": "There is no promotion P99",
    "/promotions/P99/scorecard": "There is no promotion P99",
    "/models/default/chrun": "There is no model chrun in default; ",
    "/models/other/churn": "There is no project 'other'; app.yaml has default.",
    "/rulebook/other": "There is no project 'other'; app.yaml has default.",
    "/ledger/999999": "The ledger has no entry 999999; its newest is",
    "/ledger/-1": "The ledger has no entry -1",
    "/models/default/x%0ay": "There is no model",
    "/nowhere%0a": "There is no page at this address.",
    f"/ledger/{'9' * 5000}": "The ledger has no entry 9999",
}
MISTAKEN = {
    "/ledger?since=yesterday": "since is to be a date such as 2026-01-31.",
    "/ledger?since=20260101": "since is to be a date such as 2026-01-31.",
    f"/ledger?after=1{'0' * 23}": "after is to be a whole number from 1.",
    "/ledger?before=x": "before is to be a whole number from 1.",
    "/ledger?person=%00": "cannot be printed",
    f"/?person={'x' * 300}": "is too long",
    "/promotions?before=-4": "before is to be a whole number from 1.",
}


@pytest.mark.parametrize("path", PAGES)
def test_there_is_a_page_and_nothing_is_wrong_with_it(reader: Reader, path: str) -> None:
    seen = reader.see(path)
    assert PAGES[path] in seen.text
    assert faults_of(seen) == []
    assert "Nobody is signed in: these pages show, and change nothing." in seen.text


@pytest.mark.parametrize(("path", "status"), [*((path, 404) for path in MISSING), *((path, 400) for path in MISTAKEN)])
def test_what_is_not_there_is_said_in_the_same_frame(reader: Reader, path: str, status: int) -> None:
    answer = reader.get(path)
    assert answer.status_code == status
    assert (MISSING | MISTAKEN)[path] in answer.text.replace("&#39;", "'")
    assert "See what waits" in answer.text


@pytest.mark.parametrize("path", [*PAGES, *FILES, "/nowhere", "/ledger?before=x"])
def test_every_answer_has_headers_that_let_it_do_nothing(reader: Reader, path: str) -> None:
    headers = reader.get(path).headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


def test_a_scorecard_is_shown_as_it_lies_beside_the_evidence_and_may_have_its_own_style_only(
    reader: Reader, world: World
) -> None:
    answer = reader.get("/promotions/P4/scorecard")
    promotion = world.promotion(4)
    beside = world.forge.read(str(promotion.head), own_paths(promotion).scorecard)
    assert beside is not None
    assert answer.text == beside.decode()
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy.endswith("frame-ancestors 'none'")
    assert answer.headers["cache-control"] == "no-store"


def test_what_never_changes_is_kept_under_the_name_of_its_content(reader: Reader) -> None:
    page = reader.see("/")
    named = [one.attributes["href"] for one in page.elements if one.tag == "link"]
    assert len(named) == 2
    for path in named:
        answer = reader.get(path)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert hashlib.sha256(answer.content).hexdigest()[:12] in path


@pytest.mark.parametrize("path", [*PAGES, *FILES])
def test_head_has_the_same_headers(reader: Reader, path: str) -> None:
    head = reader.get(path, method="HEAD")
    assert head.status_code == 200
    assert head.headers["cache-control"] == "no-store"
    assert head.headers["content-type"] == reader.get(path).headers["content-type"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/promotions/P4", "/ledger/verify"])
def test_nothing_is_changed_here(reader: Reader, path: str, method: str) -> None:
    answer = reader.get(path, method=method)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert "Pages show, and change nothing" in answer.text


def test_before_the_house_is_open_readers_are_asked_to_come_again(world: World) -> None:
    with reading(world) as reader:
        app = reader.app
    answer = Reader(app).get("/")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "Gatehouse is being opened" in answer.text


def test_a_bug_is_named_and_where_its_log_lies_is_not(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_self: Window) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Window, "projects", property(broken))
    answer = reader.get("/")
    assert answer.status_code == 500
    assert "Something went wrong inside Gatehouse: bug-0123abcd." in answer.text
    assert "/x" not in answer.text


@pytest.mark.parametrize("path", ["/ledger", "/ledger/3", "/promotions/P4", "/promotions/P4/evidence"])
def test_a_database_that_is_gone_is_told_everywhere_alike(changing: World, path: str) -> None:
    with reading(changing) as reader:
        assert reader.get(path).status_code == 200
        for file in changing.folder.glob("gatehouse.db*"):
            file.unlink()
        answer = reader.get(path)
        assert (answer.status_code, "is gone: put it back, or a backup of it." in answer.text) == (503, True)


def test_a_repository_that_is_gone_hides_nothing_that_lies_elsewhere(changing: World) -> None:
    with reading(changing) as reader:
        changing.repository.rename(changing.folder / "elsewhere")
        for path in ("/promotions", "/ledger", "/ledger/3"):
            assert reader.get(path).status_code == 200, path
        assert "is gone: put it back, or a backup of it." in reader.see("/").text
        for path in ("/rulebook/default", "/promotions/P4"):
            assert reader.get(path).status_code == 503, path


def test_each_person_sees_what_is_wanted_of_them(changing: World) -> None:
    changing.say("alice", "withdraw P4")
    changing.say("alice", f"promote {MODEL} 2 to production")
    with reading(changing) as reader:
        bob, carol = reader.see("/?person=bob").text, reader.see("/?person=carol").text
        assert ("as validator." in bob, "as ml-engineer." in bob) == (True, False)
        assert ("as validator." in carol, "as ml-engineer." in carol) == (False, True)


def test_nobody_is_told_that_nothing_waits_for_a_misspelt_name(reader: Reader) -> None:
    text = reader.see("/?person=carlo").text
    assert "Nobody is called carlo in any rulebook: choose a login from the list." in text
    assert "Nothing waits for" not in text


def test_the_inbox_has_what_waits_for_a_person_oldest_first(reader: Reader) -> None:
    text = reader.see("/?person=erin").text
    assert "R1 change the rulebook" in text
    assert "P4" not in text
    carol = reader.see("/?person=carol").text
    assert "P4 promote churn 2 to production waiting" in carol
    assert "for 2 hours, since" in carol
    assert "expires in 46 hours," in carol
    assert "It waits for 1 approval as ml-engineer." in carol
    assert "Asked by alice" in reader.see("/?person=alice").text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than a minute"),
        (-5, "less than a minute"),
        (119, "a minute"),
        (120, "2 minutes"),
        (7_199, "119 minutes"),
        (7_200, "2 hours"),
        (172_799, "47 hours"),
        (172_800, "2 days"),
    ],
)
def test_how_long_something_lasts_is_told_in_the_largest_unit_that_says_enough(seconds: int, words: str) -> None:
    assert lasting(seconds) == words


def test_the_whole_trail_is_exported_as_the_ledger_keeps_it(reader: Reader, world: World) -> None:
    answer = reader.get("/ledger/export.jsonl")
    assert answer.headers["content-disposition"] == 'attachment; filename="ledger.jsonl"'
    with world.installation.database.reading() as work:
        assert answer.content == b"".join(content + b"\n" for content in work.ledger.contents())


def test_what_is_filtered_is_exported_for_a_spreadsheet(reader: Reader) -> None:
    answer = reader.get("/ledger/export.csv?kind=approved&subject=P4")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    header, row = csv.reader(io.StringIO(answer.text, newline=""))
    assert header == ["seq", "at", "kind", "project", "subject", "text"]
    assert row[2:] == ["approved", "default", "P4", "bob: reads well"]


def test_an_entry_shows_its_very_bytes_and_their_hash(reader: Reader, world: World) -> None:
    with world.installation.database.reading() as work:
        found = work.ledger.at(3)
    assert found is not None
    text = reader.see("/ledger/3").text
    assert found.bytes.decode() in text
    assert hashlib.sha256(b"\x00" + found.bytes).hexdigest() in text
    assert "Kept beside it" in text
    assert "the same" in text
    assert json.loads(found.bytes)["seq"] == 3


def test_chats_lead_to_the_page_where_others_can_read_it(world: World) -> None:
    desk = world.house.window().desk
    assert Window(desk).news(PromotionName(number=4)).links.page is None
    shown = replace(desk, pages="https://gate.example.com")
    assert Window(shown).news(PromotionName(number=4)).links.page == "https://gate.example.com/promotions/P4"
