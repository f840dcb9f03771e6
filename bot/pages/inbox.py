"""What waits for whom? Of every project, the oldest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.house.desk import Desk
from bot.house.looks import change_lines, lane_lines
from bot.house.window import Window
from bot.pages.answer import Answer, Asked, Page
from bot.pages.links import browsable
from gates.refusal import Unavailable, UserError
from reports.overview import ChangeLine
from reports.pages.addresses import ledger_address, model_address, person_address, promotion_address
from reports.pages.inbox import Inbox, InboxLine, Obstacle, ServingLine, Waited, render_inbox
from reports.pages.moment import Moment, lasting, moment
from reports.pages.site import Site
from storage.promotions import Promotion
from workflows.installation import Project
from workflows.reporting import report_of
from workflows.rulebook import newest_trusted_rulebook

NEVER = Moment(iso="", words="")


@dataclass(slots=True, kw_only=True)
class _Found:
    """What was found in all projects, and what could not be looked at."""

    lines: list[InboxLine] = field(default_factory=list)
    serving: list[ServingLine] = field(default_factory=list)
    people: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


def show_inbox(window: Window, asked: Asked, site: Site) -> Answer:
    """Show what waits, by person, or what waits for one."""
    person = asked.word("person")
    found = _Found()
    with window.desk.moment():
        for name in window.projects:
            _look(window.desk, window.desk.project(name), found)
    found.lines.sort(key=lambda line: (line.since.iso, line.name))
    waited = tuple(group for group in _grouped(found.lines) if person in {"", group.person})
    people = found.people | {login for line in found.lines for login in line.who}
    inbox = Inbox(
        person=person,
        people=tuple(sorted(people)),
        unknown=bool(person) and person not in people,
        waited=waited,
        unclaimed=() if person else tuple(line for line in found.lines if not line.who),
        asked=tuple(line for line in found.lines if person and line.requester == person),
        serving=() if person else tuple(found.serving),
        problems=tuple(found.problems),
    )
    return Page(html=render_inbox(site, inbox))


def _look(desk: Desk, project: Project, found: _Found) -> None:
    """Look at one project; one that sleeps hides none of the others."""
    try:
        found.people |= set(_people(desk, project))
        found.serving.extend(serving_lines(desk, project))
        found.lines.extend(_changes(desk, project))
        for promotion in _open(desk, project):
            found.lines.append(_promotion(desk, project, promotion))
    except (Unavailable, UserError) as problem:
        found.problems.append(f"{project.name}: {problem}")


def serving_lines(desk: Desk, project: Project, model: str | None = None) -> Iterator[ServingLine]:
    """Yield what serves where in a project; of one model, where it is named."""
    several = len(desk.installation.projects) > 1
    for lane in lane_lines(desk, project, model):
        yield ServingLine(
            lane=lane,
            project=project.name if several else "",
            address=model_address(project.name, lane.model),
            promotion="" if lane.promotion is None else promotion_address(lane.promotion),
        )


def _grouped(lines: Sequence[InboxLine]) -> Iterator[Waited]:
    for person in sorted({login for line in lines for login in line.who}):
        theirs = tuple(line.to(person) for line in lines if person in line.who)
        yield Waited(person=person, address=person_address(person), lines=theirs)


def _people(desk: Desk, project: Project) -> Iterator[str]:
    try:
        yield from newest_trusted_rulebook(desk.installation, project).rulebook.people.persons
    except UserError:  # none was ever accepted: nobody is anybody
        return


def _open(desk: Desk, project: Project) -> Sequence[Promotion]:
    with desk.installation.database.reading() as work:
        return work.promotions.open(project.name)


def _promotion(desk: Desk, project: Project, promotion: Promotion) -> InboxLine:
    report = report_of(desk.installation, project, promotion)
    now, since = desk.installation.clock(), promotion.waiting_since or promotion.created_at
    return InboxLine(
        name=report.id,
        address=promotion_address(report.id),
        project=project.name if len(desk.installation.projects) > 1 else "",
        asks=report.asks,
        state=report.state,
        outcome="" if report.outcome is None else report.outcome.value,
        requester=report.requester,
        since=moment(since) or NEVER,
        waits=lasting(now - since),
        expires=moment(promotion.deadline) if report.waits else None,
        left=lasting(promotion.deadline - now) if report.waits and promotion.deadline is not None else "",
        why=tuple(dict.fromkeys(Obstacle(sentence=line.summary, who=tuple(line.who)) for line in report.blocked_by)),
    )


def _changes(desk: Desk, project: Project) -> Iterator[InboxLine]:
    with desk.installation.database.reading() as work:
        created = {change.name: change.created_at for change in work.rulebook_changes.open(project.name)}
    for change in change_lines(desk, project):
        yield _change(desk, project, change, created.get(change.id, 0))


def _change(desk: Desk, project: Project, change: ChangeLine, since: int) -> InboxLine:
    return InboxLine(
        name=change.id,
        address=browsable(change.url) or ledger_address(subject=change.id),
        project=project.name if len(desk.installation.projects) > 1 else "",
        asks="change the rulebook",
        state=change.state,
        outcome="",
        requester=change.author,
        since=moment(since) or NEVER,
        waits=lasting(desk.installation.clock() - since),
        expires=None,
        left="",
        why=(Obstacle(sentence=change.problem, who=change.who),),
    )
