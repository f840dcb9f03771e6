"""What is known of the models, and of one: what serves where, what happened to it, and its cards?"""

from dataclasses import dataclass

from reports.markup import render_markup
from reports.pages.inbox import ServingLine
from reports.pages.moment import Moment
from reports.pages.promotions import PromotionLine
from reports.pages.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLine:
    """One model of the rulebook, or one that was ever asked for."""

    model: str
    address: str
    project: str
    """Empty where there is one only."""
    risk: str
    owner: str
    serving: tuple[ServingLine, ...]
    open: tuple[str, ...]
    """What is open: "P12"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HappenedLine:
    """One thing that happened to a model."""

    at: Moment
    kind: str
    subject: str
    about: str
    """Address of what it is about; empty where there is none."""
    text: str
    entry: str
    """Address of the ledger's entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPage:
    """One model."""

    model: str
    project: str
    owner: str
    risk: str
    task: str
    use: str
    """What it is for, as its model.yaml says."""
    serving: tuple[ServingLine, ...]
    promotions: tuple[PromotionLine, ...]
    """The newest ones."""
    promotions_address: str
    """Of all of them."""
    happened: tuple[HappenedLine, ...]
    """The newest first."""
    card: str
    """Address of its card; empty where nothing was measured yet."""
    rulebook: str
    problems: tuple[str, ...] = ()


def render_models(site: Site, lines: tuple[ModelLine, ...], problems: tuple[str, ...]) -> str:
    """Return the page with all models."""
    return render_markup("page_models.html.j2", site=site, lines=lines, problems=problems)


def render_model(site: Site, page: ModelPage) -> str:
    """Return the page of one model."""
    return render_markup("page_model.html.j2", site=site, page=page)
