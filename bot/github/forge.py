"""Where do pull requests live on GitHub? The forge port, as a GitHub App, through PyGithub.

Nothing here is believed longer than it is true: Git objects are kept by their names, everything else is asked for
again, with the answer we have as the condition. Importing this module loads PyGithub: import it where a forge is made.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from bot.github.app import GitHubApp
from bot.github.branches import delete_bots_branch, is_bots
from bot.github.checks import Checks
from bot.github.comments import Comments
from bot.github.cutting import Whole
from bot.github.deployments import Deployments
from bot.github.git_objects import GitObjects
from bot.github.history import History, address_of
from bot.github.merging import Merging
from bot.github.pull_requests import PullRequests
from bot.github.repository import GitHubRepository
from bot.github.reviews import Reviews
from bot.github.writing import Writing
from workflows.forge import (
    Change,
    Check,
    Commit,
    Deployment,
    MergeRefusedError,
    PullRequest,
    PullRequestState,
    Review,
)

CLOSING = "gatehouse:closing"


class GitHubForge:
    """The forge port on one GitHub repository; safe to use from several threads and processes."""

    def __init__(self, app: GitHubApp, name: str, *, folder: Path) -> None:
        """Name the repository OWNER/NAME; `folder` keeps what GitHub cannot vouch for. Asks GitHub nothing."""
        self.repository = GitHubRepository(app, name, folder=folder, clock=app.manners.clock)
        self.comments = Comments(self.repository)
        self._objects = GitObjects(self.repository)
        self._history = History(self.repository, self._objects)
        self._writing = Writing(self.repository, self._objects, self._history)
        self._pulls = PullRequests(self.repository, self._objects, self._history)
        self._merging = Merging(self._pulls, self._objects, self._history, self._wait)
        self._checks = Checks(self.repository)
        self._reviews = Reviews(self.repository, self._pulls)
        self._deployments = Deployments(self.repository)

    def _wait(self, seconds: float) -> None:
        """Wait for GitHub to know more, and then ask it anew."""
        self.repository.requester.ask_anew()
        self.repository.app.manners.sleep(seconds)

    def moment(self) -> AbstractContextManager[None]:
        """Let what this thread reads in the body be asked for once, until it writes, waits, or the body ends."""
        return self.repository.requester.moment()

    def main_head(self) -> str:
        """Return the SHA of the default branch."""
        return self._history.main_head()

    def read(self, commit: str, path: str) -> bytes | None:
        """Return a file's bytes in a commit's tree, or None."""
        entry = self._objects.tree(commit).get(path)
        return self._objects.blob(entry.sha) if entry is not None and entry.is_file else None

    def files(self, commit: str, wanted: Callable[[str], bool]) -> Mapping[str, bytes]:
        """Return path and bytes of every file whose path is wanted."""
        chosen = {path: entry for path, entry in self._objects.tree(commit).items() if entry.is_file and wanted(path)}
        return {path: self._objects.blob(entry.sha) for path, entry in chosen.items()}

    def main_since(self, commit: str | None) -> tuple[Commit, ...]:
        """Return main's first-parent commits after `commit`, oldest first; all if None, or if it is not on the line."""
        return self._history.main_since(commit)

    def on_main(self, commit: str) -> bool:
        """Is a commit on main's first-parent line?"""
        newer = self.main_since(commit)
        return newer[0].parent == commit if newer else True

    def parent_of(self, commit: str) -> str | None:
        """Return a commit's first parent; None for a first commit, or one that this repository does not have."""
        found = self._objects.find(commit)
        return None if found is None else found.parent

    def find_commit(self, prefix: str) -> str | None:
        """Return the SHA of the one commit that begins so, or None when there is none or more than one."""
        return self._history.find(prefix)

    def author_of(self, commit: str) -> str | None:
        """Return the e-mail address of a commit's author, or None when this repository has no such commit."""
        found = self._objects.find(commit)
        return None if found is None else address_of(found)

    def changes(self, base: str, head: str) -> tuple[Change, ...]:
        """Return the paths that differ between two commits' trees, sorted by path."""
        return self._objects.changes(base, head)

    def merge_base(self, head: str) -> str:
        """Return the commit where `head`'s line left main; `UserError` when they share no history."""
        return self._history.merge_base(head)

    def commit(
        self,
        branch: str,
        files: Mapping[str, bytes | None],
        *,
        message: str,
        at: int,  # noqa: ARG002 - GitHub signs only what it dates itself
    ) -> str:
        """Write files (None removes) in one commit on top of `branch`, made from main if new; return the head."""
        return self._writing.commit(branch, files, message=message)

    def open_pull_request(
        self,
        branch: str,
        *,
        title: str,
        body: str,
        author: str,  # noqa: ARG002 - on GitHub the App is the author; the body says who asked
        labels: Sequence[str] = (),
    ) -> PullRequest:
        """Open a pull request from `branch` to main, or return the open one of that branch.

        Repeated after the merge, with the same head, it returns the merged one.
        """
        return self._pulls.open(branch, title=title, body=body, labels=labels)

    def pull_request(self, number: int) -> PullRequest:
        """Return one pull request; `UserError` when there is none."""
        return self._pulls.seen(self._pulls.get(number))

    def open_pull_requests(self) -> tuple[PullRequest, ...]:
        """Return all open ones, by number; those that people opened by hand too."""
        return self._pulls.all_open()

    def put_checks(self, head: str, checks: Sequence[Check]) -> tuple[str, ...]:
        """Write check runs on a commit where they differ; tell of those that somebody else wrote under our names."""
        return self._checks.put(head, checks)

    def put_comment(self, number: int, marker: str, text: str, *, whole: str | None = None) -> None:
        """Write one comment found again by `marker`, edited in place and only if its text differs."""
        self.comments.put(number, marker, text, whole=self._whole(number, whole))

    def reviews(self, number: int) -> tuple[Review, ...]:
        """Return every approving or rejecting review by people, dismissed ones too, oldest first."""
        return self._reviews.of(number)

    def request_reviews(self, number: int, *, wanted: Collection[str], unwanted: Collection[str]) -> None:
        """Ask accounts for a review, and ask others no longer; whom GitHub refuses is left out."""
        self._reviews.request(number, wanted=wanted, unwanted=unwanted)

    def members(self, team: str) -> frozenset[str]:
        """Return the accounts in ORGANISATION/TEAM; `UserError` when it cannot be read."""
        return self._reviews.members(team)

    def put_deployment(self, deployment: Deployment) -> None:
        """Show which commit an environment has, or is about to have; only if it shows something else."""
        self._deployments.put(deployment)

    def merge(
        self,
        number: int,
        *,
        expected_head: str,
        message: str,
        at: int,  # noqa: ARG002 - GitHub dates the merge
    ) -> str:
        """Merge into main if the head is still `expected_head`; return the merge commit."""
        return self._merging.merge(number, expected_head=expected_head, message=message)

    def close(self, number: int, *, comment: str) -> None:
        """Close without merging and delete the bot's branch; one that is merged stays merged and keeps the comment."""
        pull = self._pulls.get(number)
        self.comments.put_once(number, CLOSING, comment)
        if pull.state == PullRequestState.OPEN:
            pull.edit(state="closed")
        if is_bots(pull.head.ref) and not self._pulls.is_fork(pull):
            delete_bots_branch(self.repository, pull.head.ref)

    def delete_branch(self, branch: str) -> None:
        """Delete a branch of the bot's; one that is gone already is no mistake."""
        delete_bots_branch(self.repository, branch)

    def would_merge(self, number: int) -> MergeRefusedError | None:
        """Say why a merge would be refused now, or None."""
        return self._merging.would_merge(number)

    def _whole(self, number: int, path: str | None) -> Whole | None:
        """Link a file at the branch's present head: the branch goes after the merge, its commits stay."""
        if path is None:
            return None
        head = self._pulls.get(number).head.sha
        return Whole(path=path, url=f"{self.repository.about().html_url}/blob/{head}/{path}")
