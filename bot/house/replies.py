"""How is the answer to an acting command put?"""

from bot.exchange import ExitCode, Reply
from bot.house.desk import Desk
from gates.outcome import Outcome
from gates.refusal import Unavailable
from policies.effective import EffectivePolicy
from reports.document import status_document
from reports.overview import render_decision, render_status
from storage.promotions import Promotion
from storage.rulebook_changes import RulebookChange
from workflows.installation import Project
from workflows.reporting import report_of
from workflows.rulebook_ballot import who_may_accept
from workflows.states import State
from workflows.verdicts import stops

CODE_OF = {
    State.PROMOTED: ExitCode.DONE,
    State.ROLLED_BACK: ExitCode.DONE,
    State.WAITING: ExitCode.WAITING,
    State.EVALUATING: ExitCode.UNAVAILABLE,
    State.AUTHORISED: ExitCode.UNAVAILABLE,
    State.DEPLOYING: ExitCode.UNAVAILABLE,
}
"""Everything else is a refusal. What still moves when its command ends waits for a service."""


def verdict_code(policy: EffectivePolicy, outcome: Outcome) -> ExitCode:
    """Return how a command that only measures ends: as a promotion would, but passing waits for nobody."""
    if stops(policy, outcome):
        return ExitCode.REFUSED
    return ExitCode.WAITING if outcome is Outcome.INCONCLUSIVE else ExitCode.DONE


def promotion_reply(desk: Desk, project: Project, promotion: Promotion) -> Reply:
    """Tell where a promotion stands, with what the gates found."""
    report = report_of(desk.installation, project, promotion)
    code = CODE_OF.get(State(promotion.state), ExitCode.REFUSED)
    return Reply(text=render_status(report), code=code, data=status_document(report))


def decision_reply(desk: Desk, project: Project, promotion: Promotion, *, ends: bool) -> Reply:
    """Tell what became of a decision; `ends` says that the person meant to end it, which is then a success."""
    report = report_of(desk.installation, project, promotion)
    meant = ends and promotion.state in {State.WITHDRAWN, State.REJECTED}
    code = ExitCode.DONE if meant else CODE_OF.get(State(promotion.state), ExitCode.REFUSED)
    promoted = promotion.state == State.PROMOTED
    text = render_decision(
        report,
        url=_address(project, promotion) if promoted else None,
        receipt=str(desk.installation.receipts.path(promotion.name)) if promoted else None,
    )
    return Reply(text=text, code=code, data=status_document(report))


def _address(project: Project, promotion: Promotion) -> str | None:
    """Return where it answers; a target that sleeps now does not undo what was done."""
    slot = project.slot(promotion.model, promotion.environment)
    try:
        serving = project.stage(promotion.environment).target.serving(slot)
    except Unavailable:
        return None
    return None if serving is None else serving.url


def change_reply(desk: Desk, change: RulebookChange) -> Reply:
    """Tell where a rulebook change stands, and who may accept it."""
    codes = {"accepted": ExitCode.DONE, "rejected": ExitCode.DONE, "waiting": ExitCode.WAITING}
    project = desk.project(change.project)
    waiting = change.state == "waiting"
    who = who_may_accept(desk.installation, project, change, desk.rulebook(project)) if waiting else ()
    text = f"{change.name} is {change.state}: rulebook change in pull request {change.pull_request}."
    if change.problem:
        text = f"{text}\n  {change.problem}"
    elif waiting:
        text = f"{text}\n  Who: {', '.join(who) or 'nobody who may decide is left'}. Next: mlops approve {change.name}"
    return Reply(
        text=text,
        code=codes.get(change.state, ExitCode.REFUSED),
        data={
            "id": change.name,
            "state": change.state,
            "problem": change.problem,
            "pull_request": {"number": change.pull_request, "url": change.url},
            "digest": change.digest,
            "author": change.author,
            "who": list(who),
        },
    )
