"""What does a commit hold? Git objects by their names, asked for once: they never change."""

import base64
import binascii

from github.Commit import Commit as ListedCommit
from github.GitAuthor import GitAuthor
from github.GitCommit import GitCommit
from github.GitTree import GitTree

from bot.github.bounded import Bounded
from bot.github.git_names import FULL_SHA, Entry, Tree, blob_sha, tree_sha
from bot.github.refusals import Declined
from bot.github.repository import GitHubRepository
from gates.refusal import Unavailable, UserError
from workflows.forge import Change, Commit

MOST_COMMITS = 100_000
MOST_ENTRIES = 500_000
MOST_BYTES = 64_000_000
ABSENT = frozenset({404, 409, 422})
"""What GitHub answers about an object that is not there: 409 in an empty repository, 422 for what is no SHA."""
FOLDER = "tree"


class GitObjects:
    """Commits, trees and blobs of one repository; safe to use from several threads."""

    def __init__(self, repository: GitHubRepository) -> None:
        """Ask nothing yet."""
        self._repository = repository
        self._commits: Bounded[str, Commit] = Bounded(most=MOST_COMMITS)
        self._trees: Bounded[str, Tree] = Bounded(most=MOST_ENTRIES, weigh=len)
        self._blobs: Bounded[str, bytes] = Bounded(most=MOST_BYTES, weigh=len)

    def find(self, sha: str) -> Commit | None:
        """Return a commit, or None when the repository has no such."""
        if not FULL_SHA.fullmatch(sha):
            return None
        if known := self._commits.get(sha):
            return known
        try:
            found = self._repository.about().get_git_commit(sha)
        except Declined as declined:
            if declined.status in ABSENT:
                return None
            raise
        return self.keep_commit(found)

    def commit(self, sha: str) -> Commit:
        """Return a commit; `UserError` when the repository has no such."""
        require_sha(sha)
        if (found := self.find(sha)) is None:
            raise UserError(f"There is no commit {sha} in {self._repository.name}.")
        return found

    def keep_commit(self, commit: GitCommit) -> Commit:
        """Remember a commit that GitHub described by itself."""
        parent = commit.parents[0].sha if commit.parents else None
        return self._keep(commit.sha, parent, commit.tree.sha, commit.author, commit.message)

    def keep(self, listed: ListedCommit) -> Commit:
        """Remember a commit that a listing showed."""
        parent = listed.parents[0].sha if listed.parents else None
        return self._keep(listed.sha, parent, listed.commit.tree.sha, listed.commit.author, listed.commit.message)

    def keep_written(self, sha: str, tree: Tree) -> None:
        """Remember a tree that we wrote, if we know it to the last byte: then it is not asked for."""
        if tree_sha(tree) == sha:
            self._trees.keep(sha, tree)

    def keep_bytes(self, content: bytes) -> str:
        """Remember a file's bytes, and return their name."""
        sha = blob_sha(content)
        self._blobs.keep(sha, content)
        return sha

    def known(self, sha: str) -> Commit | None:
        """Return a commit that we have seen."""
        return self._commits.get(sha)

    def tree(self, commit: str) -> Tree:
        """Return all paths in a commit."""
        sha = self.commit(commit).tree
        return self._trees.get(sha) or self._trees.keep(sha, self._read_tree(sha))

    def changes(self, base: str, head: str) -> tuple[Change, ...]:
        """Return the paths that differ, sorted; a changed mode counts, with the same blob before and after."""
        before, after = self.tree(base), self.tree(head)
        paths = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
        return tuple(Change(path=path, before=_sha(before.get(path)), after=_sha(after.get(path))) for path in paths)

    def blob(self, sha: str) -> bytes:
        """Return a file's bytes."""
        kept = self._blobs.get(sha)
        return kept if kept is not None else self._blobs.keep(sha, self._read_blob(sha))

    def _keep(self, sha: str, parent: str | None, tree: str, author: GitAuthor, message: str) -> Commit:
        written = Commit(
            sha=sha,
            parent=parent,
            tree=tree,
            author=f"{author.name or ''} <{author.email or ''}>",
            summary=message.split("\n", 1)[0],
        )
        return self._commits.keep(sha, written)

    def _read_tree(self, sha: str) -> Tree:
        found = self._repository.about().get_git_tree(sha, recursive=True)
        return self._walk(sha) if found.raw_data.get("truncated") else _entries(found)

    def _walk(self, sha: str) -> Tree:
        """Read a tree that is too large for one answer, folder by folder."""
        entries: dict[str, Entry] = {}
        found = self._repository.about().get_git_tree(sha)
        if found.raw_data.get("truncated"):
            raise Unavailable(f"GitHub shows only a part of the folder {sha}: it holds too many files to be read.")
        for element in found.tree:
            if element.type == FOLDER:
                entries |= {f"{element.path}/{path}": entry for path, entry in self._read_tree(element.sha).items()}
            else:
                entries[element.path] = Entry(element.mode, element.sha)
        return entries

    def _read_blob(self, sha: str) -> bytes:
        record = self._repository.record
        if (kept := record.blob(sha)) is not None:
            return kept
        found = self._repository.about().get_git_blob(sha)
        content = _decoded(found.content, found.encoding, sha)
        record.keep_blob(sha, content)
        return content


def _entries(tree: GitTree) -> Tree:
    return {element.path: Entry(element.mode, element.sha) for element in tree.tree if element.type != FOLDER}


def _decoded(content: str, encoding: str, sha: str) -> bytes:
    try:
        raw = base64.b64decode(content) if encoding == "base64" else content.encode()
    except binascii.Error as error:
        raise Unavailable(f"GitHub's answer about the file {sha} cannot be read.") from error
    if blob_sha(raw) != sha:
        raise Unavailable(f"GitHub's answer about the file {sha} holds other bytes: nothing is read from it.")
    return raw


def _sha(entry: Entry | None) -> str | None:
    return None if entry is None else entry.sha


def require_sha(commit: str) -> None:
    """Raise `UserError` unless `commit` is a full SHA: GitHub takes the name of a branch or tag for one."""
    if not FULL_SHA.fullmatch(commit):
        raise UserError(f"{commit!r} is no full commit SHA: copy all of its 40 hexadecimal digits from git log.")
