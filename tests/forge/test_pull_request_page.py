"""Can a person read the page of a pull request, and can nobody write into it but the bot?"""

from collections.abc import Iterator

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.local_forge.page import code, prose, render_page
from bot.local_forge.record import Record
from workflows.forge import Change, Check, CheckState

HEAD, BASE = "a" * 40, "b" * 40
RECORD = Record(
    number=3,
    branch="mlops/P3-churn-2",
    title="Promote churn 2 to staging",
    body="Asked for by **alice**.",
    author="alice",
    head=HEAD,
    base=BASE,
    heads=(HEAD,),
    pushers=("bob",),
    addresses=("bob@example.com",),
    checks={
        HEAD: {"mlops/format": Check(name="mlops/format", state=CheckState.SUCCESS, summary="All files are skops.")},
        BASE: {"mlops/old": Check(name="mlops/old", state=CheckState.FAILURE, summary="Of another head.")},
    },
    comments={"card": "### Model card\n\nIt decides.\n"},
    closing="Withdrawn by alice.",
)
CHANGES = (
    Change(path="models/churn/staging.yaml", before="1", after="2"),
    Change(path="new | file.md", before=None, after="3"),
    Change(path="old.md", before="4", after=None),
)
PAGE = f"""\
# 3: Promote churn 2 to staging

| pull request | 3 |
| --- | --- |
| state | **open** |
| opened by | `alice` |
| branch | `mlops/P3-churn-2` |
| head | `{HEAD}` |
| pushed by | `bob` |
| commits by | `bob@example.com` |

Asked for by **alice**.

## Checks

| check | state | what it says |
| --- | --- | --- |
| `mlops/format` | success | All files are skops. |

## Changed files

| change | file |
| --- | --- |
| changed | `models/churn/staging.yaml` |
| added | `new \\| file.md` |
| removed | `old.md` |

### Model card

It decides.

Withdrawn by alice.
"""
HOSTILE = st.text(st.sampled_from("`|\\<>[]()!*_#&~:/@.w \n\r\x1b\u2028\u202ehtpsa-"), max_size=40) | st.text(
    max_size=40
)


def tokens(text: str) -> Iterator[Token]:
    """Yield what a viewer makes of the text."""
    for token in MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text):
        yield token
        yield from token.children or ()


def test_the_page_shows_everything_a_reviewer_looks_for() -> None:
    assert render_page(RECORD, CHANGES) == PAGE


@given(title=HOSTILE, name=HOSTILE, summary=HOSTILE)
@example(title="<script>", name="a`|b", summary="![x](javascript:1) | y")
def test_text_of_others_never_becomes_markup(title: str, name: str, summary: str) -> None:
    check = Check(name=name, state=CheckState.PENDING, summary=summary)
    record = RECORD.model_copy(update={"title": title, "branch": name, "checks": {HEAD: {name: check}}})
    changes = (Change(path=name, before=None, after="1"),)
    kinds = [token.type for token in tokens(render_page(record, changes))]
    usual = [token.type for token in tokens(render_page(RECORD, CHANGES[:1]))]
    assert [kind for kind in kinds if kind not in ("text", "text_special", "softbreak")] == [
        kind for kind in usual if kind not in ("text", "text_special", "softbreak")
    ]


@given(text=HOSTILE)
def test_escaping_keeps_the_words(text: str) -> None:
    shown = "".join(token.content for token in tokens(prose(text)) if token.type == "text")
    kept = [c for c in text if c.isalnum()]
    assert [c for c in shown if c.isalnum()] == kept


@given(name=HOSTILE)
def test_a_name_is_one_line_of_code(name: str) -> None:
    assert len(code(name).splitlines()) == 1
    assert code(name).encode()
