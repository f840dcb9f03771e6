"""Can two values of a column that differ be told apart by eye?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.evidence import GroupMetric
from gates.shortfall import place
from gates.wording import visible
from reports.escaping import plain


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("black", "black"),
        ("日本語グループ", "日本語グループ"),
        ("", "(empty)"),
        ("(empty)", '"(empty)"'),
        ("a ", '"a "'),
        ("  ", '" ⟨U+0020⟩"'),
        ("a  b", "a ⟨U+0020⟩b"),
        ("evil\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe", "evil⟨U+202E⟩gnp.exe"),
        ("a\nb", "a⟨U+000A⟩b"),
        ("\N{NO-BREAK SPACE}", "⟨U+00A0⟩"),
        ("\N{HANGUL FILLER}", "⟨U+3164⟩"),
        ("a\N{ZERO WIDTH JOINER}b", "a⟨U+200D⟩b"),
        ("\N{ZERO WIDTH JOINER}", "⟨U+200D⟩"),
        ("\U0001f469\N{ZERO WIDTH JOINER}\U0001f4bb", "\U0001f469\N{ZERO WIDTH JOINER}\U0001f4bb"),
    ],
)
def test_what_is_invisible_is_shown(name: str, shown: str) -> None:
    assert visible(name) == shown
    assert place(GroupMetric(feature="g", group=name, metric="f1", rows=1, challenger=None)) == f"g={shown}"


@given(
    st.text(alphabet="ab \n\t\u202e\u200b\u200d\u00a0\u3164"), st.text(alphabet="ab \n\t\u202e\u200b\u200d\u00a0\u3164")
)
def test_names_that_differ_are_shown_differently_on_every_face(one: str, other: str) -> None:
    assert (plain(visible(one)) == plain(visible(other))) is (one == other)
