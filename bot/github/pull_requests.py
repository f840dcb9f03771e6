"""Which pull requests are there, and what is true of them now?"""

from collections.abc import Sequence
from itertools import islice

from github.PullRequest import PullRequest as Listed

from bot.github.branches import require_writable
from bot.github.contributors import Contributors
from bot.github.git_objects import GitObjects
from bot.github.history import History
from bot.github.refusals import Declined
from bot.github.repository import GitHubRepository
from gates.refusal import UserError
from workflows.forge import PullRequest, PullRequestState

GHOST = "ghost"
"""Whom GitHub shows in place of a deleted account."""
NOT_FOUND, INVALID = 404, 422
ENDED_LOOKED_AT = 30
"""How many ended pull requests of one branch are looked at."""


class PullRequests:
    """Pull requests of one repository."""

    def __init__(self, repository: GitHubRepository, objects: GitObjects, history: History) -> None:
        """Ask nothing yet."""
        self._repository, self._objects, self._history = repository, objects, history
        self._contributors = Contributors(repository)

    def get(self, number: int) -> Listed:
        """Return one as GitHub has it; `UserError` when there is none."""
        try:
            return self._repository.about().get_pull(number)
        except Declined as declined:
            if declined.status != NOT_FOUND:
                raise
            raise UserError(f"There is no pull request {number} in {self._repository.name}.") from declined

    def seen(self, pull: Listed) -> PullRequest:
        """Return one as the port shows it."""
        fork, commits = self.is_fork(pull), self._contributors.commits_of(pull)
        author = None if pull.user is None or pull.user.login == GHOST else pull.user.login
        return PullRequest(
            number=pull.number,
            url=pull.html_url,
            title=pull.title,
            branch=pull.head.ref,
            head=pull.head.sha,
            author=author,
            state=state_of(pull),
            merge_commit=pull.merge_commit_sha if pull.merged_at else None,
            contributors=self._contributors.people_of(pull, commits, fork=fork),
            commits=len(commits),
            ours=author == self._repository.app.login,
            fork=fork,
            into_main=pull.base.ref == self._repository.main,
            reviewers=frozenset(reviewer.login for reviewer in pull.requested_reviewers),
        )

    def all_open(self) -> tuple[PullRequest, ...]:
        """Return all open ones, by number."""
        pulls = self._repository.about().get_pulls(state="open", sort="created", direction="asc")
        return tuple(sorted((self.seen(pull) for pull in pulls), key=lambda pull: pull.number))

    def open(self, branch: str, *, title: str, body: str, labels: Sequence[str]) -> PullRequest:
        """Open one to main, or return the open one of the branch, or the one that merged its present head."""
        require_writable(self._repository, branch)
        pull = self._there(branch) or self._opened(branch, title, body)
        missing = [label for label in labels if label not in {known.name for known in pull.labels}]
        if missing and not pull.merged_at:
            pull.add_to_labels(*missing)
        return self.seen(pull)

    def is_fork(self, pull: Listed) -> bool:
        """Is its branch in another repository, or in one that is gone?"""
        return pull.head.repo is None or pull.head.repo.id != self._repository.about().id

    def _there(self, branch: str) -> Listed | None:
        """Return the branch's open one, else the one by which its present head was merged."""
        if found := next(iter(self._of(branch, "open")), None):
            return found
        head = self._history.head(branch)
        ended = self._of(branch, "closed")
        return next((pull for pull in ended if pull.merged_at and pull.head.sha == head), None)

    def _of(self, branch: str, state: str) -> list[Listed]:
        """List those of a branch; GitHub's own filter is not trusted alone, as it forgives what it does not know."""
        head = f"{self._repository.owner}:{branch}"
        listed = self._repository.about().get_pulls(state=state, head=head, base=self._repository.main)
        return [
            pull
            for pull in islice(listed, ENDED_LOOKED_AT)
            if pull.head.ref == branch and pull.base.ref == self._repository.main and not self.is_fork(pull)
        ]

    def _opened(self, branch: str, title: str, body: str) -> Listed:
        self._require_content(branch)
        try:
            return self._repository.about().create_pull(self._repository.main, branch, title=title, body=body)
        except Declined as declined:
            if declined.status != INVALID:
                raise
            if there := self._there(branch):
                return there  # somebody else opened it meanwhile
            raise UserError(f"GitHub opens no pull request from {branch}: {declined.words}") from declined

    def _require_content(self, branch: str) -> None:
        if (head := self._history.head(branch)) is None:
            raise UserError(f"There is no branch {branch} to open a pull request from: push it first.")
        base = self._history.merge_base(head)
        if not self._objects.changes(base, head):
            raise UserError(f"{branch} holds nothing that main lacks: commit a change to it first.")


def state_of(pull: Listed) -> PullRequestState:
    """Return where it stands."""
    if pull.merged_at:
        return PullRequestState.MERGED
    return PullRequestState.OPEN if pull.state == "open" else PullRequestState.CLOSED
