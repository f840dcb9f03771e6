"""Other people's words stand on pages, and nothing in them acts."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from reports.pages.inbox import Inbox, render_inbox
from reports.pages.ledger import (
    EntryLine,
    EntryPage,
    Examination,
    LedgerPage,
    render_entry,
    render_examination,
    render_ledger,
)
from reports.pages.ledger_csv import COMPUTED, cell, csv_lines
from reports.pages.markdown_page import MarkdownPage, render_markdown_page
from reports.pages.models import ModelLine, ModelPage, render_model, render_models
from reports.pages.promotions import PromotionsPage, render_promotions
from reports.pages.rulebook import RulebookPage, blocks_of, render_rulebook, render_rulebooks
from reports.pages.site import Site, Tab
from reports.pages.sorry import Sorry, render_sorry
from reports.pictures.album import pictures_of
from tests.pages.conftest import reading
from tests.pages.reader import faults_of
from tests.reports.loan_evidence import THOROUGH
from tests.reports.nasty import HARMLESS, NASTY
from tests.seen import Seen
from tests.world import World

SITE = Site(
    style="/static/pages.css",
    icon="/static/gate.svg",
    tabs=(Tab(name="Inbox", address="/"),),
    here="Inbox",
    note="Looking",
)
OURS = frozenset(
    {
        "address",
        "about",
        "csv",
        "newer",
        "older",
        "newest",
        "entry",
        "card",
        "rulebook",
        "link",
        "model_address",
        "promotions_address",
    }
)
"""Fields that hold addresses, which are made by us."""
Face = Callable[[str], str]


def filled(kind: Any, text: str, name: str = "") -> Any:  # noqa: ANN401 - a value of whatever kind it is asked for
    """Return a value of this kind that says `text` wherever somebody else's words can stand."""
    if kind is str:
        return "/ours" if name in OURS else text
    if kind in {int, bool}:
        return kind(3)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        ours = kind.__name__ == "ServingLine"
        return kind(
            **{
                one.name: filled(hints[one.name], text, "about" if ours and one.name == "promotion" else one.name)
                for one in fields(kind)
            }
        )
    if get_origin(kind) is tuple:
        return tuple(filled(get_args(kind)[0], text, name) for _ in range(2))
    assert get_origin(kind) is UnionType or type(None) in get_args(kind)
    return filled(get_args(kind)[0], text, name)


FACES: dict[str, Face] = {
    "inbox": lambda text: render_inbox(SITE, filled(Inbox, text)),
    "promotions": lambda text: render_promotions(SITE, filled(PromotionsPage, text)),
    "models": lambda text: render_models(SITE, filled(tuple[ModelLine, ...], text), (text,)),
    "model": lambda text: render_model(SITE, filled(ModelPage, text)),
    "rulebook": lambda text: render_rulebook(SITE, filled(RulebookPage, text)),
    "rulebooks": lambda text: render_rulebooks(SITE, ((text, "/ours"),)),
    "ledger": lambda text: render_ledger(SITE, filled(LedgerPage, text)),
    "entry": lambda text: render_entry(SITE, filled(EntryPage, text)),
    "verify": lambda text: render_examination(SITE, filled(Examination, text), running=True),
    "sorry": lambda text: render_sorry(SITE, filled(Sorry, text)),
    "card": lambda text: render_markdown_page(
        SITE, MarkdownPage(title=text, about=text, address="/ours", back="back", markdown="# A\n\n## B\n")
    ),
}


@cache
def harmless(face: str) -> list[tuple[str, tuple[str, ...]]]:
    return Seen(FACES[face](HARMLESS)).shape


def _id(text: str) -> str:
    return ascii(text[:24])


@pytest.mark.parametrize("text", NASTY, ids=_id)
@pytest.mark.parametrize("face", FACES)
def test_no_element_and_no_attribute_comes_from_a_text(face: str, text: str) -> None:
    seen = Seen(FACES[face](text))
    assert seen.shape == harmless(face)
    assert [fault for fault in faults_of(seen) if fault != "Each id is there once"] == []


@pytest.mark.parametrize("text", NASTY, ids=_id)
def test_nothing_in_a_card_acts_whatever_its_markdown_says(text: str) -> None:
    page = MarkdownPage(
        title="Card",
        about="",
        address="/ours",
        back="back",
        markdown=f"---\n{text}\n---\n# Card\n\n{text}\n\n## Next\n\n| a |\n|---|\n| {text} |\n",
    )
    seen = Seen(render_markdown_page(SITE, page))
    assert seen.links == ["#main", "/", "/ours"]
    assert faults_of(seen) == []


def test_links_and_pictures_of_a_card_are_told_by_their_words() -> None:
    markdown = "[click](https://evil.example) ![pixel](https://evil.example/p.png) <b>bold</b> <https://evil.example>"
    html = render_markdown_page(
        SITE, MarkdownPage(title="Card", about="", address="/ours", back="back", markdown=markdown)
    )
    assert "<p>click pixel &lt;b&gt;bold&lt;/b&gt; https://evil.example</p>" in html


def test_a_picture_of_ours_is_drawn_once_where_its_image_stands() -> None:
    (picture, *_) = pictures_of(THOROUGH)
    markdown = "![ours](P4-a.png)\n\n![again](P4-a.png) ![not ours](P4-b.png)"
    page = MarkdownPage(
        title="E", about="", address="/ours", back="P4", markdown=markdown, pictures={"P4-a.png": picture}
    )
    html = render_markdown_page(SITE, page)
    assert html.count("<svg ") == 1
    assert f'<desc id="picture-{picture.name}-says">' in html
    assert "<p>again not ours</p>" in html
    assert "<p>ours" not in html
    assert faults_of(Seen(html)) == []


@pytest.mark.parametrize("text", NASTY, ids=_id)
def test_no_cell_is_computed_and_every_cell_comes_back(text: str) -> None:
    line: EntryLine = filled(EntryLine, text)
    written = b"".join(csv_lines([line])).decode()
    _, row = csv.reader(io.StringIO(written, newline=""))
    assert row[2:] == [cell(text)] * 4
    assert not any(one.lstrip().startswith(COMPUTED) for one in row[2:])


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", " =", "\uff1d"])
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(sign: str) -> None:
    assert cell(f"{sign}1+1") == f"'{sign}1+1"
    assert cell(f"a{sign}1") == f"a{sign}1"


def test_an_explanation_becomes_sentences_with_their_points() -> None:
    first, last = blocks_of("Checked by:\n  - one\n  - two\nThat is all.")
    assert (first.text, first.points) == ("Checked by:", ("one", "two"))
    assert (last.text, last.points) == ("That is all.", ())


def test_a_nasty_reason_goes_through_every_page_and_does_nothing(changing: World) -> None:
    changing.say("carol", "reject P4 --reason '<img src=x onerror=alert(1)> =HYPERLINK(1) [a](javascript:b)'")
    with reading(changing) as reader:
        for path in _everywhere(reader.see("/ledger").links):
            assert faults_of(reader.see(path)) == []
        assert "<img src=x onerror=alert(1)>" in reader.see("/ledger?kind=rejection").text


def _everywhere(links: list[str]) -> Iterator[str]:
    yield from ("/", "/promotions/P4", "/models/default/churn", "/ledger")
    yield from (link for link in dict.fromkeys(links) if link.startswith("/ledger/") and "export" not in link)
