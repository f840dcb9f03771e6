"""What was asked for, and how does one of them stand?"""

import re
from collections.abc import Sequence

from bot.commands import PromotionName
from bot.house.desk import Desk
from bot.house.standings import people_lines
from bot.house.trails import events_of
from bot.house.window import Window
from bot.pages.answer import Answer, Asked, NotFoundError, Page
from bot.pages.links import browsable
from gates.evidence import Kind
from gates.refusal import UserError
from reports.pages.about import About, Elsewhere
from reports.pages.addresses import ledger_address, model_address, promotion_address, with_query
from reports.pages.moment import Moment, lasting, moment
from reports.pages.promotion import render_promotion
from reports.pages.promotions import PromotionLine, PromotionsPage, render_promotions
from reports.pages.site import Site
from reports.report import Report
from storage.promotions import OPEN_STATES, Promotion
from workflows.reporting import report_of

MOST = 50
"""Promotions on a page."""
NAME = re.compile(r"[Pp]([1-9][0-9]{0,14})")
NEVER = Moment(iso="", words="")
OPEN = "open"


def show_promotion(window: Window, asked: Asked, site: Site) -> Answer:
    """Show the decision report of one promotion, and where each person stands with it."""
    name = named(window, asked.path["name"])
    with window.desk.moment():
        promotion = window.desk.promotion(name)
        report = report_of(window.desk.installation, window.desk.project(promotion.project), promotion)
        about = About(
            report=report,
            people=people_lines(window.desk, promotion),
            events=events_of(window.desk, str(name), after=0),
            elsewhere=_elsewhere(promotion, report),
            asked_at=moment(promotion.created_at) or NEVER,
            waits=_waits(window.desk, promotion, report),
            expires=moment(promotion.deadline) if report.waits else None,
            left=_left(window.desk, promotion) if report.waits else "",
        )
    return Page(html=render_promotion(site, about))


def named(window: Window, text: str) -> PromotionName:
    """Return the promotion that an address names; says which there are where there is no such one."""
    found = NAME.fullmatch(text)
    if found is None:
        raise NotFoundError(f"{text[:20]} is no promotion: they are called P1, P2 and so on.")
    name = PromotionName(number=int(found[1]))
    try:
        window.desk.promotion(name)
    except UserError as unknown:
        raise NotFoundError(str(unknown)) from unknown
    return name


def _elsewhere(promotion: Promotion, report: Report) -> Elsewhere:
    return Elsewhere(
        model=model_address(promotion.project, promotion.model),
        ledger=ledger_address(subject=promotion.name),
        evidence="" if report.evidence is None else f"{promotion_address(promotion.name)}/evidence",
        card="" if report.evidence is None else f"{promotion_address(promotion.name)}/card",
        scorecard=f"{promotion_address(promotion.name)}/scorecard" if _has_scorecard(report) else "",
        pull_request=browsable(promotion.pull_request_url),
    )


def _has_scorecard(report: Report) -> bool:
    return report.evidence is not None and report.evidence.subject.kind is Kind.PROMOTE


def _waits(desk: Desk, promotion: Promotion, report: Report) -> str:
    if not report.waits or promotion.waiting_since is None:
        return ""
    return lasting(desk.installation.clock() - promotion.waiting_since)


def _left(desk: Desk, promotion: Promotion) -> str:
    return "" if promotion.deadline is None else lasting(promotion.deadline - desk.installation.clock())


def show_promotions(window: Window, asked: Asked, site: Site) -> Answer:
    """Show all promotions that fit, newest first, a stretch at a time."""
    state, model, before = asked.word("state"), asked.word("model"), asked.number("before")
    everything = _everything(window)
    fitting = [one for one in everything if _fits(one, state, model)]
    shown = [one for one in fitting if before is None or one.id < before]
    fields = {"state": state, "model": model}
    older = with_query("/promotions", **fields, before=str(shown[MOST - 1].id)) if len(shown) > MOST else ""
    page = PromotionsPage(
        lines=tuple(_line(one, several=len(window.projects) > 1) for one in shown[:MOST]),
        state=state,
        model=model,
        states=(OPEN, *sorted({one.state for one in everything})),
        models=tuple(sorted({one.model for one in everything})),
        amount=len(fitting),
        newest="" if before is None else with_query("/promotions", **fields),
        older=older,
    )
    return Page(html=render_promotions(site, page))


def _everything(window: Window) -> Sequence[Promotion]:
    with window.desk.installation.database.reading() as work:
        found = [one for project in window.projects for one in work.promotions.all(project)]
    return sorted(found, key=lambda one: one.id, reverse=True)


def _fits(promotion: Promotion, state: str, model: str) -> bool:
    in_state = state in {"", promotion.state} or (state == OPEN and promotion.state in OPEN_STATES)
    return in_state and model in {"", promotion.model}


def _line(promotion: Promotion, *, several: bool) -> PromotionLine:
    return PromotionLine(
        name=promotion.name,
        address=promotion_address(promotion.name),
        project=promotion.project if several else "",
        model=promotion.model,
        model_address=model_address(promotion.project, promotion.model),
        asks=_asks(promotion),
        state=promotion.state,
        requester=promotion.requester,
        at=moment(promotion.created_at) or NEVER,
    )


def _asks(promotion: Promotion) -> str:
    """Say what is asked for, beside the model."""
    if promotion.version is None:
        return f"retire in {promotion.environment}"
    if promotion.kind is Kind.ROLLBACK:
        return f"roll {promotion.environment} back to {promotion.version}"
    return f"{promotion.version} to {promotion.environment}"


def lines_of(promotions: Sequence[Promotion], *, several: bool) -> tuple[PromotionLine, ...]:
    """Return promotions in a line each."""
    return tuple(_line(one, several=several) for one in promotions)
