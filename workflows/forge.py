"""Where do pull requests live, and what do we need of that place?

The port is shaped by two real systems, GitHub and Azure DevOps, and first implemented by the embedded forge on a bare
Git repository. Commits are named by full SHA. Everything that writes may be repeated: it looks before it acts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class PullRequestState(StrEnum):
    """Where a pull request stands."""

    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"


class CheckState(StrEnum):
    """What a check shows beside a pull request."""

    PENDING = "pending"
    SUCCESS = "success"
    NEUTRAL = "neutral"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """One pull request as the forge sees it now. Accounts are the forge's, not persons."""

    number: int
    url: str
    """Where a person finds it; the embedded forge gives the path of its page in the repository."""
    title: str
    branch: str
    head: str
    """SHA of the branch's last commit."""
    author: str | None
    """Account that opened it; None when the forge could not tell."""
    state: PullRequestState
    merge_commit: str | None
    contributors: frozenset[str]
    """Accounts and e-mail addresses of every author, committer and pusher of the branch, other than the bot."""
    fork: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One path that differs between two trees."""

    path: str
    before: str | None
    """Git blob id; None when the path is new."""
    after: str | None
    """Git blob id; None when the path is removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One commit on main's first-parent line."""

    sha: str
    parent: str | None
    tree: str
    author: str
    """Name and address, as the commit says; proof of nothing."""
    summary: str
    """First line of the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One named check on one commit."""

    name: str
    state: CheckState
    summary: str


class MergeProblem(StrEnum):
    """Why a merge was refused."""

    CONFLICT = "conflict"
    STALE_HEAD = "stale_head"
    NOT_OPEN = "not_open"


class MergeRefusedError(Exception):
    """The forge would not merge; `problem` is for code and the text for people."""

    def __init__(self, problem: MergeProblem, text: str) -> None:
        """Keep the problem beside its sentence."""
        super().__init__(text)
        self.problem = problem


class Forge(Protocol):
    """A place with branches and pull requests. Every method may raise `Unavailable`."""

    def main_head(self) -> str:
        """Return the SHA of main."""

    def read(self, commit: str, path: str) -> bytes | None:
        """Return a file's bytes in a commit's tree, or None."""

    def files(self, commit: str, under: tuple[str, ...]) -> Mapping[str, bytes]:
        """Return path and bytes of every file whose path starts with one of `under`."""

    def main_since(self, commit: str | None) -> tuple[Commit, ...]:
        """Return main's first-parent commits after `commit`, oldest first; all if None, or if it is not on the line."""

    def author_of(self, commit: str) -> str | None:
        """Return the e-mail address of a commit's author, or None when this repository has no such commit."""

    def changes(self, base: str, head: str) -> tuple[Change, ...]:
        """Return the paths that differ between two commits' trees, sorted by path."""

    def merge_base(self, head: str) -> str:
        """Return the commit where `head`'s line left main."""

    def commit(self, branch: str, files: Mapping[str, bytes | None], *, message: str, at: int) -> str:
        """Write files (None removes) in one commit on top of `branch`, made from main if new; return the head.

        Returns the present head without a new commit when the tree would not change. `at` is seconds since 1970.
        """

    def open_pull_request(self, branch: str, *, title: str, body: str, author: str) -> PullRequest:
        """Open a pull request from `branch` to main, or return the open one of that branch."""

    def pull_request(self, number: int) -> PullRequest:
        """Return one pull request; `UserError` when there is none."""

    def open_pull_requests(self) -> tuple[PullRequest, ...]:
        """Return all open ones, by number; those that people opened by hand too."""

    def put_check(self, head: str, check: Check) -> None:
        """Write a check on a commit, replacing the one of that name if it differs."""

    def put_comment(self, number: int, marker: str, text: str) -> None:
        """Write one comment found again by `marker`, edited in place and only if its text differs."""

    def merge(self, number: int, *, expected_head: str, message: str, at: int) -> str:
        """Merge into main if the head is still `expected_head`; return the merge commit.

        A pull request that is merged already with that head returns its merge commit. Raises `MergeRefusedError`.
        """

    def close(self, number: int, *, comment: str) -> None:
        """Close without merging and delete the bot's branch."""

    def delete_branch(self, branch: str) -> None:
        """Delete a branch of the bot's; one that is gone already is no mistake."""

    def would_merge(self, number: int) -> MergeRefusedError | None:
        """Say why a merge would be refused now, or None."""
