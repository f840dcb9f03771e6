"""How do people see where a promotion stands? Checks and one comment, written and never read."""

from gates.outcome import Outcome
from reports.comment import check_summary, render_comment
from storage.promotions import Promotion
from workflows.forge import Check, CheckState, PullRequestState
from workflows.installation import Installation, Project
from workflows.reporting import report_of
from workflows.states import OPEN, State

PROMOTION_CHECK = "mlops/promotion"
MARKER = "gatehouse:promotion"

STATE_OF = {
    Outcome.PASS: CheckState.SUCCESS,
    Outcome.WARN: CheckState.SUCCESS,
    Outcome.INCONCLUSIVE: CheckState.NEUTRAL,
    Outcome.FAIL: CheckState.FAILURE,
    Outcome.ERROR: CheckState.FAILURE,
}

GREEN = {State.AUTHORISED, State.DEPLOYING, State.PROMOTED, State.ROLLED_BACK}


def show(installation: Installation, project: Project, promotion: Promotion) -> Promotion:
    """Bring the pull request's checks and comment up to date; an ended promotion's pull request is closed."""
    if promotion.pull_request is None:
        return promotion
    report = report_of(installation, project, promotion)
    head = project.forge.pull_request(promotion.pull_request).head
    for finding in report.findings:
        project.forge.put_check(
            head, Check(name=f"mlops/{finding.gate}", state=STATE_OF[finding.outcome], summary=finding.summary)
        )
    state = _check_state(State(promotion.state))
    project.forge.put_check(head, Check(name=PROMOTION_CHECK, state=state, summary=check_summary(report)))
    project.forge.put_comment(promotion.pull_request, MARKER, render_comment(report))
    if State(promotion.state) not in OPEN:
        _tidy(project, promotion)
    return promotion


def turn_green(project: Project, promotion: Promotion) -> None:
    """Let `mlops/promotion` succeed on exactly the authorised head: from here on a merge is legitimate."""
    check = Check(name=PROMOTION_CHECK, state=CheckState.SUCCESS, summary="authorised; merging")
    project.forge.put_check(str(promotion.authorised_head), check)


def turn_back(project: Project, promotion: Promotion, why: str) -> None:
    """Take the green check off a head that is authorised no longer: whoever finds it may not merge by it."""
    check = Check(name=PROMOTION_CHECK, state=CheckState.PENDING, summary=f"no longer authorised: {why}")
    project.forge.put_check(str(promotion.authorised_head), check)


def _check_state(state: State) -> CheckState:
    if state in GREEN:
        return CheckState.SUCCESS
    return CheckState.PENDING if state in {State.EVALUATING, State.WAITING} else CheckState.FAILURE


def _tidy(project: Project, promotion: Promotion) -> None:
    pull_request = project.forge.pull_request(int(promotion.pull_request or 0))
    if pull_request.state is PullRequestState.OPEN:
        project.forge.close(pull_request.number, comment=f"{promotion.name} is {promotion.state}.")
    elif pull_request.branch.startswith("mlops/"):
        project.forge.delete_branch(pull_request.branch)
