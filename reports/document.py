"""What does a program hear of a promotion? The same report as one JSON document; its keys are fixed."""

from collections.abc import Sequence

from pydantic import JsonValue

from gates.outcome import Finding, Outcome
from reports.report import BlockedLine, DecisionLine, Report


def status_document(report: Report) -> dict[str, JsonValue]:
    """Return the document of `status P12 --json`."""
    subject = None if report.evidence is None else report.evidence.subject.model_dump(mode="json")
    return {
        "id": report.id,
        "project": report.project,
        "model": report.model,
        "version": report.version,
        "environment": report.environment,
        "kind": report.kind,
        "state": report.state,
        "requester": report.requester,
        "reason": report.reason,
        "problem": report.problem,
        "subject": subject,
        "evidence_digest": report.evidence_digest,
        "champion": report.champion,
        "verdict": None if report.outcome is None else verdict_document(report.outcome, report.findings),
        "decisions": [_decision(line) for line in report.decisions],
        "blocked_by": [_blocked(line) for line in report.blocked_by],
        "pull_request": _pull_request(report),
        "created_at": report.created_at,
        "deadline": report.deadline,
    }


def verdict_document(outcome: Outcome, findings: Sequence[Finding]) -> dict[str, JsonValue]:
    """Return what the gates say, as every document holds it."""
    return {"outcome": outcome.value, "findings": [finding.model_dump(mode="json") for finding in findings]}


def _decision(line: DecisionLine) -> JsonValue:
    return {
        "person": line.person,
        "decision": line.decision,
        "reason": line.reason,
        "surface": line.surface,
        "assurance": line.assurance,
        "evidence_digest": line.evidence_digest,
        "counts": line.counts,
        "why": line.why,
        "at": line.at,
    }


def _blocked(line: BlockedLine) -> JsonValue:
    return {"reason_code": line.reason_code, "summary": line.summary, "who": list(line.who), "next": line.next}


def _pull_request(report: Report) -> JsonValue:
    return None if report.pull_request is None else {"number": report.pull_request, "url": report.pull_request_url}
