"""Which commits follow from which, what differs between two, and what does a merge of two hold?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar, cast

from tests.github.standin.objects import Commit, GitError, Objects

CONFLICT = 1
ROOT = "--root"
"""Git's word for comparing a first commit with nothing."""
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One file that differs, with Git's own patch."""

    path: str
    previous: str | None
    status: str
    sha: str
    patch: str
    additions: int
    deletions: int


def ancestors(objects: Objects, sha: str) -> Iterator[Commit]:
    """Yield a commit and everything before it, newest first."""
    seen, line = {sha}, [sha]
    while line:
        commits = [commit for one in line if (commit := objects.commit(one)) is not None]
        newest = max(commits, key=lambda commit: commit.committer.at)
        line.remove(newest.sha)
        yield newest
        line += [parent for parent in newest.parents if parent not in seen]
        seen.update(newest.parents)


def is_ancestor(objects: Objects, old: str, new: str) -> bool:
    """Is `old` the same as `new`, or before it?"""
    return any(commit.sha == old for commit in ancestors(objects, new))


def _remembered(ask: Callable[[Objects, str, str], Answer]) -> Callable[[Objects, str, str], Answer]:
    """Ask Git only once about the same two commits: commits do not change."""

    def asked(objects: Objects, one: str, other: str) -> Answer:
        key = (ask.__name__, one, other)
        if key not in objects.remembered:
            objects.remembered[key] = ask(objects, one, other)
        return cast("Answer", objects.remembered[key])

    return asked


@_remembered
def between(objects: Objects, base: str, head: str) -> list[Commit]:
    """Return the commits of `head` that `base` lacks, oldest first."""
    if base == head:
        return []
    listed = objects.git("rev-list", "--topo-order", "--reverse", head, f"^{base}").stdout.decode().split()
    return [commit for sha in listed if (commit := objects.commit(sha)) is not None]


@_remembered
def merge_base(objects: Objects, one: str, other: str) -> str | None:
    """Return the best common ancestor."""
    if one == other:
        return one
    return objects.git("merge-base", one, other, accept=(0, 1)).stdout.decode().strip() or None


@_remembered
def merged_tree(objects: Objects, ours: str, theirs: str) -> str | None:
    """Return the tree of a three-way merge, or None when it conflicts."""
    ended = objects.git("merge-tree", "--write-tree", "--no-messages", ours, theirs, accept=(0, CONFLICT))
    return None if ended.returncode == CONFLICT else ended.stdout.decode().strip()


def replayed(objects: Objects, commit: Commit, onto: str) -> str | None:
    """Return the tree of one commit's change laid over `onto`, or None when it conflicts."""
    parent = commit.parents[0]
    # A synthetic commit with the same parent makes Git take that parent as the base of the merge.
    ours = objects.commit(onto)
    if ours is None:
        raise GitError(f"no commit {onto}")
    stand = objects.write_commit(ours.tree, (parent,), commit.author, commit.committer, "replay")
    return merged_tree(objects, stand, commit.sha)


def differences(objects: Objects, base: str | None, head: str) -> list[Difference]:
    """Return the files that differ between two commits' trees, with renames found as GitHub does."""
    return _differences(objects, base or ROOT, head)


@_remembered
def _differences(objects: Objects, base: str, head: str) -> list[Difference]:
    ends = (base, head)
    raw = objects.git("diff-tree", "-r", "-z", "-M", "--no-commit-id", *ends).stdout.decode("utf-8", "replace")
    if not raw:
        return []
    patches = objects.git("diff-tree", "-p", "-M", "--no-commit-id", *ends).stdout.decode("utf-8", "replace")
    bodies = ("\n" + patches).split("\ndiff --git ")[1:]
    return [_difference(*meta, patch) for meta, patch in zip(_changes(raw), bodies, strict=True)]


def _changes(raw: str) -> Iterator[tuple[str, str, str, str | None]]:
    fields = iter(raw.split("\0")[:-1])
    for meta in fields:
        _, _, before, after, letter = meta.lstrip(":").split(" ")
        first = next(fields)
        path, previous = (next(fields), first) if letter[0] in "RC" else (first, None)
        yield letter[0], after if letter[0] != "D" else before, path, previous


STATUSES = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "C": "copied", "T": "changed"}


def _difference(letter: str, sha: str, path: str, previous: str | None, patch: str) -> Difference:
    _, mark, hunks = patch.partition("\n@@ ")
    lines = hunks.split("\n")[1:]
    return Difference(
        path=path,
        previous=previous,
        status=STATUSES[letter],
        sha=sha,
        patch=f"@@ {hunks}".rstrip("\n") if mark else "",
        additions=sum(line.startswith("+") for line in lines),
        deletions=sum(line.startswith("-") for line in lines),
    )
