"""The page of a promotion says what the other faces say, and nothing in it acts."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from gates.evidence import Evidence, Facts, GroupMetric, MetricComparison
from tests.conversation import Golden
from tests.reports.cases import CASES
from tests.reports.loan_evidence import BLACK, FACTS, ROC_AUC, subject
from tests.reports.nasty import HARMLESS, NASTY
from tests.reports.promotion_pages import nasty_page, page, page_of
from tests.seen import Seen, seen

PAGES = Path(__file__).with_name("golden") / "pages"
SHOWN = ("passed", "thorough", "blocked", "rollback", "retire", "error", "bare", "evaluating")


@pytest.mark.parametrize("name", SHOWN)
def test_the_page_of_a_promotion(name: str, golden: Golden) -> None:
    golden.page(PAGES / f"{name}.html", page(name))


@pytest.mark.parametrize("name", CASES)
def test_every_page_is_whole_and_asks_nobody_else(name: str) -> None:
    found = seen(page(name))
    assert found.addresses <= {
        "/static/pages.css",
        "#main",
        "/inbox",
        "/models",
        "/rulebook",
        "/ledger",
        "/models/default/loan-approval",
        "/ledger?subject=P4",
        "/promotions/P4/card",
        "https://github.example/lending/models/pull/4",
        f"https://github.example/lending/models/compare/{'1f' * 20}...{'2e' * 20}",
    }
    assert not {"script", "style", "iframe", "object", "form"} & set(found.tags)
    assert found.acting == []
    assert [name for name, times in Counter(found.ids).items() if times > 1] == []
    assert CASES[name].headline in found.text


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.evidence is not None])
def test_the_page_says_every_sentence_that_the_comment_says(name: str) -> None:
    case, text = CASES[name], seen(page(name)).text
    said = [case.changes, *(finding.summary for finding in case.findings), *(line.reason for line in case.decisions)]
    if case.differs is not None and not case.ended:
        said.append(case.differs.sentence)
    assert [one for one in said if " ".join(one.split()) not in text] == []


@cache
def _harmless() -> Seen:
    return seen(nasty_page(HARMLESS))


@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text[:24]))
@pytest.mark.parametrize("state", ["blocked", "waiting"])
def test_no_text_becomes_an_element_or_an_address(text: str, state: str) -> None:
    found, harmless = seen(nasty_page(text, state)), seen(nasty_page(HARMLESS, state))
    assert found.shape == harmless.shape
    assert found.addresses == harmless.addresses
    assert len(nasty_page(text, state)) < 500_000


def test_the_same_report_gives_the_same_bytes() -> None:
    assert page("thorough") == page("thorough")


ODD = {
    "nothing measured": Facts(),
    "one class": FACTS.model_copy(
        update={"metrics": (MetricComparison(metric="roc_auc", challenger=None, problem="all labels are approved"),)}
    ),
    "one row": FACTS.model_copy(update={"metrics": (ROC_AUC.model_copy(update={"rows": 1, "too_few": "1 row"}),)}),
    "a thousand groups": FACTS.model_copy(
        update={"groups": tuple(BLACK.model_copy(update={"group": f"branch {n}"}) for n in range(1_000))}
    ),
    "a metric nobody knows": FACTS.model_copy(
        update={"metrics": (MetricComparison(metric="zorgness", challenger=1e300, champion=-1e300),)}
    ),
    "unicode": FACTS.model_copy(
        update={"groups": (GroupMetric(feature="ράτσα", group="مجموعة \u202e", metric="漢字", rows=3, challenger=0.5),)}
    ),
}


@pytest.mark.parametrize("facts", ODD.values(), ids=ODD)
def test_odd_facts_still_give_a_page(facts: Facts) -> None:
    html = page_of(Evidence(subject=subject(), facts=facts))
    assert "Verdict" in seen(html).text
    assert len(html) < 1_000_000
