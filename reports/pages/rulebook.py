"""Which rules are in force, in words, and who are the people in them?"""

from dataclasses import dataclass

from reports.markup import render_markup
from reports.pages.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntry:
    """One person of the rulebook."""

    login: str
    name: str
    """Empty where it says no more than the login."""
    roles: tuple[str, ...]
    linked: tuple[str, ...]
    """Platforms that they have an account on; which account it is, is nobody's business here."""
    address: str
    """Of what waits for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A sentence, and what it lists."""

    text: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedLine:
    """What holds for a model in one environment."""

    model: str
    address: str
    environment: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulebookPage:
    """The rulebook of one project."""

    project: str
    digest: str
    """Of the rulebook in force; empty where none ever was."""
    commit: str
    problems: tuple[str, ...]
    """What is wrong with main's rulebook now, a sentence each."""
    people: tuple[PersonEntry, ...]
    governors: int
    """How many have to approve a change."""
    explained: tuple[ExplainedLine, ...]


def blocks_of(text: str) -> tuple[Block, ...]:
    """Return an explanation's sentences, each with the points below it."""
    found: list[Block] = []
    for line in text.splitlines():
        point = line.removeprefix("  - ")
        if found and point != line:
            found[-1] = Block(text=found[-1].text, points=(*found[-1].points, point))
        else:
            found.append(Block(text=line))
    return tuple(found)


def render_rulebook(site: Site, page: RulebookPage) -> str:
    """Return the page of one project's rulebook."""
    return render_markup("page_rulebook.html.j2", site=site, page=page)


def render_rulebooks(site: Site, projects: tuple[tuple[str, str], ...]) -> str:
    """Return the page that leads to each project's rulebook: names with addresses."""
    return render_markup("page_rulebooks.html.j2", site=site, projects=projects)
