"""Every face of every kind of promotion reads as its golden page does; look at those as their readers would."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.exchange import ExitCode, Reply
from bot.terminal.out import Out
from gates.evidence import Evidence, Kind
from gates.outcome import Outcome, Verdict
from reports.card import render_card
from reports.comment import check_summary, render_comment
from reports.document import status_document
from reports.evidence_page import render_evidence_page
from reports.overview import (
    events_document,
    overview_document,
    render_decision,
    render_events,
    render_overview,
    render_status,
    render_why,
)
from reports.report import Report
from tests.conversation import Golden
from tests.reports.cases import ALICE, BOB, CASES, EVIDENCE, MORNING, verdict
from tests.reports.loan_evidence import BARE, FACTS, MANY, PROMOTE, subject
from tests.reports.markdown_reader import acting_in, shape_of, tokens_of
from tests.reports.overviews import EVENTS, NOTHING, OVERVIEW

GOLDEN = Path(__file__).parent / "golden"
SMALL = {name: case for name, case in CASES.items() if name != "many_groups"}


def terminal_faces(case: Report) -> dict[str, str]:
    """Return what a terminal shows of a promotion, by command."""
    return {
        "status": render_status(case),
        "why": render_why(case),
        "approve": render_decision(case, url="http://127.0.0.1:8801", receipt="/srv/receipts/P4.json")
        if case.state == "promoted"
        else render_decision(case, url=None, receipt=None),
        "check": f"{check_summary(case)}\n",
    }


@pytest.mark.parametrize("name", SMALL)
def test_a_terminal_shows_a_promotion(name: str, golden: Golden) -> None:
    faces = terminal_faces(CASES[name])
    golden.page(GOLDEN / f"{name}.txt", "\n".join(f"# {command}\n{text}" for command, text in faces.items()))


@pytest.mark.parametrize("name", SMALL)
def test_the_pull_request_shows_a_promotion(name: str, golden: Golden) -> None:
    golden.page(GOLDEN / f"{name}.comment.md", render_comment(CASES[name]))


@pytest.mark.parametrize("name", [name for name, case in SMALL.items() if case.evidence is not None])
def test_the_evidence_reads_well_with_the_card_at_its_end(name: str, golden: Golden) -> None:
    case = CASES[name]
    evidence = _evidence_of(case)
    page = render_evidence_page(case.id, EVIDENCE, evidence, verdict(case))
    golden.page(GOLDEN / f"{name}.evidence.md", page)
    assert page.endswith(f"\n---\n\n{render_card(evidence, verdict(case))}")


def test_the_overview_tells_what_serves_and_who_is_waited_for(golden: Golden) -> None:
    golden.page(GOLDEN / "overview.txt", render_overview(OVERVIEW))
    golden.page(GOLDEN / "overview.json", json.dumps(overview_document(OVERVIEW), indent=1, ensure_ascii=False) + "\n")


def test_an_empty_overview_says_what_to_type_first() -> None:
    assert render_overview(NOTHING) == (
        "Nothing serves and nothing is open in default. Next: mlops promote MODEL VERSION to ENVIRONMENT\n"
    )


def test_a_rulebook_that_is_not_in_force_is_said_first() -> None:
    told = render_overview(
        replace(OVERVIEW, rulebook="Main's rulebook was never accepted. Next: mlops rulebook trust C.")
    )
    assert told.splitlines()[0] == (
        "The rulebook of default is not in force: Main's rulebook was never accepted. Next: mlops rulebook trust C."
    )


def test_a_trail_is_told_oldest_first(golden: Golden) -> None:
    golden.page(GOLDEN / "events.txt", render_events("Trail of P4", EVENTS))
    assert events_document(EVENTS)[1] == {
        "seq": 12,
        "at": MORNING + 60,
        "kind": "subject_changed",
        "subject": "P4",
        "text": "",
    }


def test_a_program_hears_the_same_report_as_json(golden: Golden) -> None:
    document = status_document(CASES["passed"])
    golden.page(GOLDEN / "passed.json", json.dumps(document, indent=1, ensure_ascii=False) + "\n")


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_narrow_terminal_folds_every_line(name: str, width: int) -> None:
    shown = "".join(_folded(text, width) for text in terminal_faces(CASES[name]).values())
    shown += _folded(render_overview(OVERVIEW), width) + _folded(render_events("Trail", EVENTS), width)
    assert [line for line in shown.splitlines() if len(line) > width and len(line.split()) > 1] == []


def _folded(text: str, width: int) -> str:
    stream = io.StringIO()
    Out(stdout=stream, width=width).reply(Reply(text=text, code=ExitCode.DONE))
    return stream.getvalue()


@pytest.mark.parametrize("name", CASES)
def test_no_page_acts_by_itself(name: str) -> None:
    case = CASES[name]
    assert acting_in(render_comment(case), ours="https://github.example/lending/models/") == []
    if case.evidence is not None:
        assert acting_in(render_evidence_page(case.id, EVIDENCE, case.evidence, verdict(case))) == []


@pytest.mark.parametrize(
    "change",
    [
        {"head": None},
        {"head": "main"},
        {"pull_request_url": "/srv/pulls/4.md"},
        {"pull_request_url": "https://x.example/a(b/pull/4"},
        {"environment": "a)b"},
        {"evidence": None},
    ],
)
def test_a_comment_has_no_pictures_where_they_have_no_plain_address(change: dict[str, Any]) -> None:
    assert "![" in render_comment(CASES["thorough"])
    assert "![" not in render_comment(replace(CASES["thorough"], **change))


def test_a_thousand_rows_are_cut_and_the_page_says_where_the_rest_is() -> None:
    page = render_evidence_page("P4", EVIDENCE, MANY, verdict(CASES["many_groups"]))
    assert "And 50 rows more in the JSON file beside this page." in page
    assert "And 50 files more in the JSON file beside this page." in page
    assert "And 50 rows more in the evidence." in page
    assert shape_of(tokens_of(page))["tr_open"] == 2 * 201 + 201 + 3 + 3 + 3 + 3


def test_the_card_of_the_same_evidence_has_the_same_bytes_whoever_decided() -> None:
    found = verdict(CASES["passed"])
    again = Evidence.model_validate_json(PROMOTE.model_dump_json())
    assert render_card(again, found) == render_card(PROMOTE, found)
    first = render_evidence_page("P4", EVIDENCE, PROMOTE, found)
    second = render_evidence_page("P9", EVIDENCE, again, found)
    assert first.splitlines()[1:] == second.splitlines()[1:]
    assert first.splitlines()[0] == "# P4: loan-approval 2 in production"


def test_the_card_of_evidence_that_says_nothing_has_every_section() -> None:
    card = render_card(BARE, Verdict(findings=()))
    assert [line for line in card.splitlines() if line.startswith("## ")] == [
        "## Model details",
        "## Intended use",
        "## Factors",
        "## Metrics",
        "## Evaluation data",
        "## Training data",
        "## Quantitative analyses",
        "## Ethical considerations",
        "## Caveats and recommendations",
        "## Principles",
        "## Findings",
    ]


def test_a_card_shows_whatever_shape_an_entry_has() -> None:
    entry: dict[str, object] = {
        "positive": True,
        "owner": {"login": "alice", "team": ["loans"]},
        "features": [],
        "label": 0.5,
    }
    card = render_card(Evidence(subject=subject(entry=entry), facts=FACTS), Verdict(findings=()))
    assert "- Owner: login: alice, team: loans" in card
    assert "- Label: 0.5, where true is positive" in card


def test_every_outcome_is_a_word_and_never_a_sign_alone() -> None:
    findings = tuple(CASES["passed"].findings[0].model_copy(update={"outcome": outcome}) for outcome in Outcome)
    page = render_card(PROMOTE, Verdict(findings=findings))
    lines = [line.split("**")[0] for line in page.partition("## Findings\n\n")[2].splitlines()]
    assert lines == ["- 🛑 error ", "- ❌ fail ", "- ❔ inconclusive ", "- ⚠️ warn ", "- ✅ pass "]


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("evaluating", "It moves on by itself. Next: mlops status P4"),
        ("waiting", "Nothing is known to stand in its way. Next: mlops recheck P4"),
        ("expired", "It is over. Next: mlops promote loan-approval 2 to production"),
    ],
)
def test_why_says_what_to_type_even_when_nothing_stands_in_the_way(state: str, told: str) -> None:
    assert told in render_why(replace(CASES["evaluating"], state=state, problem=""))


@pytest.mark.parametrize(
    ("kind", "version", "command"),
    [
        ("promote", "2", "mlops promote loan-approval 2 to production"),
        ("rollback", "1", "mlops rollback loan-approval in production to 1 --reason TEXT"),
        ("retire", None, "mlops retire loan-approval in production --reason TEXT"),
    ],
)
def test_the_command_to_ask_once_more_is_one_that_the_grammar_knows(
    kind: str, version: str | None, command: str
) -> None:
    assert replace(CASES["failed"], kind=kind, version=version).command == command


def test_a_decision_of_an_unknown_kind_is_shown_as_it_is() -> None:
    assert replace(BOB, decision="abstain").verb == "abstain"
    assert replace(BOB, decision="reject").verb == "rejected"
    assert ALICE.standing == "asserted"


def _evidence_of(case: Report) -> Evidence:
    assert case.evidence is not None
    return case.evidence


def test_a_rollback_says_which_way_it_goes() -> None:
    assert CASES["rollback"].asks == "roll back loan-approval in production to 1"
    assert _evidence_of(CASES["rollback"]).subject.kind is Kind.ROLLBACK
