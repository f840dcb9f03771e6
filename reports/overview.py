"""How do things stand: what serves where, what waits for whom, and what happened to a model?"""

from dataclasses import dataclass

from pydantic import JsonValue

from reports.document import status_document
from reports.rendering import render
from reports.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneLine:
    """What serves one model in one environment."""

    model: str
    environment: str
    champion: str | None
    promotion: str | None
    """The promotion that made it champion."""
    url: str | None
    """Where it answers; None when nothing runs now."""
    frozen: str
    """Why the lane is frozen; empty when it is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One open change of the rulebook."""

    id: str
    state: str
    problem: str
    author: str
    pull_request: int
    url: str
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything at a glance."""

    project: str
    rulebook: str
    """Empty when it is trusted; otherwise what is wrong with it."""
    lanes: tuple[LaneLine, ...]
    open: tuple[Report, ...]
    changes: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a history or a trail."""

    seq: int
    at: int
    kind: str
    subject: str
    text: str


def render_overview(overview: Overview) -> str:
    """Return the overview for a terminal."""
    return render("overview.txt.j2", overview=overview)


def render_status(report: Report) -> str:
    """Return one promotion for a terminal: the outcome first, a line per finding, what to type next."""
    return render("status.txt.j2", report=report)


def render_decision(report: Report, *, url: str | None, receipt: str | None) -> str:
    """Return what became of a promotion after somebody decided: no findings again, for they were read before."""
    return render("decision.txt.j2", report=report, url=url, receipt=receipt)


def render_why(report: Report) -> str:
    """Return what stands in a promotion's way, and who can do what next."""
    return render("why.txt.j2", report=report)


def render_events(title: str, events: tuple[Event, ...]) -> str:
    """Return a trail, oldest first."""
    return render("events.txt.j2", title=title, events=events)


def overview_document(overview: Overview) -> dict[str, JsonValue]:
    """Return the document of `status --json`."""
    return {
        "project": overview.project,
        "rulebook": overview.rulebook,
        "lanes": [
            {
                "model": lane.model,
                "environment": lane.environment,
                "champion": lane.champion,
                "promotion": lane.promotion,
                "url": lane.url,
                "frozen": lane.frozen,
            }
            for lane in overview.lanes
        ],
        "open": [status_document(report) for report in overview.open],
        "rulebook_changes": [
            {
                "id": change.id,
                "state": change.state,
                "problem": change.problem,
                "author": change.author,
                "pull_request": {"number": change.pull_request, "url": change.url},
                "who": list(change.who),
            }
            for change in overview.changes
        ],
    }


def events_document(events: tuple[Event, ...]) -> list[JsonValue]:
    """Return a trail as JSON."""
    return [
        {"seq": event.seq, "at": event.at, "kind": event.kind, "subject": event.subject, "text": event.text}
        for event in events
    ]
