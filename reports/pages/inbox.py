"""What waits for whom, and what serves where?"""

from dataclasses import dataclass, replace

from reports.markup import render_markup
from reports.overview import LaneLine
from reports.pages.moment import Moment
from reports.pages.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """What stands in the way of something."""

    sentence: str
    who: tuple[str, ...]
    """Who can do something about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxLine:
    """One open promotion or rulebook change."""

    name: str
    """"P12" or "R3"."""
    address: str
    project: str
    """Empty where there is one only."""
    asks: str
    state: str
    outcome: str
    """Of its gates; empty before they judged."""
    requester: str
    since: Moment
    """When it began to wait."""
    waits: str
    """For how long now."""
    expires: Moment | None
    left: str
    why: tuple[Obstacle, ...]

    @property
    def who(self) -> tuple[str, ...]:
        """Who can do something about it, sorted."""
        return tuple(sorted({login for one in self.why for login in one.who}))

    def to(self, person: str) -> "InboxLine":
        """Return it with what stands in the way that this person can do something about."""
        return replace(self, why=tuple(one for one in self.why if person in one.who))


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """A person, and what waits for them, oldest first."""

    person: str
    address: str
    lines: tuple[InboxLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingLine:
    """What serves in one lane, and where more is told about it."""

    lane: LaneLine
    project: str
    """Empty where there is one only."""
    address: str
    promotion: str
    """Address of the promotion that made it champion; empty where there was none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """What waits, by person; of one person, where one is named."""

    person: str
    people: tuple[str, ...]
    """Whom there is to choose from."""
    unknown: bool
    """Is that person nobody whom a rulebook names, and nothing waits for?"""
    waited: tuple[Waited, ...]
    unclaimed: tuple[InboxLine, ...]
    """What waits for nobody: it is on its way, or nobody may decide."""
    asked: tuple[InboxLine, ...]
    """What that person asked for."""
    serving: tuple[ServingLine, ...]
    problems: tuple[str, ...]
    """What could not be looked at, a sentence each."""


def render_inbox(site: Site, inbox: Inbox) -> str:
    """Return the page."""
    return render_markup("page_inbox.html.j2", site=site, inbox=inbox)
