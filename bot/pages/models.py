"""What is known of the models: what serves where, what happened, and what their cards say?"""

from collections.abc import Iterator, Sequence

from bot.house.desk import Desk
from bot.house.looks import card_of
from bot.house.trails import newest_events
from bot.house.window import Window
from bot.pages.answer import Answer, Asked, NotFoundError, Page
from bot.pages.inbox import serving_lines
from bot.pages.links import subject_address
from bot.pages.promotions import lines_of, named
from gates.refusal import Refused, Unavailable, UserError
from policies.entry import ModelEntry
from policies.near import or_near
from reports.card import render_card
from reports.overview import Event
from reports.pages.addresses import entry_address, model_address, promotion_address, rulebook_address, with_query
from reports.pages.markdown_page import MarkdownPage, render_markdown_page
from reports.pages.models import HappenedLine, ModelLine, ModelPage, render_model, render_models
from reports.pages.moment import Moment, moment
from reports.pages.site import Site
from storage.promotions import OPEN_STATES, Promotion
from workflows.installation import Project
from workflows.rulebook import newest_trusted_rulebook
from workflows.verdicts import verdict_of

NEVER = Moment(iso="", words="")
RECENT, HAPPENED = 10, 40
"""How many promotions and events the page of a model shows."""


def show_models(window: Window, _asked: Asked, site: Site) -> Answer:
    """Show every model of every project."""
    lines: list[ModelLine] = []
    problems: list[str] = []
    with window.desk.moment():
        for name in window.projects:
            try:
                lines.extend(_lines(window.desk, window.desk.project(name)))
            except Unavailable as asleep:
                problems.append(f"{name}: {asleep}")
    return Page(html=render_models(site, tuple(lines), tuple(problems)))


def _lines(desk: Desk, project: Project) -> Iterator[ModelLine]:
    entries, promotions = _entries(desk, project), _promotions(desk, project)
    for model in sorted({*entries, *(one.model for one in promotions)}):
        entry = entries.get(model)
        yield ModelLine(
            model=model,
            address=model_address(project.name, model),
            project=project.name if len(desk.installation.projects) > 1 else "",
            risk="" if entry is None else entry.risk.value,
            owner="" if entry is None else entry.owner,
            serving=tuple(serving_lines(desk, project, model)),
            open=tuple(one.name for one in promotions if one.model == model and one.state in OPEN_STATES),
        )


def show_model(window: Window, asked: Asked, site: Site) -> Answer:
    """Show one model."""
    desk, model = window.desk, asked.path["model"]
    project = _project(window, asked.path["project"])
    with desk.moment():
        entries, promotions = _entries(desk, project), _promotions(desk, project)
        theirs = [one for one in reversed(promotions) if one.model == model]
        entry = _known(project, model, entries, theirs)
        page = ModelPage(
            model=model,
            project=project.name if len(window.projects) > 1 else "",
            owner="" if entry is None else entry.owner,
            risk="" if entry is None else entry.risk.value,
            task="" if entry is None else entry.task,
            use="" if entry is None else entry.intended_use,
            serving=tuple(serving_lines(desk, project, model)),
            promotions=lines_of(theirs[:RECENT], several=False),
            promotions_address=with_query("/promotions", model=model) if len(theirs) > RECENT else "",
            happened=tuple(map(_happened, newest_events(desk, project, model, HAPPENED))),
            card=f"{model_address(project.name, model)}/card" if _measured(theirs) else "",
            rulebook=rulebook_address(project.name),
            problems=() if entry is not None else (f"The rulebook in force has no models/{model}/model.yaml.",),
        )
    return Page(html=render_model(site, page))


def show_model_card(window: Window, asked: Asked, site: Site) -> Answer:
    """Show the card of what the last environment serves, or of what was measured last."""
    project, model = _project(window, asked.path["project"]), asked.path["model"]
    evidence = card_of(window.desk, project, model, None)
    page = MarkdownPage(
        title=f"Model card of {model}",
        about=f"Version {evidence.subject.challenger.version}" if evidence.subject.challenger else "",
        address=model_address(project.name, model),
        back=model,
        markdown=render_card(evidence, verdict_of(evidence)),
    )
    return Page(html=render_markdown_page(site, page))


def show_promotion_card(window: Window, asked: Asked, site: Site) -> Answer:
    """Show the card of the version that a promotion asks for, as its evidence has it."""
    name = named(window, asked.path["name"])
    promotion = window.desk.promotion(name)
    if promotion.evidence_digest is None:
        raise NotFoundError(f"{name} has no evidence now, so it has no card.")
    evidence = window.desk.installation.evidence.get(promotion.evidence_digest)
    page = MarkdownPage(
        title=f"Model card of {promotion.model} {promotion.version or ''}".rstrip(),
        about=f"As the evidence of {promotion.name} has it",
        address=promotion_address(promotion.name),
        back=promotion.name,
        markdown=render_card(evidence, verdict_of(evidence)),
    )
    return Page(html=render_markdown_page(site, page))


def _project(window: Window, name: str) -> Project:
    try:
        return window.desk.project(name)
    except UserError as unknown:
        raise NotFoundError(str(unknown)) from unknown


def _known(
    project: Project, model: str, entries: dict[str, ModelEntry], promotions: Sequence[Promotion]
) -> ModelEntry | None:
    """Return a model's entry in the rulebook in force; None for one that left it."""
    if model not in entries and not promotions:
        raise Refused(f"There is no model {model[:60]} in {project.name}; {or_near(model, set(entries))}.")
    return entries.get(model)


def _entries(desk: Desk, project: Project) -> dict[str, ModelEntry]:
    try:
        return dict(newest_trusted_rulebook(desk.installation, project).rulebook.entries)
    except UserError:  # no rulebook was ever accepted
        return {}


def _promotions(desk: Desk, project: Project) -> Sequence[Promotion]:
    with desk.installation.database.reading() as work:
        return work.promotions.all(project.name)


def _measured(promotions: Sequence[Promotion]) -> bool:
    return any(one.evidence_digest is not None for one in promotions)


def _happened(event: Event) -> HappenedLine:
    return HappenedLine(
        at=moment(event.at) or NEVER,
        kind=event.kind,
        subject=event.subject,
        about=subject_address(event.subject),
        text=event.text,
        entry=entry_address(event.seq),
    )
