"""Whatever there is to tell, every face can tell it, and the same twice."""

import pytest
from hypothesis import given, settings

from gates.evidence import Evidence
from gates.outcome import Finding, Verdict
from reports.card import render_card
from reports.comment import check_summary, render_comment
from reports.document import status_document
from reports.evidence_page import render_evidence_page
from reports.overview import render_decision, render_status, render_why
from reports.report import Report
from tests.reports.anything import evidences, findings, reports, words
from tests.reports.markdown_reader import acting_in


@pytest.mark.full
@settings(max_examples=60)
@given(evidence=evidences, found=findings, name=words)
def test_every_evidence_has_a_page_and_a_card(evidence: Evidence, found: tuple[Finding, ...], name: str) -> None:
    verdict = Verdict(findings=found)
    page = render_evidence_page(name, "digest", evidence, verdict)
    assert page == render_evidence_page(name, "digest", evidence, verdict)
    assert page.endswith(render_card(evidence, verdict))
    assert acting_in(page) == []


@settings(max_examples=60)
@given(report=reports)
def test_every_report_has_all_its_faces(report: Report) -> None:
    comment = render_comment(report)
    assert comment == render_comment(report)
    assert acting_in(comment) == []
    assert status_document(report)["state"] == report.state
    for told in (render_status(report), render_why(report), render_decision(report, url=None, receipt=None)):
        assert told.endswith("\n")
        assert not told.endswith("\n\n")
    assert "\n" not in check_summary(report)
