"""What was ever asked for, newest first?"""

from dataclasses import dataclass

from reports.markup import render_markup
from reports.pages.moment import Moment
from reports.pages.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionLine:
    """One promotion, in one line."""

    name: str
    address: str
    project: str
    """Empty where there is one only."""
    model: str
    model_address: str
    asks: str
    state: str
    requester: str
    at: Moment
    """When it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionsPage:
    """A stretch of all promotions, newest first."""

    lines: tuple[PromotionLine, ...]
    state: str
    model: str
    states: tuple[str, ...]
    models: tuple[str, ...]
    amount: int
    newest: str
    """Address of the newest ones; empty where these are."""
    older: str


def render_promotions(site: Site, page: PromotionsPage) -> str:
    """Return the page."""
    return render_markup("page_promotions.html.j2", site=site, page=page)
