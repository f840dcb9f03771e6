"""Which rules are in force in a project, and what is wrong with them?"""

from collections.abc import Iterator

from bot.house.desk import Desk
from bot.house.window import Window
from bot.pages.answer import Answer, Asked, NotFoundError, Page
from gates.refusal import UserError
from policies.explain import explain_model
from policies.people import People, Person
from policies.rulebook import Rulebook
from reports.pages.addresses import model_address, person_address, rulebook_address
from reports.pages.rulebook import (
    ExplainedLine,
    PersonEntry,
    RulebookPage,
    blocks_of,
    render_rulebook,
    render_rulebooks,
)
from reports.pages.site import Site
from workflows.blocked import BlockedError
from workflows.installation import Project
from workflows.rulebook import TrustedRulebook, newest_trusted_rulebook, trusted_rulebook


def show_rulebooks(window: Window, asked: Asked, site: Site) -> Answer:
    """Show the only project's rulebook, or where each project's is."""
    projects = tuple(window.projects)
    if len(projects) == 1:
        return show_rulebook(window, Asked(path={"project": projects[0]}, query=asked.query), site)
    return Page(html=render_rulebooks(site, tuple((name, rulebook_address(name)) for name in projects)))


def show_rulebook(window: Window, asked: Asked, site: Site) -> Answer:
    """Show the rulebook in force, explained; it may not be the one that main has."""
    try:
        project = window.desk.project(asked.path["project"])
    except UserError as unknown:
        raise NotFoundError(str(unknown)) from unknown
    with window.desk.moment():
        return Page(html=render_rulebook(site, _page(window.desk, project)))


def _page(desk: Desk, project: Project) -> RulebookPage:
    problems = list(_problems(desk, project))
    try:
        trusted = newest_trusted_rulebook(desk.installation, project)
    except UserError as none:
        return RulebookPage(
            project=project.name, digest="", commit="", problems=(str(none),), people=(), governors=0, explained=()
        )
    return RulebookPage(
        project=project.name,
        digest=trusted.rulebook.digest,
        commit=trusted.commit,
        problems=(*problems, *trusted.unreadable),
        people=tuple(map(_person, _sorted(trusted.rulebook.people))),
        governors=trusted.rulebook.people.governors,
        explained=tuple(_explained(project, trusted)),
    )


def _problems(desk: Desk, project: Project) -> Iterator[str]:
    try:
        trusted_rulebook(desk.installation, project)
    except BlockedError as error:
        yield f"{error.blocked.summary} Next: {error.blocked.next}."


def _sorted(people: People) -> list[Person]:
    return [person for _, person in sorted(people.persons.items())]


def _person(person: Person) -> PersonEntry:
    return PersonEntry(
        login=person.login,
        name="" if person.name == person.login else person.name,
        roles=tuple(sorted(person.roles)),
        linked=tuple(sorted(platform for platform, accounts in person.accounts.items() if accounts)),
        address=person_address(person.login),
    )


def _explained(project: Project, trusted: TrustedRulebook) -> Iterator[ExplainedLine]:
    for model in sorted(trusted.rulebook.entries):
        for environment in project.environments:
            yield ExplainedLine(
                model=model,
                address=model_address(project.name, model),
                environment=environment,
                blocks=blocks_of(_words(trusted.rulebook, model, environment)),
            )


def _words(rulebook: Rulebook, model: str, environment: str) -> str:
    try:
        return explain_model(rulebook, model=model, environment=environment)
    except UserError as problem:  # no policy speaks of this environment: nothing can be promoted there
        return str(problem)
