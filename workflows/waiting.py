"""May it move on? Re-read the world, count the decisions, and authorise exactly what was decided."""

from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from pydantic import JsonValue

from gates.evidence import Evidence
from policies.approvals import Tally
from storage.promotions import BlockedBy, Promotion
from workflows.blocked import BlockedError, blocked
from workflows.branch import commit_evidence
from workflows.collect import example_rows
from workflows.deciding import bench_of, decisions_of, seat_bench
from workflows.evaluating import end_with_pull_request, hold, inspect, with_pull_request
from workflows.forge import MergeProblem, PullRequest, PullRequestState
from workflows.installation import Installation, Project
from workflows.lifecycle import move, remember
from workflows.merging import authorised_change
from workflows.reasons import Reason
from workflows.rereading import reopen, start_again
from workflows.reviews import evidence_at, hear_reviews
from workflows.rulebook import trusted_rulebook
from workflows.show import show
from workflows.states import State
from workflows.subject import Standing
from workflows.target import Placement

GATE_REASONS = {
    reason.value
    for reason in (Reason.GATE_FAILED, Reason.GATE_ERROR, Reason.GATE_INCONCLUSIVE, Reason.FRESH_DATA_NEEDED)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What is decided about now: the world as it stands, the branch, the evidence and the count."""

    standing: Standing
    pull_request: PullRequest
    evidence: Evidence
    counted: Tally


def reconsider(installation: Installation, project: Project, promotion: Promotion) -> Promotion:
    """Look again at a promotion that is blocked or waits for people, and take it one move further if it may."""
    try:
        promotion, pull_request = with_pull_request(installation, project, promotion)
        if pull_request.state is not PullRequestState.OPEN:
            return end_with_pull_request(installation, project, promotion, pull_request)
        if overdue(installation, promotion):
            return _expire(installation, project, promotion)
        hear(installation, project, promotion)
        return _look(installation, project, promotion, pull_request)
    except BlockedError as error:
        return _held(installation, project, promotion, error.blocked)


def _look(installation: Installation, project: Project, promotion: Promotion, pull_request: PullRequest) -> Promotion:
    """Take an open one further; raises `BlockedError` for what stands in its way."""
    promotion, standing = inspect(installation, project, promotion, pull_request)
    _expect_mergeable(project, promotion, pull_request)
    if standing.digest != promotion.subject_digest:
        return start_again(installation, promotion, standing)
    if promotion.evidence_digest is None:
        return _blocked_still(installation, project, promotion)
    promotion, pull_request = _with_evidence(installation, project, promotion, pull_request)
    matter = _matter(installation, project, promotion, standing, pull_request)
    if matter.counted.rejected_by is not None:
        return _reject(installation, project, promotion, matter.counted.rejected_by)
    if promotion.state == State.BLOCKED:
        return _blocked_still(installation, project, promotion)
    return _decide(installation, project, promotion, matter)


def hear(installation: Installation, project: Project, promotion: Promotion) -> None:
    """Write down what people said by reviewing the pull request; while the rulebook is not trusted, nobody is known."""
    with suppress(BlockedError):
        hear_reviews(
            installation,
            project,
            promotion.name,
            int(promotion.pull_request or 0),
            people=trusted_rulebook(installation, project).rulebook.people,
            digest_at=partial(evidence_at, project, promotion),
        )


def overdue(installation: Installation, promotion: Promotion) -> bool:
    """Has the deadline of a waiting promotion passed?"""
    waiting = promotion.state == State.WAITING and promotion.deadline is not None
    return waiting and installation.clock() >= (promotion.deadline or 0)


def _expire(installation: Installation, project: Project, promotion: Promotion) -> Promotion:
    problem = "Nobody decided before its deadline."
    return show(
        installation,
        project,
        move(installation, promotion, State.EXPIRED, kind="expired", body={"problem": problem}, problem=problem),
    )


def _expect_mergeable(project: Project, promotion: Promotion, pull_request: PullRequest) -> None:
    refused = project.forge.would_merge(pull_request.number)
    if refused is not None and refused.problem is MergeProblem.CONFLICT:
        raise blocked(
            Reason.CONFLICT,
            f"It cannot be merged into main: {refused}",
            what_next=f"mlops withdraw {promotion.name} and promote again, or resolve it on the branch",
        )


def _with_evidence(
    installation: Installation, project: Project, promotion: Promotion, pull_request: PullRequest
) -> tuple[Promotion, PullRequest]:
    """Let the branch end with the bot's own bytes: whoever pushed over them, or died before they were committed."""
    if promotion.head == pull_request.head:
        return promotion, pull_request
    evidence = installation.evidence.get(str(promotion.evidence_digest))
    head = commit_evidence(installation, project, promotion, pull_request, evidence)
    return remember(installation, promotion, head=head), project.forge.pull_request(pull_request.number)


def _matter(
    installation: Installation,
    project: Project,
    promotion: Promotion,
    standing: Standing,
    pull_request: PullRequest,
) -> Matter:
    """Return what is decided about; raises `BlockedError` while somebody with a hand in it is unknown."""
    evidence = installation.evidence.get(str(promotion.evidence_digest))
    bench = seat_bench(project, promotion, standing.people, evidence)
    if bench.barred.unlinked and not _gate_blocked(promotion):
        raise blocked(
            Reason.UNKNOWN_PERSON,
            f"Linked to no person: {', '.join(bench.barred.unlinked)}. It could be an approver's other account.",
            what_next="add the account to policies/people.yaml in a pull request",
        )
    counted = bench.count(decisions_of(installation, promotion.name))
    return Matter(standing=standing, pull_request=pull_request, evidence=evidence, counted=counted)


def _held(installation: Installation, project: Project, promotion: Promotion, reason: BlockedBy) -> Promotion:
    """Hold it for a reason; whoever rejects it then ends it all the same."""
    rejected_by = _rejected_by(installation, project, promotion)
    if rejected_by is not None:
        return _reject(installation, project, promotion, rejected_by)
    return show(installation, project, hold(installation, promotion, reason))


def _rejected_by(installation: Installation, project: Project, promotion: Promotion) -> str | None:
    if promotion.evidence_digest is None:
        return None
    try:
        bench = bench_of(installation, project, promotion)
    except BlockedError:  # while the rulebook is not trusted, nobody is known to hold a role
        return None
    return bench.count(decisions_of(installation, promotion.name)).rejected_by


def _blocked_still(installation: Installation, project: Project, promotion: Promotion) -> Promotion:
    """Leave what a gate blocked; whatever else held it is gone, so it is judged again."""
    if _gate_blocked(promotion):
        return show(installation, project, promotion)
    return reopen(installation, promotion)


def _gate_blocked(promotion: Promotion) -> bool:
    return any(reason.reason_code in GATE_REASONS for reason in promotion.blocked_by)


def _decide(installation: Installation, project: Project, promotion: Promotion, matter: Matter) -> Promotion:
    if not matter.counted.complete:
        return show(installation, project, promotion)
    return _try_out(installation, project, promotion, matter) or _authorise(installation, project, promotion, matter)


def _reject(installation: Installation, project: Project, promotion: Promotion, person: str) -> Promotion:
    ended = move(
        installation,
        promotion,
        State.REJECTED,
        kind="rejected",
        body={"by": person},
        problem=f"{person} rejected it.",
    )
    return show(installation, project, ended)


def _try_out(installation: Installation, project: Project, promotion: Promotion, matter: Matter) -> Promotion | None:
    """Start the version beside the serving one; return the failed promotion if it does not answer as it should."""
    if matter.standing.challenger is None:
        return None
    installation.tell(promotion.name, "starting the version beside the serving one, and trying it")
    target = project.stage(promotion.environment).target
    smoke = target.prepare(placement(installation, project, promotion, matter.standing))
    if smoke.passed:
        return None
    problem = f"The started version did not pass its smoke test: {smoke.detail}"
    failed = move(
        installation,
        promotion,
        State.FAILED,
        kind="failed",
        body={"reason_code": Reason.SMOKE_FAILED.value, "problem": problem},
        blocked_by=(_smoke_failed(promotion, problem),),
        problem=problem,
    )
    return show(installation, project, failed)


def _authorise(installation: Installation, project: Project, promotion: Promotion, matter: Matter) -> Promotion:
    """Write down exactly what was decided, before anything of it is done."""
    change: dict[str, JsonValue] = dict(authorised_change(project, matter.pull_request.head))
    return move(
        installation,
        promotion,
        State.AUTHORISED,
        kind="authorised",
        body={
            "subject": matter.evidence.subject.model_dump(mode="json"),
            "evidence_digest": promotion.evidence_digest,
            "head": matter.pull_request.head,
            "change": change,
            "decisions": _granted(matter.counted, matter.standing),
        },
        authorised_head=matter.pull_request.head,
        problem="",
    )


def _granted(counted: Tally, standing: Standing) -> list[JsonValue]:
    """Return the decisions that were counted, as the ledger and the receipt keep them."""
    rows: list[JsonValue] = []
    for item in counted.counted:
        if not item.counts:
            continue
        decision = item.decision
        person = standing.people.person(decision.person or "")
        roles: list[JsonValue] = [] if person is None else [*sorted(person.roles)]
        rows.append(
            {
                "person": decision.person,
                "roles": roles,
                "approves": decision.approves,
                "reason": decision.reason,
                "surface": decision.surface,
                "assurance": decision.assurance,
                "at": decision.at,
            }
        )
    return rows


def _smoke_failed(promotion: Promotion, problem: str) -> BlockedBy:
    return BlockedBy(
        reason_code=Reason.SMOKE_FAILED.value,
        summary=problem,
        who=(promotion.requester,),
        next=f"mend the model and register it again; nothing in {promotion.environment} has moved",
    )


def placement(installation: Installation, project: Project, promotion: Promotion, standing: Standing) -> Placement:
    """Return what the target is to start for this promotion."""
    wanted = standing.subject.challenger
    if wanted is None or standing.challenger is None:
        raise AssertionError("A retirement starts nothing.")
    return Placement(
        slot=project.slot(promotion.model, promotion.environment),
        version=wanted,
        files=standing.challenger.path,
        example=example_rows(installation, project, standing.entry),
    )
