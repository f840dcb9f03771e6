"""What is there to show about a promotion, beside the report itself?"""

from dataclasses import dataclass

from reports.overview import Event
from reports.pages.moment import Moment
from reports.pages.person_line import PersonLine
from reports.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Addresses of what belongs to it; empty where there is no such page."""

    model: str
    ledger: str
    evidence: str = ""
    card: str = ""
    scorecard: str = ""
    pull_request: str = ""
    """Only ever http or https."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """All that the page of one promotion is made of, read in one moment."""

    report: Report
    people: tuple[PersonLine, ...]
    """Each person once: asked, approved, rejected, no longer counts, can decide, barred; in this order."""
    events: tuple[Event, ...]
    """What happened to it, oldest first."""
    elsewhere: Elsewhere
    asked_at: Moment
    waits: str = ""
    """For how long it has waited for people; empty when it does not."""
    expires: Moment | None = None
    """While it waits for people."""
    left: str = ""
    """How long until then."""
