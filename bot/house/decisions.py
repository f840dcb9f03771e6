"""What happens when somebody decides?"""

from functools import partial

from bot.commands import Approve, PromotionName, Recheck, Reject, Withdraw
from bot.exchange import Reply, Request
from bot.house.desk import Desk
from bot.house.persons import actor
from bot.house.replies import change_reply, decision_reply, promotion_reply
from bot.house.seen import About, expect_seen
from gates.refusal import Refused
from policies.decision import Decision
from storage.database import Work
from storage.promotions import Promotion
from workflows.deciding import Judged, bench_of, decision_body, decisions_of, judged, note_refusal, record
from workflows.lifecycle import move_in
from workflows.outbox import ask_for_change, ask_for_look
from workflows.reviews import evidence_at
from workflows.rulebook_ballot import ballot_of
from workflows.rulebook_proposal import proposed_at
from workflows.states import UNDECIDED, State
from workflows.waiting import overdue


def approve(desk: Desk, request: Request, command: Approve) -> Reply:
    """Approve exactly the evidence that is shown now."""
    if command.promotion.is_rulebook_change:
        return _decide_change(desk, request, command.promotion, approves=True, reason=command.reason)
    return _decide(desk, request, command.promotion, approves=True, reason=command.reason)


def reject(desk: Desk, request: Request, command: Reject) -> Reply:
    """Reject it for good."""
    if command.promotion.is_rulebook_change:
        return _decide_change(desk, request, command.promotion, approves=False, reason=command.reason)
    return _decide(desk, request, command.promotion, approves=False, reason=command.reason)


def withdraw(desk: Desk, request: Request, command: Withdraw) -> Reply:
    """Take a request back: the requester's right, and the model owner's."""
    promotion = desk.promotion(command.promotion)
    project = desk.project(promotion.project)
    rulebook = desk.rulebook(project)
    who = actor(request.speaker, rulebook)
    owner = rulebook.entries[promotion.model].owner if promotion.model in rulebook.entries else None
    if who.person.login not in {promotion.requester, owner}:
        owned = f" or {owner}, who owns {promotion.model}," if owner not in {None, promotion.requester} else ""
        raise Refused(f"Only {promotion.requester}, who asked for {promotion.name},{owned} may withdraw it.")
    problem = f"{who.person.login} withdrew it."
    with desk.installation.database.transaction() as work:
        present = _undecided(work, promotion)
        body = {"by": who.person.login, "assurance": who.assurance}
        ended = move_in(
            work, desk.installation, present, State.WITHDRAWN, kind="withdrawn", body=dict(body), problem=problem
        )
        ask_for_look(work, ended, cause="withdrawn", at=desk.installation.clock())
    desk.drain()
    return decision_reply(desk, project, desk.promotion(command.promotion), ends=True)


def recheck(desk: Desk, request: Request, command: Recheck) -> Reply:
    """Measure and judge once more, with the world as it is now; what is past its deadline expires instead."""
    promotion = desk.promotion(command.promotion)
    project = desk.project(promotion.project)
    who = actor(request.speaker, desk.rulebook(project))
    with desk.installation.database.transaction() as work:
        present = _undecided(work, promotion)
        if present.state != State.EVALUATING and not overdue(desk.installation, present):
            body = {"by": who.person.login}
            present = move_in(
                work, desk.installation, present, State.EVALUATING, kind="recheck", body=dict(body), problem=""
            )
        ask_for_look(work, present, cause="recheck", at=desk.installation.clock())
    desk.drain()
    return promotion_reply(desk, project, desk.promotion(command.promotion))


def _undecided(work: Work, promotion: Promotion) -> Promotion:
    """Return the promotion as it is in this transaction; `Refused` once it is authorised or has ended."""
    present = work.promotions.get(promotion.project, promotion.id)
    if State(present.state) not in UNDECIDED:
        raise Refused(f"{_standing(present)}; that cannot be changed any more.")
    return present


