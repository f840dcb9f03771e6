"""Who asked, who decided and does it count, who may still decide, and who may not?

One line for each person: a decision that counts says more than one that does not, and that more than having asked.
"""

from collections.abc import Iterable, Iterator

from bot.house.desk import Desk
from policies.decision import Decision
from policies.people import NOBODY, People
from policies.tally import Counted, Tally
from reports.pages.person_line import PersonLine, PersonState
from storage.promotions import Promotion
from workflows.blocked import BlockedError
from workflows.deciding import Bench, bench_of, decisions_of
from workflows.states import State

UNCOUNTED = "nothing counts while main's rulebook is not trusted"
UNMEASURED = "there is no evidence now that it could be about"
LINKED_TO_NOBODY = "this account is linked to no person, who might be anybody"
ORDER: tuple[PersonState, ...] = ("asked", "approved", "rejected", "no longer counts", "can decide", "barred")


def people_lines(desk: Desk, promotion: Promotion) -> tuple[PersonLine, ...]:
    """Return everyone's line: who asked, who decided in that order, who may, who may not."""
    decisions = decisions_of(desk.installation, promotion.name)
    bench = _bench(desk, promotion)
    if isinstance(bench, str):
        found = [_requester(promotion, NOBODY), *(_uncounted(decision, bench) for decision in decisions)]
        return _once(found)
    counted = bench.count(decisions)
    return _once(_lines(promotion, bench, counted))


def _bench(desk: Desk, promotion: Promotion) -> Bench | str:
    """Return the bench, or why there is none."""
    if promotion.evidence_digest is None:
        return UNMEASURED
    try:
        return bench_of(desk.installation, desk.project(promotion.project), promotion)
    except BlockedError:
        return UNCOUNTED


def _lines(promotion: Promotion, bench: Bench, counted: Tally) -> Iterator[PersonLine]:
    """Yield what there is to say, what matters more about a person first."""
    yield from (_decided(item, bench) for item in counted.counted if item.counts)
    lapsed = [item for item in counted.counted if not item.counts]
    yield from (_decided(item, bench) for item in reversed(lapsed) if item.decision.person not in bench.barred.persons)
    yield _requester(promotion, bench.people)
    yield from _able(promotion, bench, counted)
    yield from _barred(bench)


def _decided(item: Counted, bench: Bench) -> PersonLine:
    decision = item.decision
    made: PersonState = "approved" if decision.approves else "rejected"
    return PersonLine(
        person=decision.person or decision.account,
        roles=_roles(bench.people, decision.person),
        state=made if item.counts else "no longer counts",
        why=item.why,
        at=decision.at,
    )


def _uncounted(decision: Decision, why: str) -> PersonLine:
    return PersonLine(
        person=decision.person or decision.account, roles=(), state="no longer counts", why=why, at=decision.at
    )


def _requester(promotion: Promotion, people: People) -> PersonLine:
    return PersonLine(
        person=promotion.requester,
        roles=_roles(people, promotion.requester),
        state="asked",
        why=promotion.reason,
        at=promotion.created_at,
    )


def _able(promotion: Promotion, bench: Bench, counted: Tally) -> Iterator[PersonLine]:
    """Yield those whose approval would help now; nobody's does unless it waits for people."""
    if promotion.state != State.WAITING:
        return
    for login in sorted({login for missing in counted.missing for login in missing.who}):
        wanted = [missing.role for missing in counted.missing if login in missing.who]
        yield PersonLine(
            person=login,
            roles=_roles(bench.people, login),
            state="can decide",
            why=f"for {' or '.join(wanted)}",
            at=None,
        )


def _barred(bench: Bench) -> Iterator[PersonLine]:
    for login, why in sorted(bench.barred.persons.items()):
        yield PersonLine(person=login, roles=_roles(bench.people, login), state="barred", why=why, at=None)
    for account in bench.barred.unlinked:
        yield PersonLine(person=account, roles=(), state="barred", why=LINKED_TO_NOBODY, at=None)


def _roles(people: People, login: str | None) -> tuple[str, ...]:
    person = None if login is None else people.person(login)
    return () if person is None else tuple(sorted(person.roles))


def _once(lines: Iterable[PersonLine]) -> tuple[PersonLine, ...]:
    """Keep the first line of each person, then put them in the order in which people read: asked, decided, may."""
    first: dict[str, PersonLine] = {}
    for line in lines:
        first.setdefault(line.person, line)
    return tuple(sorted(first.values(), key=lambda line: (ORDER.index(line.state), line.at or 0, line.person)))
