"""Is this version fit? Open the pull request, collect the evidence once, judge it, and write that down."""

from dataclasses import replace

from pydantic import JsonValue

from gates.evidence import Evidence, Kind
from gates.looks import FRESH_DATA_NEEDED
from gates.outcome import Outcome, Verdict
from gates.refusal import UserError
from policies.decision import Decision
from policies.effective import EffectivePolicy
from policies.manifest import parse_manifest
from storage.database import Work
from storage.promotions import BlockedBy, Promotion
from workflows.blocked import BlockedError, blocked
from workflows.branch import commit_evidence, ensure_pull_request, expect_only_own_files, manifest_at, own_paths
from workflows.collect import collect
from workflows.deciding import record_in
from workflows.forge import PullRequest, PullRequestState
from workflows.installation import Installation, Project
from workflows.lifecycle import as_blocked, move, move_in, remember
from workflows.reasons import Reason
from workflows.show import show
from workflows.states import State
from workflows.subject import Standing, expect_its_turn, read_lane, read_standing
from workflows.verdicts import stops, verdict_of

REASON_OF = {
    Outcome.FAIL: Reason.GATE_FAILED,
    Outcome.ERROR: Reason.GATE_ERROR,
    Outcome.INCONCLUSIVE: Reason.GATE_INCONCLUSIVE,
}


def evaluate_promotion(installation: Installation, project: Project, promotion: Promotion) -> Promotion:
    """Take a promotion from `evaluating` to `waiting` or `blocked`, with its evidence where people read it."""
    try:
        promotion, pull_request = with_pull_request(installation, project, promotion)
        if pull_request.state is not PullRequestState.OPEN:
            return end_with_pull_request(installation, project, promotion, pull_request)
        promotion, standing = inspect(installation, project, promotion, pull_request)
    except BlockedError as error:
        return show(installation, project, hold(installation, promotion, error.blocked))
    installation.tell(promotion.name, "collecting evidence")
    try:
        collected = collect(installation, project, promotion, standing)
    except UserError as lost:
        return show(installation, project, _unmeasured(installation, promotion, standing, str(lost)))
    evidence = installation.evidence.get(installation.evidence.put(collected))  # judged as everyone will read it
    verdict = verdict_of(evidence)
    promotion = _write_down(installation, promotion, standing, evidence, verdict)
    head = commit_evidence(installation, project, promotion, pull_request, evidence)
    return show(installation, project, remember(installation, promotion, head=head))


def _unmeasured(installation: Installation, promotion: Promotion, standing: Standing, why: str) -> Promotion:
    """Block a subject that could not be measured at all: our store or the registry lost what was there a moment ago."""
    reason = BlockedBy(
        reason_code=Reason.GATE_ERROR.value,
        summary=why,
        who=(promotion.requester,),
        next=f"mend that, then mlops recheck {promotion.name}",
    )
    known = replace(promotion, subject_digest=standing.digest, evidence_digest=None)
    return hold(installation, known, reason)


def with_pull_request(
    installation: Installation, project: Project, promotion: Promotion
) -> tuple[Promotion, PullRequest]:
    """Return the promotion with its pull request's number, and the pull request as it is now."""
    pull_request = ensure_pull_request(installation, project, promotion)
    known = remember(
        installation,
        promotion,
        pull_request=pull_request.number,
        pull_request_url=pull_request.url,
        branch=pull_request.branch,
    )
    return known, pull_request


def inspect(
    installation: Installation, project: Project, promotion: Promotion, pull_request: PullRequest
) -> tuple[Promotion, Standing]:
    """Return what the pull request asks for, read from the world now; raises `BlockedError` for what is wrong."""
    if pull_request.fork:
        raise blocked(
            Reason.FORK,
            "The pull request comes from a fork; a model is not scored for those.",
            what_next="open it from a branch of the repository itself, or: mlops promote",
        )
    if not pull_request.into_main:
        raise blocked(
            Reason.WRONG_BASE,
            "The pull request would not be merged into main: somebody pointed it at another branch.",
            what_next="set its base to main again",
        )
    expect_only_own_files(project, promotion, pull_request)
    manifest = manifest_at(project, promotion, pull_request.head)
    promotion = remember(installation, replace_version(promotion, manifest.version))
    expect_lane_in_order(installation, project, promotion)
    standing = read_standing(installation, project, promotion)
    found = None if standing.challenger is None else standing.challenger.digest
    if manifest.digest not in {None, found, _digest_before(project, promotion, pull_request)}:
        raise blocked(
            Reason.BAD_MANIFEST,
            f"The environment file names the digest {str(manifest.digest)[:12]}, but the registry's "
            f"{promotion.model} v{promotion.version} is {str(found)[:12]}: the version was changed.",
            what_next=f"register it as a new version, and promote that; mlops withdraw {promotion.name} ends this one",
        )
    expect_its_turn(installation, project, promotion, standing)
    return promotion, standing


def _digest_before(project: Project, promotion: Promotion, pull_request: PullRequest) -> str | None:
    """Return the digest that stood in the file before: who edits by hand may leave that line, and the bot mends it."""
    path = own_paths(promotion).manifest
    content = project.forge.read(project.forge.merge_base(pull_request.head), path)
    try:
        return None if content is None else parse_manifest(content, path).digest
    except UserError:  # what main has cannot be read, so there is no digest that the person could have left
        return None


def replace_version(promotion: Promotion, version: str | None) -> Promotion:
    """Return the promotion asking for the version that its branch names: a push may have changed it."""
    return replace(promotion, version=version) if promotion.version != version else promotion


