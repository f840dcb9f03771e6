"""Does a text that is too long end well?"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.github.cutting import Whole, cut, first_words

WHOLE = Whole(path="card.md", url="https://github.com/acme/models/blob/abc/card.md")
NOTE = f"\n\n*This is cut here: it is longer than GitHub shows. [All of it is in the branch]({WHOLE.url}).*"
NOTE_ALONE = "*This is cut here: it is longer than GitHub shows.*"
LIMIT = 400
BLOCKS = st.sampled_from(
    [
        "A paragraph with a few words in it.",
        "```python\nx = 1\n\ny = 2\n```",
        "~~~~\n```\nnot closed by that\n~~~~",
        "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
        "<details>\n<summary>More</summary>\n\nHidden words.\n\n</details>",
        "<!-- a hidden marker -->",
        "- one\n- two",
        "x" * 90,
    ]
)
TEXTS = st.lists(BLOCKS, min_size=1, max_size=30).map("\n\n".join)


def test_what_fits_is_left_alone() -> None:
    assert cut("a\n\nb", 4, WHOLE) == "a\n\nb"


def test_it_is_cut_between_paragraphs_with_a_link_to_all_of_it() -> None:
    text = "\n\n".join(f"Paragraph {number} has some words." for number in range(50))
    assert cut(text, LIMIT, WHOLE) == "\n\n".join(text.split("\n\n")[:9]) + NOTE


def test_a_table_ends_after_a_row() -> None:
    text = "Before.\n\n| name | value |\n|---|---|\n" + "\n".join(f"| row {number} | 1 |" for number in range(99))
    kept = cut(text, LIMIT, WHOLE).removesuffix(NOTE)
    assert re.fullmatch(r"\| row \d+ \| 1 \|", kept.split("\n")[-1])
    assert len(kept) > 200


def test_open_fences_and_folds_are_closed_in_their_order() -> None:
    text = "<details>\n<summary>All rows</summary>\n\n````text\n" + "row of data\n" * 99 + "````\n\n</details>"
    assert cut(text, LIMIT, WHOLE).endswith(f"row of data\n````\n\n</details>{NOTE}")


def test_a_comment_that_is_cut_hides_nothing_after_it() -> None:
    text = "Words before.\n\n<!-- " + "secret " * 99 + "-->"
    assert cut(text, LIMIT, None) == "Words before.\n\n*This is cut here: it is longer than GitHub shows.*"


def test_half_a_tag_is_left_out() -> None:
    assert cut("<details>\n<summary>More</summary>" + " " * 99, 68, None) == NOTE_ALONE
    fold = "<details>\n<summary>More</summary>\n\nHidden words.\n\n</details>"
    assert "<" not in cut(fold + "\n\nA paragraph with a few words in it." * 3, 152, WHOLE)


def test_without_any_good_place_it_is_cut_anyway() -> None:
    text = cut("x" * 999, LIMIT, None)
    assert len(text) == LIMIT
    assert cut("x" * 999, 10, WHOLE) == NOTE.strip()[:10]


@given(TEXTS, st.integers(min_value=150, max_value=900))
def test_it_is_never_too_long_and_never_leaves_anything_open(text: str, limit: int) -> None:
    shown = cut(text, limit, WHOLE)
    assert len(shown) <= limit
    if shown == text:
        return
    assert shown.endswith(NOTE.strip())
    tokens = MarkdownIt().parse(shown)
    links = [child.attrs.get("href") for token in tokens for child in token.children or () if child.type == "link_open"]
    assert links == [WHOLE.url]
    assert shown.count("<details>") == shown.count("</details>")


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("short", 5, "short"),
        ("several words here", 14, "several words…"),
        ("several words, here", 15, "several words…"),
        ("unbreakable", 6, "unbre…"),
    ],
)
def test_a_title_ends_with_a_whole_word(text: str, limit: int, shown: str) -> None:
    assert first_words(text, limit) == shown
    assert len(shown) <= limit
