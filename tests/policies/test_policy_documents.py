"""YAML comes in with lines, bounds and no surprises."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.document import MAXIMUM_BYTES, read_document
from policies.problem import UnreadableError

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdef", "bcdefg", strict=True)
)

REFUSED = {
    "": "f.yaml: is empty; it must hold a mapping.",
    "# nothing\n": "f.yaml: is empty; it must hold a mapping.",
    "- a\n": "f.yaml, line 1: must hold a mapping (`field: value` lines).",
    "word\n": "f.yaml, line 1: must hold a mapping (`field: value` lines).",
    "a: 1\nb:\n\t- c\n": "f.yaml, line 3: is indented with a tab; YAML wants spaces.",
    "a: 1\nb: 2\na: 3\n": "f.yaml, line 3: `a` stands here twice (first in line 1); keep one.",
    "a: 1\n---\nb: 2\n": "f.yaml, line 2: starts a second document; keep one to a file.",
    "a: !!python/object:os.system x\n": (
        "f.yaml, line 1: the tag `tag:yaml.org,2002:python/object:os.system` is not read here; remove it."
    ),
    "!t a: 1\n": "f.yaml, line 1: the tag `!t` is not read here; remove it.",
    "a: *b\n": "f.yaml, line 1: `*b` names nothing that stands before it.",
    "a: &a [*a]\n": "f.yaml, line 1: `*a` names nothing that stands before it.",
    "? [a]\n: b\n": "f.yaml, line 1: a field's name must be plain text.",
    f"a: {'[' * 30}{']' * 30}": "f.yaml, line 1: is nested deeper than 20 levels.",
    BOMB: "f.yaml, line 5: holds more than 100,000 values, counting each use of an alias.",
    "a: 1\nb: \x07\n": "f.yaml, line 2: has a control character (U+0007); remove it.",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: repr(text[:24]))
def test_what_is_not_one_plain_mapping_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_document("f.yaml", text.encode())
    assert str(refused.value) == REFUSED[text]


@pytest.mark.parametrize("text", ["a: [\n", "a: 'x\n", "a: b: c\n", "a: @b\n", "a: }", "a:\n  - b\n c: d\n"])
def test_a_mistake_in_the_notation_names_its_line(text: str) -> None:
    with pytest.raises(UnreadableError, match=r"^f.yaml, line \d: is not YAML: "):
        read_document("f.yaml", text.encode())


def test_other_encodings_and_huge_files_are_refused() -> None:
    with pytest.raises(UnreadableError, match="line 2: is not UTF-8 text"):
        read_document("f.yaml", "a: b\nc: \u00e9\n".encode("latin-1"))
    with pytest.raises(UnreadableError, match="at most 1,048,576 are read"):
        read_document("f.yaml", b" " * (MAXIMUM_BYTES + 1))


def test_plain_words_are_what_they_look_like_and_nothing_more() -> None:
    text = "a: [yes, no, 1:30, 2026-11-21, ~, null, true, 010, -2, 1.5, .5, 1e400, .nan, '1', 1e3]\nb:\n"
    assert read_document("f.yaml", text.encode()).content == {
        "a": ["yes", "no", "1:30", "2026-11-21", None, None, True, 10, -2, 1.5, 0.5, "1e400", ".nan", "1", 1000.0],
        "b": None,
    }


def test_a_name_that_looks_like_a_number_can_be_read_as_it_was_written() -> None:
    document = read_document("f.yaml", b"a: &v 1.10\nb: {c: 0123, d: '7', e: *v}\nf: [1.50]\ng: null\n")
    content = document.with_text(("a",), ("b", "c"), ("b", "d"), ("b", "e"), ("g",), ("no", "such"))
    assert content == {"a": "1.10", "b": {"c": "0123", "d": "7", "e": 1.1}, "f": [1.5], "g": None}
    assert document.content["a"] == 1.1


def test_every_place_has_a_line_also_one_that_is_missing() -> None:
    document = read_document("f.yaml", b"# why\na:\n  b:\n    - x\n    - y: 1\n")
    places = [("a",), ("a", "b"), ("a", "b", 1), ("a", "b", 1, "y"), ("a", "b", 1, "z"), ("a", "c"), ()]
    assert [document.line(place) for place in places] == [2, 3, 5, 5, 5, 2, 1]


def test_an_alias_stands_for_its_value() -> None:
    content = read_document("f.yaml", b"a: &rule {x: [1]}\nb: *rule\n").content
    assert content["b"] == content["a"] == {"x": [1]}


@given(st.binary(max_size=300) | st.text(alphabet=":-[]{}&*!|>'\"#%@,?\n\t ab01~.e", max_size=120).map(str.encode))
def test_any_bytes_are_read_or_refused_never_a_traceback(content: bytes) -> None:
    with suppress(UnreadableError):
        assert isinstance(read_document("f.yaml", content).content, dict)
