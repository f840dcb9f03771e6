"""Whose decision would help now, and could this person's?"""

from dataclasses import replace

from bot.commands import PromotionName
from bot.house.decisions import evidence_to_decide, refusal_words
from bot.house.desk import Desk
from bot.house.looks import change_lines
from gates.refusal import Refused, UserError
from policies.decision import Decision
from reports.overview import ChangeLine
from reports.report import Report
from workflows.blocked import BlockedError
from workflows.deciding import Judged, bench_of, decisions_of, judged
from workflows.reasons import Reason
from workflows.rulebook_ballot import ballot_of

STRANGER = "This account is linked to no person, so it may look and not decide (link ties it to you)"
NOT_SAID = Decision(
    person=None, account="", approves=True, reason="", surface="", assurance="", evidence_digest="", at=0
)  # fmt: skip


def deciders(report: Report) -> tuple[str, ...]:
    """Return the logins of those whose approval would help now, sorted."""
    if not report.waits:
        return ()
    wanted = [line for line in report.blocked_by if line.reason_code == Reason.APPROVALS_MISSING.value]
    return tuple(sorted({login for line in wanted for login in line.who}))


def can_decide(desk: Desk, name: PromotionName, login: str | None) -> tuple[bool, str]:
    """Would this person's approval count now? If not: why, and who may decide."""
    try:
        verdict = _change_judged(desk, name, login) if name.is_rulebook_change else _judged(desk, name, login)
    except (UserError, BlockedError) as problem:
        return False, str(problem)
    if verdict.allowed and login is not None:
        return True, ""
    why = STRANGER if login is None else verdict.why
    return False, refusal_words(Judged(allowed=False, why=why, who=verdict.who), str(name))


def changes(desk: Desk, project: str) -> tuple[ChangeLine, ...]:
    """Return a project's open rulebook changes, oldest first, with those who may accept each."""
    return change_lines(desk, desk.project(project))


def _judged(desk: Desk, name: PromotionName, login: str | None) -> Judged:
    promotion = desk.promotion(name)
    digest = evidence_to_decide(promotion, approves=True)
    bench = bench_of(desk.installation, desk.project(promotion.project), promotion)
    known = decisions_of(desk.installation, promotion.name)
    decision = replace(NOT_SAID, person=login, evidence_digest=digest, at=desk.installation.clock())
    return judged(bench.count(known), bench.count([*known, decision]), decision)


def _change_judged(desk: Desk, name: PromotionName, login: str | None) -> Judged:
    change = desk.change(name)
    project = desk.project(change.project)
    if change.state != "waiting":
        raise Refused(f"{change.name} is {change.state}: {change.problem or 'there is nothing to decide now'}.")
    ballot = ballot_of(project, change, project.forge.pull_request(change.pull_request), desk.rulebook(project))
    known = decisions_of(desk.installation, change.name)
    decision = replace(NOT_SAID, person=login, evidence_digest=change.digest, at=desk.installation.clock())
    return judged(ballot.count(known), ballot.count([*known, decision]), decision)
