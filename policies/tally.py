"""How do decisions add up, each person on one seat?

A pure recount of every decision under the people and rules of now. A rejection by anyone who holds a role that is
asked for is final, also by someone who is barred from approving: who built a model may still stop it. Only the
requester's does not count, who can withdraw instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policies.decision import Decision
from policies.people import People
from policies.seats import Seating, seat

UNLINKED = "the account {account} is linked to no person of policies/people.yaml"
DIGEST_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Approvals still wanted."""

    role: str
    count: int
    who: tuple[str, ...]
    """Everyone whose approval would help now; holders of another role too, where someone can move over for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A decision, whether it counts, and why or why not."""

    decision: Decision
    counts: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Where the approvals stand."""

    complete: bool
    blocked: bool
    """The outcome leaves nothing to approve."""
    rejected_by: str | None
    missing: tuple[Missing, ...]
    counted: tuple[Counted, ...]
    """All decisions, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """What decisions are counted against."""

    seats: Mapping[str, int]
    people: People
    barred: Mapping[str, str]
    requester: str | None
    digest: str


def count(ballot: Ballot, decisions: Sequence[Decision], *, blocked: bool = False) -> Tally:
    """Count decisions against seats."""
    ordered = sorted(decisions, key=lambda decision: decision.at)
    refusals = [_refusal(ballot, decision) for decision in ordered]
    valid = [decision for decision, refusal in zip(ordered, refusals, strict=True) if refusal is None]
    rejected_by = next((decision.person for decision in valid if not decision.approves), None)
    seating = _seated(ballot, valid)
    return Tally(
        complete=not blocked and rejected_by is None and not seating.free(),
        blocked=blocked,
        rejected_by=rejected_by,
        missing=() if blocked or rejected_by is not None else _missing(ballot, seating),
        counted=_counted(ordered, refusals, seating),
    )


def _refusal(ballot: Ballot, decision: Decision) -> str | None:
    """Say why a decision cannot count, whatever the others are, or None."""
    login = decision.person
    if decision.revoked or login is None:
        return decision.revoked or UNLINKED.format(account=decision.account)
    person = ballot.people.person(login)
    if person is None:
        return f"{login} is not in policies/people.yaml"
    if decision.evidence_digest != ballot.digest:
        return _other(decision.evidence_digest)
    if login in ballot.barred and (decision.approves or login == ballot.requester):
        return ballot.barred[login]
    if not person.roles & ballot.seats.keys():
        return _no_role(login, ballot.seats)
    return None


def _other(digest: str) -> str:
    if not digest:
        return "the commit that was reviewed holds no evidence"
    return f"given for other evidence ({digest[:DIGEST_SHOWN]})"


def _no_role(login: str, seats: Mapping[str, int]) -> str:
    if not seats:
        return "this policy asks for nobody's approval"
    return f"{login} has no role that this policy asks for ({', '.join(sorted(seats))})"


def _seated(ballot: Ballot, valid: Sequence[Decision]) -> Seating:
    """Seat everyone whose approval is valid, earliest first; persons are known here, so none is left out."""
    approvers = dict.fromkeys(decision.person for decision in valid if decision.approves)
    persons = [ballot.people.persons[login] for login in approvers if login is not None]
    return seat([(person.login, person.roles) for person in persons], ballot.seats)


def _counted(decisions: Sequence[Decision], refusals: Sequence[str | None], seating: Seating) -> tuple[Counted, ...]:
    counted: list[Counted] = []
    seen: set[tuple[str | None, bool]] = set()
    for decision, refusal in zip(decisions, refusals, strict=True):
        again = (decision.person, decision.approves) in seen
        if refusal is None:
            seen.add((decision.person, decision.approves))
        why = refusal or _why_not_needed(decision, seating, again=again)
        counted.append(Counted(decision=decision, counts=not why, why=why or _why_counts(decision, seating)))
    return tuple(counted)


def _why_not_needed(decision: Decision, seating: Seating, *, again: bool) -> str:
    if again:
        verb = "approved" if decision.approves else "rejected"
        return f"{decision.person} has {verb} this already and counts once"
    if decision.approves and decision.person not in seating.seated():
        return "enough people have approved already"
    return ""


def _why_counts(decision: Decision, seating: Seating) -> str:
    if not decision.approves:
        return "a rejection is final"
    role = next(role for role, sitting in seating.taken.items() if decision.person in sitting)
    return f"as {role}"


def _missing(ballot: Ballot, seating: Seating) -> tuple[Missing, ...]:
    return tuple(
        Missing(role=role, count=left, who=_who_helps(ballot, seating, role))
        for role, left in sorted(seating.free().items())
    )


def _who_helps(ballot: Ballot, seating: Seating, role: str) -> tuple[str, ...]:
    helpful = seating.leads_to(role)
    gone = seating.seated() | ballot.barred.keys()
    return tuple(
        sorted(login for login, person in ballot.people.persons.items() if person.roles & helpful and login not in gone)
    )
