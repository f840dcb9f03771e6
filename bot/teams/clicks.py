"""What does a card show to whoever used it? Their own view, the question for their reason, or why they cannot.

Looking only, for two seconds at most. A decision is kept under a key that doubled clicks and redeliveries share, and
judged by the house later; the card that everybody sees is edited then.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from bot.chat.guests import REFUSAL, guest_may_see
from bot.chat.heard import Decided, Heard, Rechecked, Typed
from bot.chat.lookout import Lookout
from bot.chat.mentions import mentions
from bot.house.window import News, Window
from bot.teams import faces
from bot.teams.activity import Activity
from bot.teams.card_answer import CardAnswer, failed, shown, told
from bot.teams.directory import PLATFORM
from bot.teams.names import key_of
from bot.teams.origin import Origin
from bot.teams.pressed import About, Filled, Verb, used
from gates.refusal import Refused, Unavailable, UserError
from reports import chat_teams

MINUTE = 60
"""Seconds in which the same button, pressed again, means the same."""
HEARD = "Heard. The answer comes here."

Keep = Callable[[str, Heard], bool]
"""Keeps what was heard; False when it is known. Whatever it raises means that nothing was kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicks:
    """Answers whoever uses a card."""

    lookout: Lookout
    keep: Keep
    clock: Callable[[], int]

    async def answer(self, activity: Activity, *, guest: bool) -> CardAnswer:
        """Return what the card is to show; raises MalformedError."""
        verb, what = used(activity.value)
        try:
            if isinstance(what, Filled):
                return await self._asked_for(activity, what, guest=guest)
            if verb in {"approve", "reject"} and what.confirmed:
                return await self._decided(activity, what, approves=verb == "approve", guest=guest)
            if verb == "recheck":
                return await self._recheck(activity, what, guest=guest)
            return await self.lookout.look(partial(self._seen, activity, verb, what, guest=guest))
        except UserError as mistake:
            return told(str(mistake))
        except Unavailable as asleep:
            return failed(HTTPStatus.SERVICE_UNAVAILABLE, str(asleep))

    def _seen(self, activity: Activity, verb: Verb, about: About, *, guest: bool) -> CardAnswer:
        window = self.lookout.window()
        if guest and (verb in {"approve", "reject"} or not guest_may_see(window, about.name)):
            raise Refused(REFUSAL)
        if verb in {"approve", "reject"}:
            return _question(window, activity, about, approves=verb == "approve")
        if verb == "details":
            return shown(faces.details(window.report(about.name)))
        return shown(_view(window, activity, about, guest=guest))

    async def _decided(self, activity: Activity, about: About, *, approves: bool, guest: bool) -> CardAnswer:
        decided = Decided(
            platform=PLATFORM,
            account=activity.account,
            approves=approves,
            promotion=about.promotion,
            project=about.project,
            digest=about.digest,
            reason=about.reason,
            origin=Origin.of(activity).to_json(),
            at=activity.at(self.clock()),
            guest=guest,
        )
        await self._keep(activity, "approve" if approves else "reject", about, decided)
        return await self._acknowledged(activity, about, guest=guest)

    async def _recheck(self, activity: Activity, about: About, *, guest: bool) -> CardAnswer:
        asked = Rechecked(
            platform=PLATFORM,
            account=activity.account,
            promotion=about.promotion,
            project=about.project,
            origin=Origin.of(activity).to_json(),
            at=activity.at(self.clock()),
            guest=guest,
        )
        await self._keep(activity, "recheck", about, asked)
        return told(HEARD)

    async def _asked_for(self, activity: Activity, filled: Filled, *, guest: bool) -> CardAnswer:
        typed = Typed(
            platform=PLATFORM,
            account=activity.account,
            words=filled.words,
            origin=Origin.of(activity).to_json(),
            at=activity.at(self.clock()),
            place=activity.channel,
            guest=guest,
        )
        await self._keep(activity, "promote", filled, typed)
        return shown(faces.plain_text(f"Heard: {filled.words}\nThe answer comes here."))

    async def _acknowledged(self, activity: Activity, about: About, *, guest: bool) -> CardAnswer:
        """Show the promotion without buttons until the house has judged; a house that is busy is no reason to fail."""

        def see() -> CardAnswer:
            window = self.lookout.window()
            if guest and not guest_may_see(window, about.name):
                return told(HEARD)
            return shown(_card(window.news(about.name), activity, decider=False))

        try:
            return await self.lookout.look(see)
        except (UserError, Unavailable):
            return told(HEARD)

    async def _keep(self, activity: Activity, verb: Verb, pressed: About | Filled, heard: Heard) -> None:
        """Keep a click under the name of who pressed what on which card, within the same minute."""
        minute = activity.at(self.clock()) // MINUTE
        key = key_of(verb, pressed.model_dump(), activity.account, activity.reply_to or "", minute)
        await asyncio.to_thread(self.keep, key, heard)


def _question(window: Window, activity: Activity, about: About, *, approves: bool) -> CardAnswer:
    """Ask for the reason beside what it is about; or say what changed, or why this person cannot decide."""
    report = window.report(about.name)
    if report.evidence_digest is not None and report.evidence_digest != about.digest:
        return shown(chat_teams.changed_card(report, what=window.changed(report, about.digest)))
    allowed, why = _may_decide(window, activity, about)
    return shown(
        chat_teams.reason_card(report, approves=approves) if allowed else chat_teams.refused_card(report, why=why)
    )


def _view(window: Window, activity: Activity, about: About, *, guest: bool) -> faces.Card:
    decider = not guest and _may_decide(window, activity, about)[0]
    return _card(window.news(about.name), activity, decider=decider)


def _card(news: News, activity: Activity, *, decider: bool) -> faces.Card:
    shown_people = mentions(PLATFORM, news, news.deciders)
    return faces.view(news.report, news.links, shown_people, decider=decider, viewer=activity.sender.id)


def _may_decide(window: Window, activity: Activity, about: About) -> tuple[bool, str]:
    person = window.person(about.project, PLATFORM, activity.account)
    return window.can_decide(about.name, None if person is None else person.login)
