"""Who may decide about a change of the rules, and how do their decisions add up?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policies.approvals import Tally
from policies.decision import Decision
from policies.rulebook import Rulebook
from policies.rulebook_approval import rulebook_tally
from storage.rulebook_changes import RulebookChange
from workflows.deciding import decisions_of
from workflows.forge import PullRequest
from workflows.installation import Installation, Project


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeBallot:
    """Before whom a rulebook change lies: main's governors, without those who wrote it."""

    rulebook: Rulebook
    barred: Mapping[str, str]
    digest: str

    def count(self, decisions: Sequence[Decision]) -> Tally:
        """Count the decisions on exactly this proposal."""
        return rulebook_tally(people=self.rulebook.people, decisions=decisions, barred=self.barred, digest=self.digest)


def ballot_of(project: Project, change: RulebookChange, pull_request: PullRequest, current: Rulebook) -> ChangeBallot:
    """Return the ballot of a rulebook change."""
    authors = [_person(project, current, account) for account in (pull_request.author, change.author)]
    hands = {login: f"{login} worked on this change" for login in (
        _person(project, current, account) for account in sorted(pull_request.contributors)
    ) if login is not None}  # fmt: skip
    hands |= {author: f"{author} wrote this change" for author in authors if author is not None}
    return ChangeBallot(rulebook=current, barred=hands, digest=change.digest)


def _person(project: Project, current: Rulebook, account: str | None) -> str | None:
    for platform in (project.platform, "git"):
        person = None if account is None else current.people.person_of(platform, account)
        if person is not None:
            return person.login
    return None


def tally_of(
    installation: Installation, project: Project, change: RulebookChange, pull_request: PullRequest, current: Rulebook
) -> Tally:
    """Count the governors' decisions on what the change proposes now; its author and committers are excluded."""
    return ballot_of(project, change, pull_request, current).count(decisions_of(installation, change.name))


def who_may_accept(
    installation: Installation, project: Project, change: RulebookChange, current: Rulebook
) -> tuple[str, ...]:
    """Return the governors whose approval would help now."""
    pull_request = project.forge.pull_request(change.pull_request)
    counted = tally_of(installation, project, change, pull_request, current)
    return tuple(sorted({login for missing in counted.missing for login in missing.who}))
