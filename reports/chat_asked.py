"""What exactly does a person put their name to? The same facts in every chat, beside the question for their reason."""

from dataclasses import dataclass

from gates.evidence import Subject, VersionRef
from reports.chat_content import finding_line, worst
from reports.chat_text import shown
from reports.escaping import Inert
from reports.report import Report

LONGEST_FACT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that is decided about."""

    label: str
    value: Inert
    code: bool = False


def decided_about(report: Report) -> tuple[Fact, ...]:
    """Return what an approval or a rejection is about, the content of both versions included."""
    subject = None if report.evidence is None else report.evidence.subject
    return (
        Fact(label="Asked", value=shown(f"{report.id}, to {report.asks}", LONGEST_FACT)),
        Fact(label="Model", value=shown(report.model, LONGEST_FACT)),
        Fact(label="From", value=_version(report.champion, None if subject is None else subject.champion)),
        Fact(label="To", value=_version(report.version, None if subject is None else subject.challenger)),
        Fact(label="Environment", value=_environment(report, subject)),
        Fact(label="Evidence", value=shown(report.evidence_digest, LONGEST_FACT), code=True),
        Fact(label="Worst finding", value=_worst(report)),
        Fact(label="Asked by", value=_asked_by(report)),
    )


def _asked_by(report: Report) -> Inert:
    why = f": {report.reason}" if report.reason else ""
    return shown(f"{shown(report.requester, 60)}{why}", LONGEST_FACT)


def _version(version: str | None, named: VersionRef | None) -> Inert:
    if version is None:
        return Inert("nothing")
    content = "" if named is None else f" (content {named.digest[:12]})"
    return shown(f"v{shown(version, 100)}{content}", LONGEST_FACT)


def _environment(report: Report, subject: Subject | None) -> Inert:
    target = "" if subject is None or not subject.target else f" (target {shown(subject.target, 60)})"
    return shown(f"{shown(report.environment, 100)}{target}", LONGEST_FACT)


def _worst(report: Report) -> Inert:
    finding = worst(report.findings)
    if finding is None:
        return Inert("🛑 error: nothing was checked")
    line = finding_line(finding, LONGEST_FACT - 100)
    return shown(f"{line.mark} {line.outcome}, {line.gate}: {line.summary}", LONGEST_FACT)
