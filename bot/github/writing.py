"""How does one commit with several files come onto a branch, signed by GitHub and never over somebody's push?

GitHub signs what an App commits without naming an author, with its own time. Files go in by the Git data API: a tree on
top of the branch's, a commit, and the branch moved to it without force.
"""

import base64
from collections.abc import Mapping
from pathlib import PurePosixPath

from github.GitCommit import GitCommit
from github.GitTree import GitTree
from github.InputGitTreeElement import InputGitTreeElement

from bot.github.branches import named_ref, require_writable
from bot.github.git_names import PLAIN_FILE, Entry, Tree, blob_sha
from bot.github.git_objects import GitObjects
from bot.github.history import History
from bot.github.refusals import Declined
from bot.github.repository import GitHubRepository
from gates.refusal import Unavailable, UserError

ATTEMPTS = 5
BLOB = "blob"
LONGEST_INLINE = 100_000
"""Bytes of a file that is sent within the tree; a longer one is sent by itself."""
MOVED = frozenset({404, 409, 422})
"""GitHub's answers when a branch is not where it was: moved on, made or deleted meanwhile."""
Files = Mapping[str, bytes | None]


class Writing:
    """Commits by the App."""

    def __init__(self, repository: GitHubRepository, objects: GitObjects, history: History) -> None:
        """Ask nothing yet."""
        self._repository, self._objects, self._history = repository, objects, history

    def commit(self, branch: str, files: Files, *, message: str) -> str:
        """Lay files over the branch (None removes) and return its head; one that moved meanwhile is built on anew."""
        require_writable(self._repository, branch)
        _require_paths(files)
        for _ in range(ATTEMPTS):
            old = self._history.head(branch)
            base = old or self._history.main_head()
            new = self._on_top(base, files, message)
            if new == old or self._move(branch, old, new):
                return new
        raise Unavailable(f"The branch {branch} of {self._repository.name} moved {ATTEMPTS} times during one commit.")

    def _on_top(self, base: str, files: Files, message: str) -> str:
        """Make the commit and remember it as ours, before any branch shows it."""
        about, before, parent = self._repository.about(), self._objects.tree(base), self._objects.commit(base)
        changed = {path: content for path, content in files.items() if not _is_there(before, path, content)}
        if not changed:
            return base
        elements = [self._element(path, content) for path, content in changed.items()]
        tree = about.create_git_tree(elements, self._tree(parent.tree))
        self._objects.keep_written(tree.sha, self._laid_over(before, changed))
        made = about.create_git_commit(message.replace("\0", " "), tree, [self._commit(base)])
        self._repository.record.keep_commit(made.sha)
        return self._objects.keep_commit(made).sha

    def _laid_over(self, before: Tree, files: Files) -> Tree:
        """Return the tree that we expect; what becomes of a file where a folder was is GitHub's to say."""
        kept = {path: entry for path, entry in before.items() if path not in files}
        written = {path: content for path, content in files.items() if content is not None}
        return kept | {path: Entry(PLAIN_FILE, self._objects.keep_bytes(content)) for path, content in written.items()}

    def _element(self, path: str, content: bytes | None) -> InputGitTreeElement:
        if content is None:
            return InputGitTreeElement(path, PLAIN_FILE, BLOB, sha=None)
        if (text := _inline(content)) is not None:
            return InputGitTreeElement(path, PLAIN_FILE, BLOB, content=text)
        blob = self._repository.about().create_git_blob(base64.b64encode(content).decode("ascii"), "base64")
        return InputGitTreeElement(path, PLAIN_FILE, BLOB, sha=blob.sha)

    def _move(self, branch: str, old: str | None, new: str) -> bool:
        """Move the branch, or make it; False when somebody was quicker."""
        try:
            if old is None:
                self._repository.about().create_git_ref(f"refs/heads/{branch}", new)
            else:
                named_ref(self._repository, branch).edit(new, force=False)
        except Declined as declined:
            now = self._history.head(branch)
            if now == new:
                return True  # an answer was lost on the way, and the move was repeated
            if declined.status not in MOVED or now == old:
                raise
            return False
        return True

    def _tree(self, sha: str) -> GitTree:
        """Name a tree without asking for it."""
        return GitTree(self._repository.requester, {}, {"sha": sha}, completed=True)

    def _commit(self, sha: str) -> GitCommit:
        """Name a commit without asking for it."""
        return GitCommit(self._repository.requester, {}, {"sha": sha}, completed=True)


def _is_there(before: Tree, path: str, content: bytes | None) -> bool:
    """Does the tree hold the path so already?"""
    if content is None:
        return path not in before
    return before.get(path) == Entry(PLAIN_FILE, blob_sha(content))


def _inline(content: bytes) -> str | None:
    """Return a file as the text that a tree's JSON may hold, or None."""
    if len(content) > LONGEST_INLINE or b"\0" in content:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def _require_paths(files: Files) -> None:
    kept = {path for path, content in files.items() if content is not None}
    for path in files:
        if not _is_path(path) or kept.intersection(str(parent) for parent in PurePosixPath(path).parents):
            raise UserError(f"{path!r} cannot be the path of a file in the repository.")


def _is_path(path: str) -> bool:
    parts = path.split("/")
    printable = path.encode("utf-8", "replace").decode() == path
    outside = any(part in ("", ".", "..") or part.casefold() == ".git" for part in parts)
    return printable and "\0" not in path and not outside
