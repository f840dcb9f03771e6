"""Who may not approve this, because they made it or asked for it?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gates.evidence import Kind, Lineage
from policies.people import People
from storage.promotions import Promotion
from workflows.forge import PullRequest
from workflows.installation import Project

UNNAMED = "somebody whom the registry does not name"
TRAINED = "trained this version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    """Persons with the reason why they may not approve, and accounts that nobody can place."""

    persons: Mapping[str, str]
    unlinked: tuple[str, ...]
    """Accounts that worked on this and are linked to no person: they might be anybody, an approver too."""


@dataclass(frozen=True, slots=True)
class Hand:
    """An account that had a hand in it, where it may be known, and what it did."""

    account: str
    platforms: tuple[str, ...]
    did: str


def barred(
    project: Project,
    promotion: Promotion,
    people: People,
    pull_request: PullRequest | None,
    lineage: Lineage | None,
    *,
    requester_counts: bool,
) -> Barred:
    """Collect everyone with a hand in it: requester, author, committers, pushers, trainer, registrar, source author.

    A rollback returns to a version that others approved before, so whoever trained it is free to bring it back.
    """
    hands = [*_asked(project, promotion, pull_request)] if not requester_counts else []
    if pull_request is not None:
        where = (project.platform, "git")
        hands += [Hand(one, where, "committed or pushed to this branch") for one in sorted(pull_request.contributors)]
    if lineage is not None and promotion.kind is Kind.PROMOTE:
        hands += _made(project, lineage)
    return _told_apart(people, hands, lineage if promotion.kind is Kind.PROMOTE else None)


def _asked(project: Project, promotion: Promotion, pull_request: PullRequest | None) -> Iterator[Hand]:
    where = (promotion.surface, project.platform)  # a chat is a platform of its own, with accounts of its own
    yield Hand(promotion.requester_account, where, "asked for this promotion")
    if pull_request is not None and pull_request.author is not None and not pull_request.ours:
        yield Hand(pull_request.author, (project.platform,), "opened this pull request")


def _made(project: Project, lineage: Lineage) -> Iterator[Hand]:
    if lineage.registered_by is not None:
        yield Hand(lineage.registered_by, ("mlflow", project.platform), "registered this version")
    yield Hand(lineage.trainer or UNNAMED, ("mlflow",), TRAINED)
    if lineage.source_author is not None:
        yield Hand(lineage.source_author, ("git",), "wrote the source commit")


def _told_apart(people: People, hands: Iterable[Hand], lineage: Lineage | None) -> Barred:
    persons: dict[str, str] = {}
    unlinked: set[str] = set()
    for hand in hands:
        person = _person(people, hand)
        if person is None:
            unlinked.add(f"{hand.account} ({hand.did})")
        else:
            persons.setdefault(person, f"{person} {hand.did}")
    if lineage is not None and lineage.trainer_person is not None:
        # Whoever the account belonged to when the evidence was collected stays barred, whosever it is now.
        persons.setdefault(lineage.trainer_person, f"{lineage.trainer_person} {TRAINED}")
    return Barred(persons=persons, unlinked=tuple(sorted(unlinked)))


def _person(people: People, hand: Hand) -> str | None:
    for platform in hand.platforms:
        person = people.person_of(platform, hand.account)
        if person is not None:
            return person.login
    return None
