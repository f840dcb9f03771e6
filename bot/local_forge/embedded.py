"""Where do pull requests live when there is no GitHub? In a bare Git repository beside the rest of the installation.

Git itself does the branches, three-way merges, conflicts and guards; pull requests are small files in its folder
`pulls/`. The bot writes by plumbing with compare-and-swap, never through a push. People clone and push as anywhere;
hooks keep them off main and off the bot's branches and open their pull requests. The accounts of people who push are
asserted and never verified: whoever may write the folder may name themselves as they like, and receipts say so.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import reduce
from pathlib import Path

from bot.local_forge import history, merging, trees
from bot.local_forge.branches import commit_on, delete_branch, require_writable
from bot.local_forge.folder import Folder
from bot.local_forge.moment import Moments
from bot.local_forge.pull_requests import PullRequests
from bot.local_forge.record import Opening, Record
from bot.local_forge.refs import branch_ref, is_bots, main_of, read_refs
from bot.local_forge.repository import open_repository
from gates.refusal import UserError
from workflows.forge import Change, Check, Commit, Deployment, MergeRefusedError, PullRequest, Review


class EmbeddedForge:
    """The forge port on a bare Git repository; safe to use from several threads and processes."""

    def __init__(self, path: Path) -> None:
        """Open the repository at `path`; `UserError` when there is none or Git is too old."""
        self._git = open_repository(path)
        self._folder = Folder(self._git.directory / "pulls")
        self._pulls = PullRequests(self._git, self._folder)
        self._moments = Moments()

    def moment(self) -> AbstractContextManager[None]:
        """Let what this thread reads in the body be read once, until it changes something or the body ends."""
        return self._moments.moment()

    def main_head(self) -> str:
        """Return the SHA of main."""
        return self._moments.once("main", lambda: main_of(self._git, read_refs(self._git)))

    def read(self, commit: str, path: str) -> bytes | None:
        """Return a file's bytes in a commit's tree, or None."""
        return self._moments.once(("read", commit, path), lambda: trees.read_file(self._git, commit, path))

    def files(self, commit: str, wanted: Callable[[str], bool]) -> Mapping[str, bytes]:
        """Return path and bytes of every file whose path is wanted."""
        return self._moments.once(("files", commit, wanted), lambda: trees.read_files(self._git, commit, wanted))

    def main_since(self, commit: str | None) -> tuple[Commit, ...]:
        """Return main's first-parent commits after `commit`, oldest first; all if None, or if it is not on the line."""
        return self._moments.once(("since", commit), lambda: history.main_line_since(self._git, commit))

    def on_main(self, commit: str) -> bool:
        """Is a commit on main's first-parent line?"""
        newer = self.main_since(commit)
        return newer[0].parent == commit if newer else True

    def parent_of(self, commit: str) -> str | None:
        """Return a commit's first parent; None for a first commit, or one that this repository does not have."""
        return history.parent_of(self._git, commit)

    def find_commit(self, prefix: str) -> str | None:
        """Return the SHA of the one commit that begins so, or None when there is none or more than one."""
        return history.find_commit(self._git, prefix)

    def author_of(self, commit: str) -> str | None:
        """Return the e-mail address of a commit's author, or None when this repository has no such commit."""
        return history.author_of(self._git, commit)

    def changes(self, base: str, head: str) -> tuple[Change, ...]:
        """Return the paths that differ between two commits' trees, sorted by path."""
        return self._moments.once(("changes", base, head), lambda: trees.changed(self._git, base, head))

    def merge_base(self, head: str) -> str:
        """Return the commit where `head`'s line left main; `UserError` when they share no history."""
        main = self.main_head()
        base = self._moments.once(("base", main, head), lambda: history.merge_base(self._git, main, head))
        if base is None:
            raise UserError(f"The commit {head} shares no history with main: start the branch from main.")
        return base

    def commit(self, branch: str, files: Mapping[str, bytes | None], *, message: str, at: int) -> str:
        """Write files (None removes) in one commit on top of `branch`, made from main if new; return the head."""
        require_writable(self._git, branch)
        with self._changing():
            head = commit_on(self._git, branch, files, message=message, at=at)
            self._pulls.open_of(branch)  # its pull request follows
            return head

    def open_pull_request(
        self,
        branch: str,
        *,
        title: str,
        body: str,
        author: str,
        labels: Sequence[str] = (),  # noqa: ARG002 - pull requests have no labels here
    ) -> PullRequest:
        """Open a pull request from `branch` to main, or return the open one of that branch.

        Repeated after the merge, with the same head, it returns the merged one.
        """
        require_writable(self._git, branch)
        with self._changing():
            head = read_refs(self._git).get(branch_ref(branch), "")
            there = self._pulls.open_of(branch) or self._pulls.merged_of(branch, head)
            opening = Opening(branch=branch, title=title, body=body, author=author)
            return self._pulls.seen(there or self._pulls.open(opening))

    def pull_request(self, number: int) -> PullRequest:
        """Return one pull request; `UserError` when there is none."""
        return self._moments.once(("pull request", number), lambda: self._pull_request(number))

    def _pull_request(self, number: int) -> PullRequest:
        with self._folder.held():
            return self._pulls.seen(self._pulls.get(number))

    def open_pull_requests(self) -> tuple[PullRequest, ...]:
        """Return all open ones, by number; those that people opened by hand too."""
        with self._folder.held():
            self._pulls.discover()
            return tuple(self._pulls.seen(record) for record in self._pulls.all() if record.is_open)

    def put_checks(self, head: str, checks: Sequence[Check]) -> tuple[str, ...]:
        """Write checks on a commit that is or was the head of a pull request; nobody else can write any."""
        with self._folder.held():
            concerned = [record for record in self._pulls.all() if head in record.heads]
            if not concerned:
                raise UserError(f"No pull request has or had the head {head}: open one before checks are written.")
            for record in concerned:
                self._keep(reduce(lambda now, check: now.with_check(head, check), checks, record))
        return ()

    def put_comment(self, number: int, marker: str, text: str, *, whole: str | None = None) -> None:  # noqa: ARG002 - a file holds a text of any length
        """Write one comment found again by `marker`, edited in place and only if its text differs."""
        with self._folder.held():
            self._keep(self._pulls.get(number).with_comment(marker, text))

    def reviews(self, number: int) -> tuple[Review, ...]:  # noqa: ARG002 - as the port has it
        """Return nothing: people decide by commands here."""
        return ()

    def request_reviews(self, number: int, *, wanted: Collection[str], unwanted: Collection[str]) -> None:
        """Do nothing: the comment names who may decide."""

    def members(self, team: str) -> frozenset[str]:
        """There are no teams here."""
        raise UserError(
            f"The embedded forge has no teams, and people.yaml names {team}: give people roles of their own."
        )

    def put_deployment(self, deployment: Deployment) -> None:
        """Do nothing: `mlops status` shows what serves."""

    def merge(self, number: int, *, expected_head: str, message: str, at: int) -> str:
        """Merge into main if the head is still `expected_head`; return the merge commit."""
        with self._changing():
            record = self._pulls.get(number)
            if record.merge_commit and record.head == expected_head:
                return record.merge_commit
            self._refuse_ended(record)
            if record.head != expected_head:
                raise merging.stale(record, record.head)
            merged = merging.merge(self._git, record, message=message, at=at)
            self._keep(record.merged(merged))
            return merged

    def would_merge(self, number: int) -> MergeRefusedError | None:
        """Say why a merge would be refused now, or None."""
        with self._folder.held():
            record = self._pulls.get(number)
            try:
                self._refuse_ended(record)
                merging.merged_tree(self._git, record, self.main_head())
            except MergeRefusedError as refused:
                return refused
            return None

    def close(self, number: int, *, comment: str) -> None:
        """Close without merging and delete the bot's branch; one that is merged stays merged and keeps the comment."""
        with self._changing():
            record = self._pulls.get(number)
            ended = record.closed() if record.is_open else record
            self._keep(ended.model_copy(update={"closing": comment}))
            if is_bots(record.branch):
                delete_branch(self._git, record.branch)

    def delete_branch(self, branch: str) -> None:
        """Delete a branch of the bot's; one that is gone already is no mistake."""
        if not is_bots(branch):
            raise UserError(f"The branch {branch} is not the bot's: whoever pushed it deletes it.")
        with self._changing():
            self._pulls.open_of(branch)  # its pull request keeps the last commits
            delete_branch(self._git, branch)
            self._pulls.open_of(branch)  # and says that it is closed

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Hold the folder for a change; whatever this thread read before may not be so any more."""
        try:
            with self._folder.held():
                yield
        finally:
            self._moments.over()

    def _refuse_ended(self, record: Record) -> None:
        if not record.is_open:
            raise merging.not_open(record)

    def _keep(self, record: Record) -> Record:
        return self._pulls.keep(record, read_refs(self._git))
