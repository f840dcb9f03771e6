"""Does a scorecard tell what evidence holds, in one file that fetches nothing, whatever is in it?"""

import base64
import hashlib
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gates.evidence import Evidence
from gates.outcome import Verdict
from reports.scorecard.page import content_security_policy, render_scorecard
from tests.conversation import Golden
from tests.reports.loan_evidence import BARE, CRASH, MANY, PROMOTE, RETIRE, ROLLBACK
from tests.reports.nasty import HARMLESS, NASTY, nasty_evidence, nasty_findings
from tests.reports.scorecard_evidence import FOUND, REGRESSION, TOLD, crowd, nasty_facts, unfair
from tests.seen import Element, seen

GOLDEN = Path(__file__).parent / "golden"
NOBODY = Verdict(findings=())
DIGEST = "1c9e40518b58" * 5 + "9e47"


def without_style(page: str) -> str:
    """Leave out the style, which is a file of its own, and its digest."""
    bare = re.sub(r"<style>.*?</style>", "<style>...</style>", page, flags=re.DOTALL)
    return re.sub(r"sha256-[\w+/=]+", "sha256-...", bare)


@pytest.mark.parametrize(
    ("name", "evidence", "verdict"),
    [
        ("thorough", TOLD, FOUND),
        ("regression", REGRESSION, NOBODY),
        ("passed", PROMOTE, FOUND),
        ("bare", BARE, NOBODY),
        ("error", CRASH, NOBODY),
    ],
)
def test_a_scorecard_reads_as_it_is_written(name: str, evidence: Evidence, verdict: Verdict, golden: Golden) -> None:
    page = render_scorecard(evidence, verdict, DIGEST)
    golden.page(GOLDEN / f"{name}.scorecard.html", without_style(page))
    assert page == render_scorecard(Evidence.model_validate_json(evidence.model_dump_json()), verdict, DIGEST)


EVERY = {
    "told": TOLD,
    "regression": REGRESSION,
    "bare": BARE,
    "crash": CRASH,
    "many": MANY,
    "rollback": ROLLBACK,
    "retire": RETIRE,
    "crowd": crowd(1_000),
}


@pytest.mark.parametrize("evidence", EVERY.values(), ids=EVERY)
def test_no_scorecard_fetches_or_runs_anything(evidence: Evidence) -> None:
    page = seen(render_scorecard(evidence, FOUND))
    assert not set(page.tags) & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "use", "image"}
    assert page.acting == []
    assert [address for address in page.addresses if not address.startswith("#")] == []
    assert not re.search(r"url\(|@import|https?:", page.style)
    (policy,) = (meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert (
        policy
        == content_security_policy()
        == (f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")
    )


@pytest.mark.parametrize("evidence", EVERY.values(), ids=EVERY)
def test_every_scorecard_can_be_read_without_seeing_it(evidence: Evidence) -> None:
    page = seen(render_scorecard(evidence, FOUND))
    assert page.all("html") == [{"lang": "en"}]
    assert [len(page.all(landmark)) for landmark in ("main", "header", "footer", "h1")] == [1] * 4
    assert all(after - before <= 1 for before, after in pairwise(page.headings))
    assert len(page.ids) == len(set(page.ids))
    named = [one.attributes["aria-labelledby"] for one in page.elements if "aria-labelledby" in one.attributes]
    assert {one for names in named for one in names.split()} <= set(page.ids)
    assert set(page.links) <= {f"#{one}" for one in page.ids}
    assert all(a.get("scope") in {"col", "row", "rowgroup"} for a in page.all("th"))
    assert all(a["role"] == "img" and "aria-labelledby" in a for a in page.all("svg"))
    assert len(page.all("table")) == len(page.all("caption"))


def page_of(text: str) -> str:
    evidence = nasty_evidence(text)
    evidence = evidence.model_copy(update={"facts": nasty_facts(evidence.facts, text)})
    findings = (unfair(text), *nasty_findings(text))
    return render_scorecard(evidence, Verdict(findings=findings), text)


def shape(page: str) -> list[Element]:
    return seen(page).elements


@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text[:24]))
def test_no_text_becomes_an_element_or_an_attribute(text: str) -> None:
    page = page_of(text)
    assert shape(page) == shape(page_of(HARMLESS))
    assert len(page) < 200_000
    assert all(letter == "\n" or letter.isprintable() for letter in page)


@pytest.mark.full
@given(text=some.text(min_size=1, max_size=200))
def test_no_text_at_all_acts(text: str) -> None:
    assert shape(page_of(f"x{text}")) == shape(page_of(HARMLESS))


def test_what_was_not_measured_says_why() -> None:
    told = seen(render_scorecard(BARE, NOBODY)).text
    assert told.count("Not measured:") == 8
    assert "Not measured: there is no champion to compare with." in told
    assert "Not measured: the policy does not ask for it (evaluation: importance)." in told
    assert "No fairness gate was asked: what follows is told, and nothing of it was judged." in told
    crashed = seen(render_scorecard(CRASH, NOBODY)).text
    assert "Nothing could be measured: v2 did not answer, so nothing was measured." in crashed


def test_evidence_from_before_tells_what_the_policy_asked_for() -> None:
    told = seen(render_scorecard(PROMOTE, FOUND)).text
    assert "Only what the policy asks for was measured of groups." in told
    assert "true positive rate" in told


def test_a_thousand_groups_are_told_as_the_few_that_tell_most() -> None:
    page = render_scorecard(crowd(1_000), FOUND)
    told = seen(page).text
    assert len(page) < 400_000
    assert "28 more features are in the JSON file beside this one." in told
    assert "960 more groups are between the largest and the smallest, in the JSON file beside this one." in told


def test_small_groups_are_marked_in_words() -> None:
    told = seen(render_scorecard(TOLD, FOUND)).text
    assert "1 of 8 groups is too small for any interval: race and sex: black, female." in told
    assert "black, female small group" in told


def test_numbers_beyond_all_measure_are_shown() -> None:
    huge = TOLD.facts.treatment
    assert huge is not None
    numbers = tuple(one.model_copy(update={"challenger": 1e308, "difference": -1e308}) for one in huge.numbers)
    facts = TOLD.facts.model_copy(update={"treatment": huge.model_copy(update={"numbers": numbers})})
    assert "1e+308" in render_scorecard(TOLD.model_copy(update={"facts": facts}), FOUND)


def test_words_of_any_script_stay_as_they_are() -> None:
    page = page_of("漢字 עברית ünïcödé 😀")
    assert "漢字 עברית ünïcödé 😀" in page
