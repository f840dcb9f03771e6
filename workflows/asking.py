"""Who should be asked for a review? Those who can still decide, and no one else."""

from policies.people import People
from reports.report import Report
from storage.promotions import Promotion
from workflows.blocked import BlockedError
from workflows.installation import Installation, Project
from workflows.rulebook import trusted_rulebook
from workflows.states import State
from workflows.verdicts import policy_of


def ask_reviewers(installation: Installation, project: Project, promotion: Promotion, report: Report) -> None:
    """Ask for the reviews that would help now, and no longer for those of people whom we know and who cannot help."""
    if promotion.pull_request is None or promotion.state not in {State.WAITING, State.BLOCKED}:
        return
    try:
        people = trusted_rulebook(installation, project).rulebook.people
    except BlockedError:  # while the rulebook is not trusted, nobody is known
        return
    logins = {login for line in report.blocked_by for login in line.who} if promotion.state == State.WAITING else set()
    wanted = _accounts(project, people, logins)
    others = _accounts(project, people, _able(people, report) - logins)
    project.forge.request_reviews(promotion.pull_request, wanted=wanted, unwanted=others - wanted)


def _able(people: People, report: Report) -> set[str]:
    """Return everyone with a role that is asked for; whom others ask besides is their business."""
    roles = {rule.role for rule in policy_of(report.evidence).approvals} if report.evidence is not None else set()
    return {login for login, person in people.persons.items() if person.roles & roles}


def _accounts(project: Project, people: People, logins: set[str]) -> frozenset[str]:
    """Return the forge's accounts of these people, the first where somebody has several."""
    own = (people.persons[login].accounts.get(project.platform, ()) for login in logins if login in people.persons)
    return frozenset(accounts[0] for accounts in own if accounts)
