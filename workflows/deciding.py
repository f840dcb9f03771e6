"""Who has decided, is that enough, and may this person decide?"""

from collections.abc import Sequence
from dataclasses import dataclass

from gates.evidence import Evidence
from gates.outcome import Outcome
from policies.approvals import Tally, tally
from policies.decision import Decision
from policies.effective import EffectivePolicy
from policies.people import People
from storage.database import Work
from storage.promotions import Promotion
from workflows.barred import Barred, barred
from workflows.installation import Installation, Project
from workflows.outbox import ask_for_look
from workflows.rulebook import trusted_rulebook
from workflows.verdicts import policy_of, verdict_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Before whom a promotion's evidence lies: the rules, the people, and who has a hand in it."""

    policy: EffectivePolicy
    people: People
    barred: Barred
    outcome: Outcome
    evidence_digest: str
    requester: str

    def count(self, decisions: Sequence[Decision]) -> Tally:
        """Count the decisions that are about this evidence, under the people as they are now."""
        return tally(
            policy=self.policy,
            people=self.people,
            decisions=decisions,
            barred=self.barred.persons,
            outcome=self.outcome,
            evidence_digest=self.evidence_digest,
            requester=self.requester,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Would a decision count? If not, why, and whose would."""

    allowed: bool
    why: str
    who: tuple[str, ...]


def bench_of(installation: Installation, project: Project, promotion: Promotion) -> Bench:
    """Return the bench of a promotion with evidence; raises `BlockedError` while main's rulebook is not trusted."""
    people = trusted_rulebook(installation, project).rulebook.people
    digest = str(promotion.evidence_digest)
    return seat_bench(project, promotion, people, installation.evidence.get(digest))


def seat_bench(project: Project, promotion: Promotion, people: People, evidence: Evidence) -> Bench:
    """Return the bench for this evidence and these people."""
    policy = policy_of(evidence)
    number = promotion.pull_request
    pull_request = None if number is None else project.forge.pull_request(number)
    return Bench(
        policy=policy,
        people=people,
        barred=barred(
            project,
            promotion,
            people,
            pull_request,
            evidence.facts.lineage,
            requester_counts=policy.requester_counts,
        ),
        outcome=verdict_of(evidence).outcome,
        evidence_digest=str(promotion.evidence_digest),
        requester=promotion.requester,
    )


def decisions_of(installation: Installation, name: str) -> tuple[Decision, ...]:
    """Return every decision ever made on "P12" or "R3", oldest first."""
    with installation.database.reading() as work:
        return tuple(work.decisions.of(name))


def judged(present: Tally, with_it: Tally, decision: Decision) -> Judged:
    """Tell whether a decision counts in a tally that includes it, and whose would count without it."""
    last = next(item for item in reversed(with_it.counted) if item.decision == decision)
    who = tuple(sorted({login for missing in present.missing for login in missing.who}))
    return Judged(allowed=last.counts, why="" if last.counts else last.why, who=who)


def record(installation: Installation, promotion: Promotion, decision: Decision) -> None:
    """Write a decision down beside its ledger entry and let the engine look."""
    with installation.database.transaction() as work:
        record_in(work, promotion, decision)
        ask_for_look(work, promotion, cause=f"decision of {decision.person}", at=decision.at)


def record_in(work: Work, promotion: Promotion, decision: Decision) -> None:
    """Write a decision down beside its ledger entry, once."""
    if work.decisions.add(promotion.name, decision):
        work.ledger.append(
            kind="approved" if decision.approves else "rejection",
            project=promotion.project,
            subject=promotion.name,
            body=dict(decision_body(promotion.name, decision)),
            at=decision.at,
        )


def note_refusal(installation: Installation, project: str, name: str, decision: Decision, why: str) -> None:
    """Keep in the ledger that somebody tried to decide and could not."""
    with installation.database.transaction() as work:
        work.ledger.append(
            kind="decision_refused",
            project=project,
            subject=name,
            body={**decision_body(name, decision), "why": why},
            at=decision.at,
        )


def decision_body(name: str, decision: Decision) -> dict[str, str | bool | None]:
    """Return a decision on "P12" or "R3" as the ledger keeps it; what it binds to is evidence, or a rulebook."""
    return {
        "person": decision.person,
        "account": decision.account,
        "approves": decision.approves,
        "reason": decision.reason,
        "surface": decision.surface,
        "assurance": decision.assurance,
        "rulebook_digest" if name.startswith("R") else "evidence_digest": decision.evidence_digest,
    }