def expect_lane_in_order(installation: Installation, project: Project, promotion: Promotion) -> None:
    """Raise `BlockedError` when the lane is frozen; only a rollback may pass then."""
    lane = read_lane(installation, project, promotion)
    if lane.frozen and promotion.kind is not Kind.ROLLBACK:
        raise blocked(
            Reason.OUT_OF_BAND,
            f"The lane is frozen: {lane.frozen_detail}",
            what_next=f"mlops sync {promotion.model} in {promotion.environment} --restore",
        )


def hold(installation: Installation, promotion: Promotion, reason: BlockedBy) -> Promotion:
    """Block a promotion for a reason, or leave it as it is when it is held for that already."""
    if promotion.state == State.BLOCKED and promotion.blocked_by == (reason,):
        return promotion
    return move(
        installation,
        promotion,
        State.BLOCKED,
        kind="blocked",
        body=as_blocked(reason),
        blocked_by=(reason,),
        waiting_since=None,
        deadline=None,
    )


def end_with_pull_request(
    installation: Installation, project: Project, promotion: Promotion, pull_request: PullRequest
) -> Promotion:
    """End a promotion whose pull request somebody closed, or merged before anyone authorised it."""
    if pull_request.state is PullRequestState.CLOSED:
        body = {"how": f"pull request {pull_request.number} was closed"}
        return show(
            installation, project, move(installation, promotion, State.WITHDRAWN, kind="withdrawn", body=dict(body))
        )
    if promotion.state == State.BLOCKED:
        promotion = move(installation, promotion, State.EVALUATING, kind="reconsidered")
    problem = f"Pull request {pull_request.number} was merged before it was authorised; mlops sync reverts it."
    return show(
        installation,
        project,
        move(installation, promotion, State.FAILED, kind="failed", body={"problem": problem}, problem=problem),
    )


def _write_down(
    installation: Installation, promotion: Promotion, standing: Standing, evidence: Evidence, verdict: Verdict
) -> Promotion:
    digest = installation.evidence.put(evidence)
    stop = _stops(standing.policy, verdict, promotion)
    now = installation.clock()
    body: dict[str, JsonValue] = {
        "evidence_digest": digest,
        "subject_digest": standing.digest,
        "outcome": verdict.outcome.value,
        "findings": [{"gate": finding.gate, "outcome": finding.outcome.value} for finding in verdict.findings],
    }
    waiting = stop is None
    since = (promotion.waiting_since or now) if waiting and promotion.evidence_digest == digest else now
    with installation.database.transaction() as work:
        promotion = move_in(
            work,
            installation,
            promotion,
            State.WAITING if waiting else State.BLOCKED,
            kind="evidence",
            body=body,
            blocked_by=() if stop is None else (stop,),
            evidence_digest=digest,
            subject_digest=standing.digest,
            digest=None if standing.challenger is None else standing.challenger.digest,
            waiting_since=since if waiting else None,
            deadline=since + standing.policy.expires_after if waiting else None,
            head=None,  # no head of the branch holds this evidence yet; whoever looks next commits it if we die here
        )
        _count_the_request(work, promotion, standing, now)
    return promotion


def _stops(policy: EffectivePolicy, verdict: Verdict, promotion: Promotion) -> BlockedBy | None:
    outcome = verdict.outcome
    if not stops(policy, outcome):
        return None
    summary = "No gate judged it." if verdict.worst is None else f"{verdict.worst.gate}: {verdict.worst.summary}"
    return BlockedBy(
        reason_code=_reason(verdict).value,
        summary=summary,
        who=(promotion.requester,),
        next=_way_out(outcome, promotion),
    )


def _reason(verdict: Verdict) -> Reason:
    """Return why it stops; data that are worn out are told from too few of them."""
    worn_out = any(f.reason == FRESH_DATA_NEEDED for f in verdict.findings if f.outcome is verdict.outcome)
    return Reason.FRESH_DATA_NEEDED if worn_out else REASON_OF[verdict.outcome]


def _way_out(outcome: Outcome, promotion: Promotion) -> str:
    """Say what helps against each kind of stop."""
    if outcome is Outcome.FAIL:
        again = f"mlops promote {promotion.model} VERSION to {promotion.environment}"
        return f"promote a better version, which replaces this one: {again}; or mlops withdraw {promotion.name}"
    if outcome is Outcome.INCONCLUSIVE:
        return f"pin more or fresh evaluation data in a rulebook pull request, then mlops recheck {promotion.name}"
    return f"mend what the finding names, then mlops recheck {promotion.name}"


def _count_the_request(work: Work, promotion: Promotion, standing: Standing, now: int) -> None:
    """Let the on-call person's request stand as their approval, where the policy says the requester counts."""
    if promotion.state != State.WAITING or promotion.evidence_digest is None or not _may_count(promotion, standing):
        return
    own = Decision(
        person=promotion.requester,
        account=promotion.requester_account,
        approves=True,
        reason=promotion.reason,
        surface=promotion.surface,
        assurance=promotion.assurance,
        evidence_digest=promotion.evidence_digest,
        at=now,
    )
    record_in(work, promotion, own)


def _may_count(promotion: Promotion, standing: Standing) -> bool:
    person = standing.people.person(promotion.requester)
    wanted = {rule.role for rule in standing.policy.approvals}
    return standing.policy.requester_counts and person is not None and bool(person.roles & wanted)