def _decide(desk: Desk, request: Request, name: PromotionName, *, approves: bool, reason: str) -> Reply:
    promotion = desk.promotion(name)
    project = desk.project(promotion.project)
    about = About(project=project, name=promotion.name, digest=evidence_to_decide(promotion, approves=approves))
    expect_seen(desk, request, about, partial(evidence_at, project, promotion))
    decision = _heard(desk, request, about, approves=approves, reason=reason)
    bench = bench_of(desk.installation, project, promotion)
    known = decisions_of(desk.installation, promotion.name)
    verdict = judged(bench.count(known), bench.count([*known, decision]), decision)
    if not verdict.allowed:
        note_refusal(desk.installation, project.name, promotion.name, decision, verdict.why)
        raise Refused(refusal_words(verdict, promotion.name))
    record(desk.installation, promotion, decision)
    desk.drain()
    return decision_reply(desk, project, desk.promotion(name), ends=not approves)


def evidence_to_decide(promotion: Promotion, *, approves: bool) -> str:
    """Return the digest that a decision would be about; what a gate or anything else blocks can only be rejected."""
    open_to = {State.WAITING} if approves else {State.WAITING, State.BLOCKED}
    if State(promotion.state) in open_to and promotion.evidence_digest is not None:
        return promotion.evidence_digest
    why = "; ".join(reason.summary for reason in promotion.blocked_by) or promotion.problem
    because = f": {why.rstrip('.')}" if why else ""
    raise Refused(
        f"{_standing(promotion)}, so there is nothing to {'approve' if approves else 'reject'} now{because}. "
        f"Next: mlops why {promotion.name}."
    )


def _standing(promotion: Promotion) -> str:
    return f"{promotion.name} is {promotion.state.replace('_', ' ')}"


def _decide_change(desk: Desk, request: Request, name: PromotionName, *, approves: bool, reason: str) -> Reply:
    change = desk.change(name)
    project = desk.project(change.project)
    if change.state != "waiting":
        raise Refused(f"{change.name} is {change.state}: {change.problem or 'there is nothing to decide now'}.")
    about = About(project=project, name=change.name, digest=change.digest)
    expect_seen(desk, request, about, partial(proposed_at, project))
    decision = _heard(desk, request, about, approves=approves, reason=reason)
    pull_request = project.forge.pull_request(change.pull_request)
    ballot = ballot_of(project, change, pull_request, desk.rulebook(project))
    known = decisions_of(desk.installation, change.name)
    verdict = judged(ballot.count(known), ballot.count([*known, decision]), decision)
    if not verdict.allowed:
        note_refusal(desk.installation, project.name, change.name, decision, verdict.why)
        raise Refused(refusal_words(verdict, change.name))
    with desk.installation.database.transaction() as work:
        work.decisions.add(change.name, decision)
        work.ledger.append(
            kind="approved" if approves else "rejection",
            project=project.name,
            subject=change.name,
            body=dict(decision_body(change.name, decision)),
            at=decision.at,
        )
        ask_for_change(work, change, cause=f"decision of {decision.person}", at=decision.at)
    desk.drain()
    return change_reply(desk, desk.change(name))


def _heard(desk: Desk, request: Request, about: About, *, approves: bool, reason: str) -> Decision:
    """Return the decision as it was heard; of an account linked to nobody, the ledger keeps that it tried."""
    rulebook = desk.rulebook(about.project)
    account = request.speaker.account or ""
    person = rulebook.people.person_of(request.speaker.platform, account)
    decision = Decision(
        person=None if person is None else person.login,
        account=account,
        approves=approves,
        reason=reason,
        surface=request.surface,
        assurance=request.speaker.assurance,
        evidence_digest=about.digest,
        at=desk.installation.clock(),
    )
    try:
        actor(request.speaker, rulebook)
    except Refused as unlinked:
        note_refusal(desk.installation, about.project.name, about.name, decision, str(unlinked))
        raise
    return decision


def refusal_words(verdict: Judged, name: str) -> str:
    """Say why a person may not decide, and who may."""
    why = verdict.why[0].upper() + verdict.why[1:]
    if not verdict.who:
        return f"{why}. Nobody who may decide is left: mlops why {name}."
    return f"{why}. Who may decide: {', '.join(verdict.who)}, with mlops approve {name}."
