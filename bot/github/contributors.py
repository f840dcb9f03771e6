"""Who had a hand in a branch? Everybody whom its commits or its pushes name, other than ourselves.

What a commit says of its author is a claim: good for barring someone, never for trusting them. So our own name in a
commit clears nobody: the commit is ours if we wrote down that we made it, or if GitHub signed it. GitHub's name as the
committer of what was made on its pages says nothing either, as long as the signature is really GitHub's.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from github.Commit import Commit
from github.GitAuthor import GitAuthor
from github.NamedUser import NamedUser
from github.PullRequest import PullRequest
from pydantic import BaseModel, TypeAdapter
from requests.utils import parse_header_links

from bot.github.refusals import Declined
from bot.github.repository import GitHubRepository
from gates.refusal import Unavailable

LISTED = 250
"""GitHub lists no more commits of a pull request than this."""
MOST_COMMITS = 10_000
"""And no more of a comparison."""
BY_GITHUB = "web-flow"
NOT_FOUND = 404
DELETED = "branch_deletion"


class _Account(BaseModel):
    login: str


class _Movement(BaseModel):
    """One push as the repository's activity has it."""

    activity_type: str
    actor: _Account | None = None


_MOVEMENTS = TypeAdapter(list[_Movement])


class Contributors:
    """The commits of pull requests and the people behind them."""

    def __init__(self, repository: GitHubRepository) -> None:
        """Ask nothing yet."""
        self._repository = repository

    def commits_of(self, pull: PullRequest) -> tuple[Commit, ...]:
        """Return every commit that a pull request adds; GitHub's list of them ends at 250."""
        listed = tuple(pull.get_commits())
        return listed if len(listed) < LISTED else self._compared(pull)

    def people_of(self, pull: PullRequest, commits: Sequence[Commit], *, fork: bool) -> frozenset[str]:
        """Return accounts and e-mail addresses of all authors, committers and pushers but ourselves."""
        pushers = () if fork else self._pushers(pull.head.ref)
        return frozenset(self._people(commits)) | frozenset(pushers)

    def _people(self, commits: Iterable[Commit]) -> Iterator[str]:
        ours = self._repository.app.login
        for commit in commits:
            if self._repository.record.made(commit.sha):
                continue
            signed = _is_signed(commit)
            author = _name(commit.author, commit.commit.author)
            committer = _name(commit.committer, commit.commit.committer)
            yield from {author} - ({ours, ""} if signed else {""})
            yield from {committer} - ({ours, BY_GITHUB, ""} if signed else {""})

    def _pushers(self, branch: str) -> Iterator[str]:
        """Yield who pushed to a branch; an older GitHub Enterprise does not tell."""
        ours = self._repository.app.login.casefold()
        try:
            for movement in self._movements(f"refs/heads/{branch}"):
                if movement.actor and movement.activity_type != DELETED and movement.actor.login.casefold() != ours:
                    yield movement.actor.login
        except Declined as declined:
            if declined.status != NOT_FOUND:
                raise

    def _movements(self, ref: str) -> Iterator[_Movement]:
        url: str | None = f"{self._repository.about().url}/activity"
        parameters: dict[str, object] = {"ref": ref, "per_page": 100}
        while url:
            headers, document = self._repository.requester.requestJsonAndCheck("GET", url, parameters)
            yield from _MOVEMENTS.validate_python(document or [])
            url, parameters = _next(str(headers.get("link", ""))), {}

    def _compared(self, pull: PullRequest) -> tuple[Commit, ...]:
        """Walk a comparison instead; one that cannot be seen whole would leave people out."""
        compared = self._repository.about().compare(pull.base.sha, pull.head.sha, comparison_commits_per_page=100)
        commits = tuple(islice(compared.commits, MOST_COMMITS + 1))
        if len(commits) != compared.total_commits:
            raise Unavailable(
                f"GitHub shows {len(commits):,} of {compared.total_commits:,} commits of pull request {pull.number}, so"
                " that nobody can tell who made it: split it, or squash its branch."
            )
        return commits


def _name(account: NamedUser | None, claimed: GitAuthor) -> str:
    """Return the account that GitHub links to a commit, else the address in it."""
    return account.login if account is not None and account.login else (claimed.email or "").strip()


def _is_signed(commit: Commit) -> bool:
    verification = commit.commit.verification
    return verification is not None and bool(verification.verified)


def _next(links: str) -> str | None:
    return next((link["url"] for link in parse_header_links(links) if link.get("rel") == "next"), None)
