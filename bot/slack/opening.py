"""Which modal does a person get to see, and what is told to those who get none?

Looking only, within the three seconds that Slack's trigger lives; nothing is decided here. What a person submits is
judged by the house again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from pydantic import JsonValue

from bot.chat.guests import REFUSAL, guest_may_see
from bot.chat.heard import promotion_named
from bot.commands import PromotionName
from bot.house.window import Window
from bot.slack.answering import Answering
from bot.slack.members import Members
from bot.slack.origin import Origin
from bot.slack.reference import LONGEST_URL, Kept, Reference
from bot.slack.unfinished import Begun
from bot.slack.web_api import Done, WebApi, said
from gates.refusal import Refused, Unavailable, UserError
from reports import chat_slack
from reports.report import Report

PLATFORM = "slack"

View = dict[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who pressed or typed, and where."""

    team: str
    user: str
    trigger: str
    origin: Origin

    @property
    def account(self) -> str:
        """The account as people.yaml has it."""
        return f"{self.team}/{self.user}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Opens modals; runs in a thread of the lookout."""

    api: WebApi
    members: Members
    answering: Answering
    window: Callable[[], Window]

    def promote(self, asker: Asker, begun: Begun) -> None:
        """Ask what to promote, with what is known filled in."""
        view = chat_slack.promote_modal(
            model=begun.model,
            version=begun.version,
            environment=begun.environment,
            reason=begun.reason,
            private_metadata=_kept(Kept(origin=asker.origin)),
        )

        def ask() -> None:
            self._expect_member(asker)
            self._open(asker, view)

        self._telling(asker, ask)

    def decision(self, asker: Asker, reference: Reference, *, approves: bool) -> None:
        """Show exactly what is decided about, and ask why; or say why this person cannot, and who can."""
        self._telling(asker, lambda: self._decision(asker, reference, approves=approves))

    def rejection(self, asker: Asker, name: PromotionName) -> None:
        """Ask for the reason of a rejection that was typed without one; it is about what is there now."""

        def reject() -> None:
            self._expect_member(asker)
            report = self.window().report(name)
            self._decision(asker, _now(report), approves=False)

        self._telling(asker, reject)

    def details(self, asker: Asker, reference: Reference) -> None:
        """Show one person all of a promotion."""

        def show() -> None:
            name = promotion_named(reference.promotion, reference.project)
            self._expect_may_look(asker, name)
            news = self.window().news(name)
            self._open(asker, chat_slack.details_modal(news.report, links=news.links))

        self._telling(asker, show)

    def tell(self, asker: Asker, text: str) -> None:
        """Tell one person something that nobody else has to read."""
        if asker.origin.channel or asker.origin.response_url:
            spoken = chat_slack.spoken_answer(text, {})
            self.answering.answer(asker.origin, spoken, private=True)
        else:
            self._open(asker, chat_slack.told_modal("Gatehouse", text))

    def _decision(self, asker: Asker, reference: Reference, *, approves: bool) -> None:
        if self.members.is_guest(asker.team, asker.user):
            self.tell(asker, REFUSAL)
            return
        window = self.window()
        name = promotion_named(reference.promotion, reference.project)
        person = window.person(reference.project, PLATFORM, asker.account)
        allowed, why = window.can_decide(name, None if person is None else person.login)
        report = window.report(name)
        blocked = not approves and report.state == "blocked" and person is not None
        if report.evidence_digest != reference.digest and report.evidence_digest is not None:
            what = window.changed(report, reference.digest)
            self._open(asker, chat_slack.changed_modal(report, what=what))
        elif allowed or blocked:
            kept = _kept(Kept(about=reference, origin=asker.origin))
            self._open(asker, chat_slack.approve_modal(report, approves=approves, private_metadata=kept))
        else:
            self.tell(asker, why)

    def _expect_member(self, asker: Asker) -> None:
        if self.members.is_guest(asker.team, asker.user):
            raise Refused(REFUSAL)

    def _expect_may_look(self, asker: Asker, name: PromotionName) -> None:
        if self.members.is_guest(asker.team, asker.user) and not guest_may_see(self.window(), name):
            raise Refused(REFUSAL)

    def _telling(self, asker: Asker, attempt: Callable[[], None]) -> None:
        """Try, and tell the person why it came to nothing."""
        try:
            attempt()
        except (UserError, Unavailable) as trouble:
            self.tell(asker, str(trouble))

    def _open(self, asker: Asker, view: View) -> None:
        said(Done, self.api.quick.views_open, trigger_id=asker.trigger, view=view)


def _now(report: Report) -> Reference:
    return Reference(promotion=report.id, project=report.project, digest=report.evidence_digest or "")


def _kept(kept: Kept) -> str:
    """Return what a modal keeps, without a road back that is too long for it."""
    if len(kept.origin.response_url) > LONGEST_URL:
        kept = kept.model_copy(update={"origin": replace(kept.origin, response_url="")})
    return kept.to_text()
