"""Who reviewed a pull request, who is asked to, and who is in a team?"""

from collections.abc import Collection, Iterable

from github.NamedUser import NamedUser
from github.PaginatedList import PaginatedList
from github.PullRequest import PullRequest as Listed
from github.PullRequestReview import PullRequestReview

from bot.github.pull_requests import PullRequests
from bot.github.refusals import Declined
from bot.github.repository import GitHubRepository
from gates.refusal import UserError
from workflows.forge import PullRequestState, Review

APPROVED, REJECTED, DISMISSED = "APPROVED", "CHANGES_REQUESTED", "DISMISSED"
DECIDING = frozenset({APPROVED, REJECTED, DISMISSED})
PERSON = "User"
INVALID, FORBIDDEN, NOT_FOUND = 422, 403, 404


class Reviews:
    """Reviews in one repository."""

    def __init__(self, repository: GitHubRepository, pulls: PullRequests) -> None:
        """Ask nothing yet."""
        self._repository, self._pulls = repository, pulls

    def of(self, number: int) -> tuple[Review, ...]:
        """Return every approving, rejecting or dismissed review by a person, oldest first."""
        deciding = [review for review in self._listed(number) if review.state in DECIDING and _is_persons(review)]
        return tuple(sorted(map(_seen, deciding), key=lambda review: (review.at, int(review.id))))

    def request(self, number: int, *, wanted: Collection[str], unwanted: Collection[str]) -> None:
        """Ask those who are not asked yet, and ask others no longer."""
        pull = self._pulls.get(number)
        if pull.state != PullRequestState.OPEN:
            return
        asked = {_folded(reviewer.login): reviewer.login for reviewer in pull.requested_reviewers}
        dropped = [asked[_folded(name)] for name in unwanted if _folded(name) in asked]
        if dropped:
            pull.delete_review_request(reviewers=dropped)
        if missing := self._not_asked(pull, wanted, asked):
            _ask(pull, missing)

    def _not_asked(self, pull: Listed, wanted: Iterable[str], asked: Collection[str]) -> list[str]:
        """Return whom to ask: not the author, and not who looked at this very head (GitHub asks them no longer)."""
        author = _folded(pull.user.login) if pull.user else ""
        missing = [name for name in wanted if _folded(name) not in asked and _folded(name) != author]
        if not missing:
            return []
        looked = {_folded(one.user.login) for one in self._listed(pull.number) if _saw(one, pull.head.sha)}
        return sorted(name for name in missing if _folded(name) not in looked)

    def _listed(self, number: int) -> PaginatedList[PullRequestReview]:
        url = f"{self._repository.about().url}/pulls/{number}/reviews"
        return PaginatedList(PullRequestReview, self._repository.requester, url)

    def members(self, team: str) -> frozenset[str]:
        """Return the accounts in ORGANISATION/TEAM, those of its child teams too."""
        organisation, _, slug = team.partition("/")
        url = f"/orgs/{organisation}/teams/{slug}/members"
        try:
            listed = list(PaginatedList(NamedUser, self._repository.requester, url))
        except Declined as declined:
            if declined.status not in {FORBIDDEN, NOT_FOUND}:
                raise
            raise UserError(
                f"The team {team} cannot be read on GitHub: write it in people.yaml as ORGANISATION/TEAM, as in the "
                "team's address, and give the App the permission to read the organisation's members."
            ) from declined
        return frozenset(member.login for member in listed)


def _ask(pull: Listed, names: list[str]) -> None:
    """Ask all at once; if GitHub refuses one of them, it refuses all, and each is asked alone."""
    try:
        pull.create_review_request(reviewers=names)
    except Declined as declined:
        if declined.status != INVALID:
            raise
        for name in names if len(names) > 1 else ():
            _ask(pull, [name])


def _folded(login: str) -> str:
    """GitHub's names differ by more than case."""
    return login.casefold()


def _is_persons(review: PullRequestReview) -> bool:
    return review.user is not None and review.user.type == PERSON


def _saw(review: PullRequestReview, head: str) -> bool:
    return review.user is not None and review.commit_id == head


def _seen(review: PullRequestReview) -> Review:
    """Show a review; what a dismissed one had said GitHub tells no longer: it is an approval that counts no more."""
    return Review(
        id=str(review.id),
        account=review.user.login,
        approves=review.state != REJECTED,
        dismissed=review.state == DISMISSED,
        commit=review.commit_id or "",
        reason=review.body or "",
        at=int(review.submitted_at.timestamp()),
    )
