"""What may a chat see of the house, from any thread and whenever it likes?

Looking only: nothing here waits for a turn, and nothing here decides. Each answer is read from one moment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.commands import PromotionName
from bot.house import naming, prospects, trails
from bot.house.desk import Desk
from bot.house.looks import lane_lines
from bot.house.places import Links, links_of
from bot.house.seen import what_differs
from bot.house.standings import people_lines
from gates.refusal import UserError
from policies.notify import SILENT, guests_may_look, notify_of
from policies.people import Person
from policies.policy import Notify
from policies.rulebook import Rulebook
from reports.overview import ChangeLine, Event, LaneLine
from reports.pages.person_line import PersonLine
from reports.report import Report
from storage.promotions import Promotion
from workflows.installation import Project
from workflows.reporting import report_of
from workflows.rulebook import newest_trusted_rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """All that a message about one promotion is made of, read in one moment."""

    report: Report
    links: Links
    channel: str
    """What its model.yaml gives as channel; empty when it gives none."""
    notify: Notify
    waiting_since: int | None
    deciders: tuple[str, ...]
    """Logins of those whose approval would help now, sorted; empty unless it waits for people."""
    accounts: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Of each of them: platform to accounts."""


@dataclass(frozen=True, slots=True)
class Window:
    """A view into the house."""

    desk: Desk

    @property
    def projects(self) -> Sequence[str]:
        """Return the projects' names."""
        return tuple(self.desk.installation.projects)

    def pulse(self) -> int:
        """Return a number that grows whenever anything happens: the ledger's size."""
        with self.desk.installation.database.reading() as work:
            return work.ledger.size()

    def stirred(self, since: int) -> Sequence[PromotionName]:
        """Return the promotions that are open or were changed since a time, oldest first."""
        with self.desk.installation.database.reading() as work:
            found = [one for project in self.projects for one in work.promotions.stirred(project, since)]
        return tuple(PromotionName(number=one.id, project=one.project) for one in sorted(found, key=lambda one: one.id))

    def news(self, name: PromotionName) -> News:
        """Return all that a message about a promotion is made of. Raises UserError and Unavailable."""
        with self.desk.moment():
            promotion, project = self._found(name)
            report = report_of(self.desk.installation, project, promotion)
            rulebook = self._rulebook(project)
            deciders = prospects.deciders(report)
            return News(
                report=report,
                links=self._links(promotion, report, project),
                channel=_channel(rulebook, promotion.model),
                notify=_notify(rulebook, promotion),
                waiting_since=promotion.waiting_since,
                deciders=deciders,
                accounts={login: _accounts(rulebook, login) for login in deciders},
            )

    def report(self, name: PromotionName) -> Report:
        """Return what every face tells about a promotion."""
        with self.desk.moment():
            promotion, project = self._found(name)
            return report_of(self.desk.installation, project, promotion)

    def people(self, name: PromotionName) -> Sequence[PersonLine]:
        """Return where each person stands with a promotion: who asked, decided, may decide, or may not, and why."""
        with self.desk.moment():
            return people_lines(self.desk, self.desk.promotion(name))

    def lines(self, name: PromotionName, after: int) -> Sequence[Event]:
        """Return what happened to a promotion after an entry of the ledger, worded as `audit` words it."""
        return trails.events_of(self.desk, str(name), after=after)

    def changed(self, report: Report, seen: str) -> str:
        """Say what changed since the evidence that somebody was shown."""
        return what_differs(self.desk.installation, seen, report.evidence_digest or "")

    def person(self, project: str, platform: str, account: str) -> Person | None:
        """Return whose account this is, by the rulebook in force; None when it is linked to nobody."""
        rulebook = self._rulebook_of(project)
        return None if rulebook is None else rulebook.people.person_of(platform, account)

    def accounts(self, project: str, login: str) -> Mapping[str, tuple[str, ...]]:
        """Return a person's accounts by platform; none for a stranger."""
        rulebook = self._rulebook_of(project)
        return {} if rulebook is None else _accounts(rulebook, login)

    def channel(self, name: PromotionName) -> str:
        """Return what its model.yaml gives as channel; empty when it gives none."""
        promotion, project = self._found(name)
        return _channel(self._rulebook_of(project.name), promotion.model)

    def notify(self, name: PromotionName) -> Notify:
        """Return how people are told that they are waited for."""
        promotion, project = self._found(name)
        return _notify(self._rulebook_of(project.name), promotion)

    def guests_may_look(self, project: str | None, model: str | None) -> bool:
        """May guests look at a model, or at everything where none is named? No, unless the rulebook says so."""
        rulebook = self._rulebook_of(project)
        return rulebook is not None and guests_may_look(rulebook, model=model)

    def can_decide(self, name: PromotionName, login: str | None) -> tuple[bool, str]:
        """Could this person approve now? If not: why, and who can, in one sentence."""
        with self.desk.moment():
            return prospects.can_decide(self.desk, name, login)

    def inbox(self, project: str, login: str) -> Sequence[Report]:
        """Return the promotions that wait for this person's approval, oldest first."""
        return [report for report in self._open(project) if login in prospects.deciders(report)]

    def asked_by(self, project: str, login: str) -> Sequence[Report]:
        """Return the open promotions that this person asked for, oldest first."""
        return [report for report in self._open(project) if report.requester == login]

    def changes(self, project: str, login: str) -> Sequence[ChangeLine]:
        """Return the rulebook changes that wait for this person's approval, oldest first."""
        with self.desk.moment():
            return [change for change in prospects.changes(self.desk, project) if login in change.who]

    def serving(self, project: str) -> Sequence[LaneLine]:
        """Return what serves where, by model and in promotion order."""
        with self.desk.moment():
            return lane_lines(self.desk, self.desk.project(project))

    def names(self, kind: str, *, model: str | None = None, project: str | None = None) -> Sequence[str]:
        """Return the names of a kind, as `House.names`; of one project or model where that is named."""
        return naming.names(self.desk, kind, model=model, project=project)

    def _open(self, project: str) -> Sequence[Report]:
        meant = self.desk.project(project)
        with self.desk.moment():
            with self.desk.installation.database.reading() as work:
                found = work.promotions.open(meant.name)
            return [report_of(self.desk.installation, meant, promotion) for promotion in found]

    def _links(self, promotion: Promotion, report: Report, project: Project) -> Links:
        last = promotion.environment == project.environments[-1]
        return links_of(promotion, report, last=last, pages=self.desk.pages)

    def _found(self, name: PromotionName) -> tuple[Promotion, Project]:
        promotion = self.desk.promotion(name)
        return promotion, self.desk.project(promotion.project)

    def _rulebook_of(self, project: str | None) -> Rulebook | None:
        with self.desk.moment():
            return self._rulebook(self.desk.project(project))

    def _rulebook(self, project: Project) -> Rulebook | None:
        try:
            return newest_trusted_rulebook(self.desk.installation, project).rulebook
        except UserError:  # none was ever accepted: nobody is anybody, and nothing is told anywhere
            return None


def _accounts(rulebook: Rulebook | None, login: str) -> Mapping[str, tuple[str, ...]]:
    person = None if rulebook is None else rulebook.people.person(login)
    return {} if person is None else person.accounts


def _channel(rulebook: Rulebook | None, model: str) -> str:
    entry = None if rulebook is None else rulebook.entries.get(model)
    return "" if entry is None else entry.channel


def _notify(rulebook: Rulebook | None, promotion: Promotion) -> Notify:
    if rulebook is None:
        return SILENT
    try:
        return notify_of(rulebook, model=promotion.model, environment=promotion.environment)
    except UserError:  # the model left the rulebook meanwhile
        return SILENT
