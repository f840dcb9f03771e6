"""Have enough people, other than those who made or asked for it, approved this exact evidence?"""

from collections.abc import Mapping, Sequence

from gates.outcome import Outcome
from policies.decision import Decision
from policies.effective import ApprovalRule, EffectivePolicy
from policies.people import People
from policies.tally import Ballot, Counted, Missing, Tally, count


def tally(
    *,
    policy: EffectivePolicy,
    people: People,
    decisions: Sequence[Decision],
    barred: Mapping[str, str],
    outcome: Outcome,
    evidence_digest: str,
    requester: str | None = None,
) -> Tally:
    """Count decisions under an effective policy.

    `barred` holds a sentence for each person who may not approve: `{"alice": "alice asked for this promotion"}`.
    """
    seats = seats_of(policy, outcome)
    ballot = Ballot(
        seats={rule.role: rule.count for rule in policy.approvals} if seats is None else seats,
        people=people,
        barred=barred,
        requester=requester,
        digest=evidence_digest,
    )
    return count(ballot, decisions, blocked=seats is None)


def seats_of(policy: EffectivePolicy, outcome: Outcome) -> dict[str, int] | None:
    """Return the approvals wanted per role after this outcome, or None when there is nothing to approve."""
    seats = {rule.role: rule.count for rule in policy.approvals}
    if outcome in {Outcome.PASS, Outcome.WARN}:
        return seats
    if outcome is not Outcome.INCONCLUSIVE or policy.on_inconclusive == "block":
        return None
    return _with_extra(seats, policy.on_inconclusive)


def _with_extra(seats: Mapping[str, int], extra: Sequence[ApprovalRule]) -> dict[str, int]:
    """Extra approvals come on top, also where the role is asked for already."""
    added = {rule.role: rule.count for rule in extra}
    return {role: seats.get(role, 0) + added.get(role, 0) for role in sorted({*seats, *added})}


__all__ = ["Counted", "Missing", "Tally", "seats_of", "tally"]
