"""Does the evidence page show answers, slices, training and origin as a reader wants them, pictures where they lie?"""

import re
from pathlib import Path

import pytest

from gates.answer_facts import Answers
from gates.evidence import Evidence, Facts
from gates.outcome import Verdict
from gates.slice_facts import Slice, Where
from reports.evidence_page import render_evidence_page
from reports.pictures.album import pictures_of
from reports.sliced import slice_name
from tests.conversation import Golden
from tests.reports.loan_evidence import FACTS, PROMOTE, RETIRE, THOROUGH, V1, subject
from tests.reports.markdown_reader import tokens_of
from tests.reports.nasty import NASTY, nasty_evidence, nasty_findings
from tests.reports.pictured_evidence import ITEMS, MANY_CLASSES, OLD_FILES

GOLDEN = Path(__file__).parent / "golden"
NONE = Verdict(findings=())


def page_of(facts: Facts, *, beside: str = "") -> str:
    return render_evidence_page("P4", "digest", Evidence(subject=subject(), facts=facts), NONE, beside=beside)


@pytest.mark.parametrize(("name", "answers"), [("items", ITEMS), ("many_classes", MANY_CLASSES)])
def test_answers_of_every_kind_read_well(name: str, answers: Answers, golden: Golden) -> None:
    page = page_of(Facts(answers=answers))
    golden.page(GOLDEN / f"{name}.evidence.md", page[page.index("## Answers") : page.index("## What it is about")])


def test_pictures_are_shown_where_their_files_lie(golden: Golden) -> None:
    page = render_evidence_page("P4", "digest", THOROUGH, NONE, beside="P4")
    shown = re.findall(r"^!\[.+\]\((.*)\)$", page, flags=re.MULTILINE)
    assert sorted(shown) == sorted(f"P4-{picture.name}.png" for picture in pictures_of(THOROUGH))
    golden.page(GOLDEN / "images.md", "".join(f"{line}\n" for line in page.splitlines() if line.startswith("![")))
    plain = render_evidence_page("P4", "digest", THOROUGH, NONE)
    assert "![" not in plain
    assert [line for line in page.splitlines() if line and not line.startswith("![")] == [
        line for line in plain.splitlines() if line
    ]


def test_evidence_that_knows_nothing_of_it_has_no_such_section() -> None:
    for evidence in (PROMOTE, RETIRE):
        page = render_evidence_page("P4", "digest", evidence, NONE, beside="P4")
        assert not re.search("^##+ (Answers|Slices|Learning|What differs)", page, flags=re.MULTILINE)


def test_a_champion_whose_origin_is_lost_is_told() -> None:
    page = page_of(FACTS.model_copy(update={"champion_files": OLD_FILES}))
    assert f"Not known of v{V1.version}: its run." in page


def test_what_does_not_differ_is_said_to_be_the_same() -> None:
    same = {"champion_lineage": FACTS.lineage, "champion_files": FACTS.files}
    page = page_of(FACTS.model_copy(update=same))
    assert f"## What differs from the champion\n\nRun and files are like those of v{V1.version}.\n" in page


@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text[:24]))
def test_no_text_makes_an_image_or_a_link_of_its_own(text: str) -> None:
    evidence = nasty_evidence(text)
    page = render_evidence_page("P4", text, evidence, Verdict(findings=nasty_findings(text)), beside="P4")
    tokens = tokens_of(page)
    assert not [token for token in tokens if token.type in {"link_open", "html_block", "html_inline", "fence"}]
    found = [str(token.attrs["src"]) for token in tokens if token.type == "image"]
    assert sorted(found) == sorted(f"P4-{picture.name}.png" for picture in pictures_of(evidence))
    assert all(re.fullmatch(r"P4-[a-z0-9-]+\.png", one) for one in found)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ((), "all rows"),
        ((Where(feature="age", above=30.0, upto=45.5),), "age above 30 to 45.5"),
        ((Where(feature="age", above=30.0, missing=True),), "age above 30 or missing"),
        ((Where(feature="age", upto=12_000.0), Where(feature="sex", among=("f",))), "age up to 12,000 and sex = f"),
        ((Where(feature="sex", missing=True),), "sex missing"),
        ((Where(feature="sex"),), "sex there"),
        ((Where(feature="a", among=(*"bcdefg",), others=True),), "a = b or c or d or e or f or 1 more or rarer values"),
        ((Where(feature="x" * 90, among=("",)),), f"{'x' * 39}… = (empty)"),
        ((Where(feature="t", above=86_400e6, times=True),), "t above 1970-01-02 00:00"),
        ((Where(feature="t", upto=9e300, times=True),), "t up to 9e+300 µs after 1970"),
    ],
)  # fmt: skip
def test_a_slice_is_called_by_what_its_rows_have(where: tuple[Where, ...], said: str) -> None:
    assert slice_name(Slice(where=where, rows=1, challenger=0.5)) == said
