"""How do people see where a promotion stands? Checks, one comment, asked reviewers; written and never read."""

from gates.outcome import Finding, Outcome
from reports.comment import check_summary, render_comment, render_finding
from reports.report import Report
from storage.promotions import Promotion
from workflows.annotations import annotations_of
from workflows.asking import ask_reviewers
from workflows.branch import own_paths
from workflows.deployments import show_deployment
from workflows.forge import Button, Check, CheckState, PullRequestState
from workflows.installation import Installation, Project
from workflows.overwriting import put_checks
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
BUTTONS = {
    State.WAITING: (Button.APPROVE, Button.REJECT, Button.RECHECK),
    State.BLOCKED: (Button.RECHECK, Button.REJECT),
}


def show(installation: Installation, project: Project, promotion: Promotion) -> Promotion:
    """Bring the pull request's checks and comment up to date; an ended promotion's pull request is closed."""
    if promotion.pull_request is None:
        return promotion
    report = report_of(installation, project, promotion)
    head = project.forge.pull_request(promotion.pull_request).head
    page = own_paths(promotion).page
    checks = [
        *(_gate_check(finding) for finding in report.findings),
        _promotion_check(project, promotion, report, head),
    ]
    put_checks(installation, project, promotion.name, head, checks)
    project.forge.put_comment(promotion.pull_request, MARKER, render_comment(report), whole=page)
    ask_reviewers(installation, project, promotion, report)
    show_deployment(project, promotion)
    if State(promotion.state) not in OPEN:
        _tidy(project, promotion)
    return promotion


def turn_green(installation: Installation, project: Project, promotion: Promotion) -> None:
    """Let `mlops/promotion` succeed on exactly the authorised head: from here on a merge is legitimate."""
    check = Check(name=PROMOTION_CHECK, state=CheckState.SUCCESS, summary="Authorised; merging.")
    put_checks(installation, project, promotion.name, str(promotion.authorised_head), [check])


def turn_back(installation: Installation, project: Project, promotion: Promotion, why: str) -> None:
    """Take the green check off a head that is authorised no longer: whoever finds it may not merge by it."""
    check = Check(name=PROMOTION_CHECK, state=CheckState.PENDING, summary=f"No longer authorised: {why}")
    put_checks(installation, project, promotion.name, str(promotion.authorised_head), [check])


def _gate_check(finding: Finding) -> Check:
    return Check(
        name=f"mlops/{finding.gate}",
        state=STATE_OF[finding.outcome],
        summary=finding.summary,
        text=render_finding(finding),
        buttons=(Button.RECHECK,) if finding.outcome is Outcome.ERROR else (),
    )


def _promotion_check(project: Project, promotion: Promotion, report: Report, head: str) -> Check:
    state = State(promotion.state)
    return Check(
        name=PROMOTION_CHECK,
        state=_check_state(state),
        summary=check_summary(report),
        text=render_comment(report),
        annotations=annotations_of(project, promotion, head),
        buttons=BUTTONS.get(state, ()),
        whole=own_paths(promotion).page,
    )


def _check_state(state: State) -> CheckState:
    if state in GREEN:
        return CheckState.SUCCESS
    if state is State.WAITING:
        return CheckState.WAITING
    return CheckState.PENDING if state is State.EVALUATING else CheckState.FAILURE


def _tidy(project: Project, promotion: Promotion) -> None:
    pull_request = project.forge.pull_request(int(promotion.pull_request or 0))
    if pull_request.state is PullRequestState.OPEN:
        project.forge.close(pull_request.number, comment=f"{promotion.name} is {promotion.state}.")
    elif pull_request.ours:
        project.forge.delete_branch(pull_request.branch)
