"""Other people's words are shown in every face, and nothing in them acts."""

import unicodedata
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gates.outcome import Verdict
from reports.card import render_card
from reports.comment import check_summary, render_comment
from reports.escaping import LONGEST, code, markdown, name, plain, prose
from reports.evidence_page import render_evidence_page
from reports.overview import render_decision, render_events, render_overview, render_status, render_why
from tests.reports.markdown_reader import JOINER, acting_in, shape_of, texts_of, tokens_of
from tests.reports.nasty import (
    HARMLESS,
    NASTY,
    nasty_events,
    nasty_evidence,
    nasty_findings,
    nasty_overview,
    nasty_report,
)

Face = Callable[[str], str]

PAGES: dict[str, Face] = {
    "comment, blocked": lambda text: render_comment(nasty_report(text)),
    "comment, waiting": lambda text: render_comment(nasty_report(text, state="waiting")),
    "comment, failed": lambda text: render_comment(nasty_report(text, state="failed")),
    "evidence": lambda text: render_evidence_page(
        text, text, nasty_evidence(text), Verdict(findings=nasty_findings(text))
    ),
    "card": lambda text: render_card(nasty_evidence(text), Verdict(findings=nasty_findings(text))),
}
TERMINAL: dict[str, Face] = {
    "status": lambda text: render_status(nasty_report(text)),
    "why": lambda text: render_why(nasty_report(text)),
    "why, failed": lambda text: render_why(nasty_report(text, state="failed")),
    "decision": lambda text: render_decision(nasty_report(text), url=text, receipt=text),
    "check": lambda text: check_summary(nasty_report(text)),
    "overview": lambda text: render_overview(nasty_overview(text)),
    "events": lambda text: render_events(text, nasty_events(text)),
}


@cache
def _shape_when_harmless(face: Face) -> dict[str, int]:
    return shape_of(tokens_of(face(HARMLESS)))


def _id(text: str) -> str:
    return ascii(text[:24])


@pytest.mark.parametrize("text", NASTY, ids=_id)
@pytest.mark.parametrize("face", PAGES.values(), ids=PAGES)
def test_no_page_lets_a_text_act(face: Face, text: str) -> None:
    page = face(text)
    assert acting_in(page) == []
    assert shape_of(tokens_of(page)) == _shape_when_harmless(face)


@pytest.mark.parametrize("text", NASTY, ids=_id)
def test_no_face_holds_a_character_that_acts(text: str) -> None:
    for face in (*PAGES.values(), *TERMINAL.values()):
        shown = set(face(text)) - {"\n", JOINER}
        assert not {unicodedata.category(letter) for letter in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize("text", NASTY, ids=_id)
def test_no_text_makes_a_line_of_its_own_in_a_terminal(text: str) -> None:
    for face in TERMINAL.values():
        assert face(text).count("\n") == face(HARMLESS).count("\n")


ALPHABET = "aZ9_*~`[]()!<>&;#@$|\\:/.-+= \n\t\u200b\u202e\x1bé漢"
texts = st.text(st.sampled_from(ALPHABET), max_size=24) | st.lists(st.sampled_from(NASTY[:40]), max_size=3).map("".join)
PLACES = (
    "{}",
    "before\n{}",
    "words {} words",
    "- {}",
    "- {}: words",
    "- `code` {} (words)",
    "## {}",
    "{} and {}",
    "x{}={}",
)


@given(text=texts, place=st.sampled_from(PLACES))
@example(text="_a_", place="x{}={}")
@example(text="a]", place="{} and {}")
def test_a_reader_sees_exactly_what_was_written(text: str, place: str) -> None:
    page = place.format(*[markdown(text)] * 2) + "\n"
    tokens = tokens_of(page)
    seen = " ".join(texts_of(tokens)).replace(JOINER, "").replace("  ", " ").strip()
    wanted = place.removeprefix("## ").removeprefix("- ").replace("`code`", "").format(*[plain(text)] * 2)
    assert seen == " ".join(wanted.split())
    assert acting_in(page) == []
    assert not {"strong_open", "em_open", "code_inline"} & {token.type for token in tokens if token.content != "code"}


@given(text=texts, shown=st.sampled_from([markdown, code, name]))
def test_a_cell_stays_one_cell(text: str, shown: Callable[[str], str]) -> None:
    page = f"| a | b | c |\n|---|---|---|\n| {shown(text)} | {shown(text)}={shown(text)} | end |\n"
    tokens = tokens_of(page)
    assert shape_of(tokens) == {"heading_open": 0, "table_open": 1, "tr_open": 2, "td_open": 3, "th_open": 3, "hr": 0}
    assert list(texts_of(tokens))[-1] == "end"
    assert acting_in(page) == []


@given(text=texts)
def test_prose_keeps_paragraphs_and_bullets_and_nothing_else(text: str) -> None:
    tokens = tokens_of(prose(text) + "\n")
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    assert kinds <= {"paragraph", "inline", "text", "softbreak", "bullet_list", "list_item", "ordered_list"}
    assert acting_in(prose(text)) == []


@pytest.mark.parametrize(
    "ordinary",
    [
        "loan-approval",
        "true_positive_rate",
        "race=black",
        "0.842",
        "-0.003",
        "+0.094",
        "95 % interval [+0.040, +0.148], better",
        "obrat, loanprc (unver); gdlin: chist?",
        "R&D at 5 < 6",
        "v2 -> production!",
        "evaluation/loanapp.parquet",
        "1,989 rows; 12.5 %",
        "Ünïcödé, 漢字, עברית",
    ],
)
def test_ordinary_words_stay_readable_in_the_source(ordinary: str) -> None:
    assert markdown(ordinary).replace("&lt;", "<") == ordinary


def test_what_is_too_long_is_cut_and_says_so() -> None:
    assert plain("x" * 100_000) == f"{'x' * LONGEST}… (100,000 characters)"
    assert len(name("y" * 100_000)) < 120
    assert prose("z\n" * 50_000).endswith("… (100,000 characters)")


def test_half_a_character_does_not_stop_a_page() -> None:
    assert plain("a\ud800b") == "ab"
    markdown("a\ud800b").encode()


def test_joined_letters_and_emoji_stay_whole() -> None:
    family = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}"
    assert plain(family) == family
