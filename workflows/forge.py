"""Where do pull requests live, and what do we need of that place?

The port is shaped by two real systems, GitHub and Azure DevOps, and first implemented by the embedded forge on a bare
Git repository. What a forge has no place for, it leaves out: an embedded check has no buttons. Commits are named by
full SHA. Everything that writes may be repeated: it looks before it acts.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
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
    """Work is going on."""
    WAITING = "waiting"
    """People must act."""
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
    commits: int = 1
    """How many commits it adds to main; a rebase lands as many."""
    ours: bool = False
    """Did the bot open it?"""
    fork: bool = False
    into_main: bool = True
    """Would it be merged into main? Its author may have pointed it elsewhere."""
    reviewers: frozenset[str] = frozenset()
    """Accounts that are asked for a review now."""


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


class Button(StrEnum):
    """What a person can do beside a check with one click."""

    APPROVE = "approve"
    REJECT = "reject"
    RECHECK = "recheck"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A mistake shown at the line where it lies."""

    path: str
    line: int
    """Counted from 1."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One named check on one commit."""

    name: str
    state: CheckState
    summary: str
    """One sentence, plain text."""
    text: str = ""
    """More, as Markdown."""
    annotations: tuple[Annotation, ...] = ()
    buttons: tuple[Button, ...] = ()
    whole: str | None = None
    """Path in the commit of the file that holds all of it, linked where `text` has to be cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A person's review of one commit of a pull request, as the forge has it now."""

    id: str
    """The forge's own name for it."""
    account: str
    approves: bool
    """False: it requests changes. Reviews that only comment are none."""
    dismissed: bool
    commit: str
    """SHA of the commit that was reviewed."""
    reason: str
    at: int
    """Seconds since 1970."""


class DeploymentState(StrEnum):
    """Where a version is on its way into an environment."""

    IN_PROGRESS = "in_progress"
    SUCCESS = "success"
    FAILURE = "failure"
    INACTIVE = "inactive"
    """Something else serves there now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What the forge shows about an environment: which commit is there, or on its way."""

    name: str
    """The promotion, "P12"."""
    model: str
    environment: str
    production: bool
    """Is it the last environment?"""
    commit: str
    """SHA on main."""
    state: DeploymentState
    summary: str


class MergeProblem(StrEnum):
    """Why a merge was refused."""

    CONFLICT = "conflict"
    STALE_HEAD = "stale_head"
    NOT_OPEN = "not_open"
    PROTECTED = "protected"
    """The forge's own rules for main do not let it in yet."""


class MergeRefusedError(Exception):
    """The forge would not merge; `problem` is for code and the text for people."""

    def __init__(self, problem: MergeProblem, text: str) -> None:
        """Keep the problem beside its sentence."""
        super().__init__(text)
        self.problem = problem


class Forge(Protocol):
    """A place with branches and pull requests. Every method may raise `Unavailable`."""

    def moment(self) -> AbstractContextManager[None]:
        """Let what this thread reads in the body be of one moment: asked for once, until we write or it ends."""

    def main_head(self) -> str:
        """Return the SHA of main."""

    def read(self, commit: str, path: str) -> bytes | None:
        """Return a file's bytes in a commit's tree, or None."""

    def files(self, commit: str, wanted: Callable[[str], bool]) -> Mapping[str, bytes]:
        """Return path and bytes of every file whose path is wanted."""

    def main_since(self, commit: str | None) -> tuple[Commit, ...]:
        """Return main's first-parent commits after `commit`, oldest first; all if None, or if it is not on the line.

        Reads no further back than `commit`; without one, or off the line, the whole history.
        """

    def on_main(self, commit: str) -> bool:
        """Is a commit on main's first-parent line?"""

    def parent_of(self, commit: str) -> str | None:
        """Return a commit's first parent; None for a first commit, or one that this repository does not have."""

    def find_commit(self, prefix: str) -> str | None:
        """Return the SHA of the one commit that begins so, or None when there is none or more than one."""

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

    def open_pull_request(
        self, branch: str, *, title: str, body: str, author: str, labels: Sequence[str] = ()
    ) -> PullRequest:
        """Open a pull request from `branch` to main, or return the open one of that branch.

        Repeated after the merge, with the same head, it returns the merged one. `author` is the account that asked for
        it. `UserError` when the branch holds nothing that main lacks.
        """

    def pull_request(self, number: int) -> PullRequest:
        """Return one pull request; `UserError` when there is none."""

    def open_pull_requests(self) -> tuple[PullRequest, ...]:
        """Return all open ones, by number; those that people opened by hand too."""

    def put_checks(self, head: str, checks: Sequence[Check]) -> tuple[str, ...]:
        """Write checks on a commit, each replacing the one of its name if it differs.

        Returns a sentence about each check or status that somebody else wrote under one of these names and that was
        overwritten by this; the same one is told of each time that it is overwritten.
        """

    def put_comment(self, number: int, marker: str, text: str, *, whole: str | None = None) -> None:
        """Write one comment found again by `marker`, edited in place and only if its text differs.

        `whole` is the path in the branch of a file that holds all of it, linked where the text has to be cut.
        """

    def reviews(self, number: int) -> tuple[Review, ...]:
        """Return every approving or rejecting review by people, dismissed ones too, oldest first."""

    def request_reviews(self, number: int, *, wanted: Collection[str], unwanted: Collection[str]) -> None:
        """Ask accounts for a review, and ask others no longer; whom the forge cannot ask is left out."""

    def members(self, team: str) -> frozenset[str]:
        """Return the accounts in a team that policies/people.yaml names; `UserError` when it cannot be read."""

    def put_deployment(self, deployment: Deployment) -> None:
        """Show which commit an environment has, or is about to have; only if it shows something else."""

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
