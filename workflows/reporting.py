"""What is there to tell about a promotion now? Read from our own store and the people as they are."""

from gates.evidence import Evidence
from policies.approvals import Missing, Tally
from policies.people import People
from reports.report import BlockedLine, DecisionLine, Report
from storage.promotions import Promotion
from workflows.blocked import BlockedError
from workflows.deciding import decisions_of, seat_bench
from workflows.installation import Installation, Project
from workflows.latency import latency_of
from workflows.reasons import Reason
from workflows.rulebook import trusted_rulebook
from workflows.states import OPEN, State
from workflows.verdicts import verdict_of


def report_of(installation: Installation, project: Project, promotion: Promotion) -> Report:
    """Return what every face tells about a promotion."""
    evidence = _evidence(installation, promotion)
    verdict = None if evidence is None else verdict_of(evidence)
    counted = None if evidence is None else _count(installation, project, promotion, evidence)
    return Report(
        id=promotion.name,
        project=promotion.project,
        model=promotion.model,
        version=promotion.version,
        environment=promotion.environment,
        kind=promotion.kind.value,
        state=promotion.state,
        requester=promotion.requester,
        reason=promotion.reason,
        problem=promotion.problem,
        evidence_digest=promotion.evidence_digest,
        evidence=evidence,
        champion=_champion(installation, project, promotion, evidence),
        outcome=None if verdict is None else verdict.outcome,
        findings=() if verdict is None else verdict.findings,
        decisions=_decisions(counted),
        blocked_by=_blocked_by(promotion, counted),
        pull_request=promotion.pull_request,
        pull_request_url=promotion.pull_request_url,
        created_at=promotion.created_at,
        deadline=promotion.deadline,
        reviewed=project.platform != "embedded",
        head=None if promotion.evidence_digest is None else promotion.head,
        latency=None if evidence is None else latency_of(installation, evidence),
    )


def _evidence(installation: Installation, promotion: Promotion) -> Evidence | None:
    return None if promotion.evidence_digest is None else installation.evidence.get(promotion.evidence_digest)


def _champion(
    installation: Installation, project: Project, promotion: Promotion, evidence: Evidence | None
) -> str | None:
    if evidence is not None:
        return None if evidence.subject.champion is None else evidence.subject.champion.version
    with installation.database.reading() as work:
        champion = work.lanes.get(project.lane(promotion.model, promotion.environment)).champion
    return None if champion is None else champion.version


def _count(installation: Installation, project: Project, promotion: Promotion, evidence: Evidence) -> Tally | None:
    people = _people(installation, project)
    if people is None:
        return None
    bench = seat_bench(project, promotion, people, evidence)
    return bench.count(decisions_of(installation, promotion.name))


def _people(installation: Installation, project: Project) -> People | None:
    """Return the people that main names, or None while main's rulebook cannot be trusted: nothing counts then."""
    try:
        return trusted_rulebook(installation, project).rulebook.people
    except BlockedError:
        return None


def _decisions(counted: Tally | None) -> tuple[DecisionLine, ...]:
    if counted is None:
        return ()
    return tuple(
        DecisionLine(
            person=item.decision.person or item.decision.account,
            decision="approve" if item.decision.approves else "reject",
            reason=item.decision.reason,
            surface=item.decision.surface,
            assurance=item.decision.assurance,
            evidence_digest=item.decision.evidence_digest,
            counts=item.counts,
            why=item.why,
            at=item.decision.at,
        )
        for item in counted.counted
    )


def _blocked_by(promotion: Promotion, counted: Tally | None) -> tuple[BlockedLine, ...]:
    stored = tuple(
        BlockedLine(reason_code=line.reason_code, summary=line.summary, who=line.who, next=line.next)
        for line in promotion.blocked_by
    )
    if stored:
        return stored
    if promotion.state == State.WAITING and counted is not None:
        return _missing(promotion, counted)
    if State(promotion.state) in OPEN or promotion.state in {State.PROMOTED, State.ROLLED_BACK}:
        return ()
    return (
        BlockedLine(
            reason_code=Reason.ENDED.value,
            summary=promotion.problem or f"It is {promotion.state}.",
            who=(),
            next="promote again if it is still wanted",
        ),
    )


def _missing(promotion: Promotion, counted: Tally) -> tuple[BlockedLine, ...]:
    return tuple(_line_of(promotion, missing) for missing in counted.missing)


def _line_of(promotion: Promotion, missing: Missing) -> BlockedLine:
    what_next = f"mlops approve {promotion.name}"
    if not missing.who:
        what_next = f"nobody who may decide holds the role {missing.role}: add someone in policies/people.yaml"
    return BlockedLine(
        reason_code=Reason.APPROVALS_MISSING.value,
        summary=f"It waits for {missing.count} {'approval' if missing.count == 1 else 'approvals'} as {missing.role}.",
        who=missing.who,
        next=what_next,
    )
