"""A chat's text is as long as it may be, ends where a reader would pause, and holds whole letters."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.chat_rendering import as_json, render_object, render_objects, slashed
from reports.chat_text import ELLIPSIS, lined, paged, shortened, shown, units, web_address
from reports.escaping import JOINER, Inert, inert, inert_lines, mrkdwn
from tests.reports.nasty import NASTY

FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
pieces = st.sampled_from([FAMILY, "e\u0301", "a ", "漢", ". ", "@x"])
texts = st.text(max_size=80) | st.lists(pieces, max_size=40).map("".join)


@given(text=texts, most=st.integers(min_value=1, max_value=60))
def test_a_shortened_text_fits_and_begins_as_the_whole_does(text: str, most: int) -> None:
    short, whole = shortened(text, most), inert(text)
    assert units(short) <= most
    assert short == whole or whole.startswith(short.removesuffix(ELLIPSIS))
    short.encode("utf-16-le")


@given(text=texts, most=st.integers(min_value=1, max_value=60))
def test_no_letter_is_cut_in_two(text: str, most: int) -> None:
    short, whole = shortened(text, most), inert(text)
    if short != whole and len(short) > 1:
        rest = whole[len(short) - 1 :]
        assert not unicodedata.combining(rest[:1] or "x")
        assert short[-2] != "\N{ZERO WIDTH JOINER}"


@given(text=texts | st.sampled_from(NASTY[:40]))
def test_what_is_inert_stays_as_it_is(text: str) -> None:
    assert inert(str(inert(text))) == inert(text)
    assert inert(inert(text)) == inert(text)
    assert inert(text).replace(JOINER, "") == inert(text.replace(JOINER, "")).replace(JOINER, "")


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("one two three", 20, "one two three"),
        ("one two three", 10, "one two…"),
        ("It is worse. It is much worse than that", 18, "It is worse.…"),
        ("abcdefghij", 5, "abcd…"),
        (FAMILY * 3, 9, f"{FAMILY}…"),
        ("e\u0301" * 5, 4, "e\u0301…"),
        ("", 5, ""),
    ],
)
def test_a_text_is_cut_where_a_reader_would_pause(text: str, most: int, short: str) -> None:
    assert shortened(text, most) == short


def test_nothing_to_show_is_a_dash() -> None:
    assert shown("\u200b\x00", 5) == "—"
    assert shown(None, 5) == "—"


@pytest.mark.parametrize(
    "address",
    ["https://mlops.example/P4", "http://127.0.0.1:8800", "https://x.example/a?b=c&d=%20#e", "https://[::1]/"],
)
def test_a_plain_address_is_a_link(address: str) -> None:
    assert web_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "/srv/demo/pulls/4.md",
        "javascript:alert(1)",
        "https://",
        "https://x.example/a b",
        "https://x.example/<!here>",
        "https://x.example/|click",
        "https://bank.example@evil.example/",
        "https://x.example/\u202egnp",
        f"https://x.example/{'x' * 2_000}",
        "ftp://x.example",
    ],
)
def test_whatever_else_is_none(address: str | None) -> None:
    assert web_address(address) is None


def test_lines_keep_their_columns_and_their_count() -> None:
    assert inert_lines("\n  a\tb  \n\x1b[31mc @all\n\n") == f"  a     b\n[31mc @{JOINER}all"
    assert lined("a\nb\nc", most=2, longest=9) == ("a", "b")
    assert lined("abcdefgh\n", most=2, longest=5) == ("abcd…",)
    assert lined("", most=5, longest=5) == ("",)


def test_pages_end_with_a_line() -> None:
    assert paged(["aaaa", "bbbb", "cccc"], most=9, pages=2) == (("aaaa\nbbbb", "cccc"), 0)
    assert paged(["aaaa", "bbbb", "cccc"], most=4, pages=2) == (("aaaa", "bbbb"), 1)
    assert paged([""], most=4, pages=2) == (("—",), 0)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a & b < c > d", "a &amp; b &lt; c &gt; d"),
        ("> quoted", f"{JOINER}&gt;{JOINER} quoted"),
        ("<!channel>", f"&lt;{JOINER}!channel&gt;"),
        ("true_positive_rate", "true_positive_rate"),
        ("_all_ of it", f"{JOINER}_{JOINER}all{JOINER}_{JOINER} of it"),
        ("5 * 3", f"5 {JOINER}*{JOINER} 3"),
        ("@here", f"@{JOINER}here"),
    ],
)
def test_mrkdwn_shows_a_text_as_it_was_written(text: str, written: str) -> None:
    assert mrkdwn(text) == written


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Next: mlops approve P4", "Next: /mlops approve P4"),
        ("mlops serve starts it", "mlops serve starts it"),
        ("mlops audit verify", "mlops audit verify"),
        ("mlops audit P4", "/mlops audit P4"),
        ("/mlops why P4", "/mlops why P4"),
        ("xmlops why", "xmlops why"),
    ],
)
def test_only_what_slack_can_be_asked_gets_a_slash(text: str, typed: str) -> None:
    assert slashed(text) == typed
    assert type(slashed(inert(text))) is Inert


def test_what_has_no_place_in_a_message_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="inserts a float"):
        as_json(0.5)
    with pytest.raises(TypeError, match="a list"):
        render_objects("slack_promote.json.j2", **_promote())
    with pytest.raises(TypeError, match="an object"):
        render_object("slack_line.json.j2", text="x", mentions=(), more_mentions=0)


def _promote() -> dict[str, str]:
    fields = ("callback", "private_metadata", "problem", "model", "version", "environment", "reason")
    return dict.fromkeys(fields, "")
