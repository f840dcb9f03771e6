"""Which promotion pages are there to look at? The cases of the other faces, with the people beside them."""

from gates.evidence import Evidence
from reports.chat_text import web_address
from reports.overview import Event
from reports.pages.about import About, Elsewhere
from reports.pages.moment import Moment, moment
from reports.pages.person_line import PersonLine
from reports.pages.promotion import render_promotion
from reports.pages.site import Site, Tab
from reports.report import Report
from tests.reports.cases import CASES, MORNING, report
from tests.reports.nasty import nasty_events, nasty_report

SITE = Site(
    style="/static/pages.css",
    tabs=tuple(Tab(name=name, address=f"/{name.lower()}") for name in ("Inbox", "Models", "Rulebook", "Ledger")),
    here="Inbox",
    note="Nobody is signed in: pages show, and change nothing.",
)
PEOPLE = (
    PersonLine(person="alice", roles=("data-scientist",), state="asked", why="the requester", at=MORNING),
    PersonLine(person="bob", roles=("validator",), state="approved", why="as validator", at=MORNING + 60),
    PersonLine(person="carol", roles=("ml-engineer", "validator"), state="can decide", why="", at=None),
    PersonLine(person="dana", roles=(), state="barred", why="registered the evaluation data", at=None),
)
EVENTS = (
    Event(seq=3, at=MORNING, kind="requested", subject="P4", text="alice asks to promote v2 to production"),
    Event(seq=7, at=MORNING + 60, kind="approved", subject="P4", text="bob: reads well"),
)


def about(case: Report, people: tuple[PersonLine, ...] = PEOPLE, events: tuple[Event, ...] = EVENTS) -> About:
    """Return what a page is made of."""
    return About(
        report=case,
        people=people,
        events=events,
        elsewhere=Elsewhere(
            model="/models/default/loan-approval",
            ledger="/ledger?subject=P4",
            card="/promotions/P4/card",
            pull_request=web_address(case.pull_request_url) or "",
        ),
        asked_at=_moment(case.created_at),
        waits="2 hours" if case.waits else "",
        expires=moment(case.deadline) if case.waits else None,
        left="3 days" if case.waits else "",
    )


def page(name: str, *, pictures: bool = True) -> str:
    """Return the page of a case."""
    return render_promotion(SITE, about(CASES[name]), pictures=pictures)


def page_of(evidence: Evidence) -> str:
    """Return the page of a promotion with this evidence."""
    return render_promotion(SITE, about(report(evidence, CASES["thorough"].findings)))


def nasty_page(text: str, state: str = "blocked") -> str:
    """Return a page that says `text` wherever somebody else's words can stand."""
    person = PersonLine(person=text, roles=(text, text), state="barred", why=text, at=0)
    return render_promotion(SITE, about(nasty_report(text, state), (person,), nasty_events(text)))


def _moment(at: int) -> Moment:
    found = moment(at)
    assert found is not None
    return found
