"""What does a chat show of a promotion, and how much of it? The same for every chat, which only lays it out.

Everything here is inert already, short enough for one message, and says how much was left out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from gates.outcome import Finding, Outcome
from reports.chat_table import compared, lined_up, table_of
from reports.chat_text import shortened, shown, web_address
from reports.escaping import NOTHING, Inert
from reports.finding_line import gate_of, worst_first
from reports.gate_line import gate_lines
from reports.marks import MARKS
from reports.rendering import amount, moment, sentence, short
from reports.report import BlockedLine, DecisionLine, Report, Step

Payload = TypeVar("Payload")
LONGEST_HEADLINE = 150
LONGEST_NAME = 60
LONGEST_MARGIN = 100
LONGEST_DIGEST = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much of everything fits: lines of each kind, and units of each text in them."""

    findings: int
    lines: int
    metrics: int
    text: int


ROOMS = (
    Room(findings=15, lines=8, metrics=8, text=360),
    Room(findings=10, lines=6, metrics=6, text=180),
    Room(findings=5, lines=4, metrics=3, text=90),
    Room(findings=2, lines=2, metrics=0, text=40),
)
"""The roomiest first; the last one fits whatever there is to tell."""


class Links(Protocol):
    """Where more is to be read; None where there is no such page."""

    @property
    def page(self) -> str | None:
        """The promotion's page on the bot's own site."""

    @property
    def pull_request(self) -> str | None:
        """The pull request."""

    @property
    def evidence(self) -> str | None:
        """The evidence, for people."""

    @property
    def card(self) -> str | None:
        """The model card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """What one gate says."""

    mark: str
    outcome: str
    gate: Inert
    summary: Inert
    margin: Inert
    """What is left to the nearest limit; empty where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One thing that is waited for, or that stands in the way."""

    code: str
    summary: Inert
    who: Inert
    next: Inert
    """Empty where buttons say it, or where the line after it says the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One person's decision."""

    person: Inert
    said: Inert
    """What they did, how surely it was them, and why."""
    discounted: Inert
    """Why it does not count; empty where it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One address, and what stands there."""

    label: Inert
    url: Inert


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a message about one promotion shows, in its order."""

    headline: Inert
    requester: Inert
    reason: Inert
    changes: Inert
    """What would change for people."""
    differs: Inert
    """In what the challenger differs from the champion, beside the metrics."""
    problem: Inert
    verdict: Inert
    """Which gates decide, and how many said what; empty before there is evidence."""
    findings: tuple[FindingLine, ...]
    more_findings: int
    table: tuple[tuple[Inert, ...], ...]
    more_metrics: int
    obstacles_title: str
    obstacles: tuple[Obstacle, ...]
    more_obstacles: int
    decisions: tuple[Said, ...]
    more_decisions: int
    deadline: Inert
    """Until when people can decide, and about what; empty where it is not their turn."""
    evidence: str
    links: tuple[Link, ...]
    unlinked: Inert
    """Where the pull request lies, if that is no address."""

    @property
    def lined_up(self) -> Inert:
        """The table as text of one width, for a chat that takes no table here."""
        return lined_up(self.table)


def fitting(
    report: Report, links: Links, show: Callable[[Content], Payload], fits: Callable[[Payload], bool]
) -> Payload:
    """Show as much as fits."""
    for room in ROOMS[:-1]:
        payload = show(content_of(report, links, room))
        if fits(payload):
            return payload
    return show(content_of(report, links, ROOMS[-1]))


def content_of(report: Report, links: Links, room: Room) -> Content:
    """Return what to show of a report in the room there is."""
    findings = worst_first(report.findings)
    metrics = compared(report.evidence)
    obstacles = _obstacles(report, room)
    found = _links(report, links)
    return Content(
        headline=shown(report.headline, min(LONGEST_HEADLINE, room.text * 3)),
        requester=shown(report.requester, LONGEST_NAME),
        reason=shortened(report.reason, room.text),
        changes=shortened(report.changes, room.text),
        differs=shortened(_differs(report), room.text),
        problem=shortened(_problem(report), room.text),
        verdict=_verdict(report, room),
        findings=_finding_lines(findings[: room.findings], report, room),
        more_findings=max(0, len(findings) - room.findings),
        table=table_of(metrics[: room.metrics]),
        more_metrics=max(0, len(metrics) - room.metrics),
        obstacles_title=_title(report),
        obstacles=obstacles[: room.lines],
        more_obstacles=max(0, len(obstacles) - room.lines),
        decisions=tuple(_said(line, room) for line in report.decisions[-room.lines :]),
        more_decisions=max(0, len(report.decisions) - room.lines),
        deadline=_deadline(report),
        evidence=shortened(short(report.evidence_digest), 12),
        links=found,
        unlinked=_unlinked(report, found),
    )


def named_digest(report: Report) -> str:
    """Return the evidence digest that a button carries; what is longer than one equals none, and decides nothing."""
    return (report.evidence_digest or "")[:LONGEST_DIGEST]


def worst(findings: Sequence[Finding]) -> Finding | None:
    """Return the finding that decides."""
    return next(iter(worst_first(findings)), None)


def finding_line(finding: Finding, most: int) -> FindingLine:
    """Return one finding as a line."""
    return FindingLine(
        mark=MARKS[finding.outcome],
        outcome=finding.outcome.value,
        gate=shown(gate_of(finding), LONGEST_NAME),
        summary=shown(finding.summary, most),
        margin=_margin(finding),
    )


def _margin(finding: Finding) -> Inert:
    (line,) = gate_lines([finding])
    if line.measure is None or line.measure.margin is None:
        return NOTHING
    left = amount(abs(line.measure.margin), line.measure)
    said = f"Beyond the limit by {left}" if line.measure.margin < 0 else f"Margin left: {left}"
    return shortened(f"{said} ({line.measure.name}).", LONGEST_MARGIN)


def _finding_lines(findings: Sequence[Finding], report: Report, room: Room) -> tuple[FindingLine, ...]:
    if findings or report.outcome is None:
        return tuple(finding_line(finding, room.text) for finding in findings)
    mark = MARKS[Outcome.ERROR]
    return (
        FindingLine(
            mark=mark, outcome="error", gate=Inert("verdict"), summary=Inert("nothing was checked."), margin=NOTHING
        ),
    )


def _verdict(report: Report, room: Room) -> Inert:
    outcome = report.outcome
    return NOTHING if outcome is None else shortened(f"{MARKS[outcome]} {outcome.value}: {report.verdict}", room.text)


def _differs(report: Report) -> str:
    return "" if report.differs is None or report.ended else report.differs.sentence


def _problem(report: Report) -> str:
    return report.problem if report.waits or not report.blocked_by else ""


def _title(report: Report) -> str:
    if report.waits:
        return "Who decides"
    return "How it ended" if report.ended else "What stands in the way"


def _obstacles(report: Report, room: Room) -> tuple[Obstacle, ...]:
    return tuple(
        _obstacle(report, step, line, room, last=line is step.lines[-1]) for step in report.steps for line in step.lines
    )


def _obstacle(report: Report, step: Step, line: BlockedLine, room: Room, *, last: bool) -> Obstacle:
    told = line.by_gate and bool(report.findings)
    summary = "the findings above say why." if told else sentence(line.summary)
    decides = report.waits and bool(step.lines[0].who)
    return Obstacle(
        code="" if report.waits and not told else shortened(line.reason_code, LONGEST_NAME),
        summary=shown(summary, room.text),
        who=shortened(", ".join(line.who), room.text),
        next=shortened(step.next, room.text) if last and not decides else NOTHING,
    )


def _said(line: DecisionLine, room: Room) -> Said:
    return Said(
        person=shown(line.person, LONGEST_NAME),
        said=shortened(f"{line.verb} ({line.standing}){line.reason and f': {line.reason}'}", room.text),
        discounted=NOTHING if line.counts else shown(line.why, room.text),
    )


def _deadline(report: Report) -> Inert:
    if not report.waits:
        return NOTHING
    expires = "" if report.deadline is None else f" It expires at {moment(report.deadline)}."
    return Inert(f"A decision is about this evidence: if the subject changes, you are asked again.{expires}")


def _links(report: Report, links: Links) -> tuple[Link, ...]:
    pull_request = "Pull request" if report.pull_request is None else f"Pull request {report.pull_request}"
    named = (
        (pull_request, links.pull_request or report.pull_request_url),
        ("Evidence", links.evidence),
        ("Model card", links.card),
        ("All of it", links.page),
    )
    return tuple(Link(label=Inert(label), url=url) for label, given in named if (url := web_address(given)) is not None)


def _unlinked(report: Report, found: Sequence[Link]) -> Inert:
    if report.pull_request is None or any(link.label.startswith("Pull request") for link in found):
        return NOTHING
    return shortened(f"Pull request {report.pull_request}: {report.pull_request_url or 'no address'}", 200)
