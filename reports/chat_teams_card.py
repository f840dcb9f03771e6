"""How does Teams show a promotion? As an adaptive card 1.5 of the same content as in Slack, one view for each reader.

https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/overview:
a card has at most 28 KB, and is fetched anew for at most 60 people. Actions carry the promotion and the digest of what
stood beside them, so that nobody approves what they did not see.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from pydantic import JsonValue

from reports.chat_content import Content, Links, fitting, named_digest
from reports.chat_rendering import render_object
from reports.chat_text import shortened
from reports.escaping import Inert, plain
from reports.report import Report

Card = dict[str, JsonValue]
Mentions = Sequence[tuple[str, str | None]]
"""People by login, each with an Entra object id, or None for a name that notifies nobody."""
Viewer = Literal["decider", "other"]

MOST_BYTES = 26_000
"""Of JSON as it is sent, every letter beyond ASCII as six; the rest of 28 KB is the message around the card."""
MOST_REFRESHED = 60
MOST_MENTIONS = 10
_NOT_SPOKEN = re.compile(r"[^\w .'-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an action says back."""

    promotion: str
    project: str
    digest: str

    @classmethod
    def of(cls, report: Report) -> "About":
        """Return what stands beside the action."""
        return cls(promotion=report.id, project=report.project, digest=named_digest(report))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One mention: the tag in the text, and whom it stands for."""

    name: Inert
    id: str

    @property
    def tag(self) -> str:
        """Return what stands in the text."""
        return f"<at>{self.name}</at>"


def card(
    report: Report,
    *,
    mentions: Mentions = (),
    links: Links,
    viewer: Viewer = "other",
    refreshed: Sequence[str] = (),
) -> Card:
    """Return the one card of a promotion, as a viewer sees it.

    `refreshed` are the Teams ids ("29:...") of those for whom it is fetched anew, since they may see buttons.
    """
    asking = report.waits or report.state == "blocked"
    show = partial(
        _card,
        about=About.of(report),
        entities=entities(mentions),
        others=names(mentions),
        refreshed=tuple(refreshed)[:MOST_REFRESHED] if asking else (),
        verbs=_verbs(report, viewer),
    )
    return fitting(report, links, show, fits)


def fits(document: Card) -> bool:
    """Does Teams take a card of this size?"""
    return len(json.dumps(document)) <= MOST_BYTES


def entities(mentions: Mentions) -> tuple[Entity, ...]:
    """Return those who have an account here, to be notified."""
    spoken = ((_spoken(person), account) for person, account in mentions if account)
    return tuple(Entity(name=name, id=account) for name, account in spoken)[:MOST_MENTIONS]


def names(mentions: Mentions) -> Inert:
    """Return the names of everyone else, who is not notified."""
    unheard = [person for person, account in mentions if not account]
    beyond = [person for person, account in mentions if account][MOST_MENTIONS:]
    return shortened(", ".join([*unheard, *beyond]), 300)


def _spoken(person: str) -> Inert:
    """Return a name that can stand in a mention: letters, digits and what joins them."""
    return Inert(_NOT_SPOKEN.sub(" ", plain(person, longest=60)).strip(" _") or "colleague")


def _verbs(report: Report, viewer: Viewer) -> tuple[str, ...]:
    if report.state == "blocked":
        return ("recheck", "details")
    if not report.waits:
        return ()
    return ("approve", "reject", "details") if viewer == "decider" else ("details",)


def _card(content: Content, **shown: object) -> Card:
    return render_object("teams_promotion.json.j2", content=content, **shown)
