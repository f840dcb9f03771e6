"""Which commits lie on main, and which did a branch add?"""

import re
from functools import lru_cache

from bot.local_forge.git import BOT_ADDRESS, Git, GitFailedError, readable
from bot.local_forge.refs import MAIN
from bot.local_forge.trees import FULL_SHA, changed, require_sha
from workflows.forge import Commit

FIELDS = "%H%x00%P%x00%T%x00%an <%ae>%x00%s"
NO_COMMON_ANCESTOR = 1
HEX = re.compile(r"[0-9a-f]{4,64}")
"""What Git takes for the beginning of a SHA."""


def main_line_since(git: Git, commit: str | None) -> tuple[Commit, ...]:
    """Return main's first-parent commits after `commit`, oldest first; all without one, or if it is not on the line."""
    main = git.line("rev-parse", "--verify", MAIN)
    if commit is None:
        return _first_parents(git, main)
    require_sha(commit)
    if commit == main:
        return ()
    try:
        newer = _first_parents(git, f"^{commit}", main)
    except GitFailedError:  # a commit that is gone from the repository is not on the line
        newer = ()
    return newer if newer and newer[0].parent == commit else _first_parents(git, main)


def _first_parents(git: Git, *range_: str) -> tuple[Commit, ...]:
    log = git.output("log", "-z", "--first-parent", "--no-show-signature", f"--format={FIELDS}", *range_, "--")
    fields = [readable(field) for field in log.split(b"\0")[:-1]]
    rows = zip(*(iter(fields),) * 5, strict=True)
    commits = [
        Commit(sha=sha, parent=parents.split(" ")[0] or None, tree=tree, author=author, summary=summary)
        for sha, parents, tree, author, summary in rows
    ]
    return tuple(reversed(commits))


@lru_cache(maxsize=1024)  # what two SHAs have in common never changes, and one look asks a dozen times
def merge_base(git: Git, main: str, head: str) -> str | None:
    """Return the commit where `head`'s line left main, or None when they share no history."""
    require_sha(head)
    ended = git.run("merge-base", main, head)
    if ended.returncode == NO_COMMON_ANCESTOR and not ended.stderr:
        return None
    if ended.returncode:
        raise git.failure(("merge-base", main, head), ended.stderr)
    return ended.stdout.decode().strip()


def adds_something(git: Git, main: str, head: str) -> bool:
    """Does `head` share main's history, and change at least one file that main does not have so?"""
    base = merge_base(git, main, head)
    return base not in (None, head) and bool(changed(git, str(base), head))


def parent_of(git: Git, commit: str) -> str | None:
    """Return a commit's first parent, or None when it has none or is not there."""
    if find_commit(git, commit) != commit:
        return None
    return git.line("log", "-1", "--no-show-signature", "--format=%P", commit, "--").split(" ")[0] or None


def find_commit(git: Git, prefix: str) -> str | None:
    """Return the SHA of the one commit that begins with `prefix`, or None."""
    if not HEX.fullmatch(prefix):
        return None
    found = git.output("cat-file", "--batch-check", stdin=f"{prefix}^{{commit}}\n".encode()).decode().split()
    return found[0] if found[1:2] == ["commit"] else None


def author_of(git: Git, commit: str) -> str | None:
    """Return the e-mail address of a commit's author, or None when the repository has no such commit.

    The name comes from a registry's tag: anything but a full SHA is no commit of ours.
    """
    if not FULL_SHA.fullmatch(commit):
        return None
    found = git.output("cat-file", "--batch-check", stdin=f"{commit}^{{commit}}\n".encode())
    if not found.startswith(commit.encode() + b" commit "):
        return None
    return git.line("log", "-1", "--no-show-signature", "--format=%ae", commit, "--")


def addresses(git: Git, main: str, head: str) -> frozenset[str]:
    """Return the e-mail addresses of authors and committers of `head`'s commits that are not on main, but the bot's.

    What a commit says of its author is a claim, good for barring someone and never for trusting them.
    """
    log = git.output("log", "-z", "--no-show-signature", "--format=%ae%x00%ce", head, f"^{main}", "--")
    return frozenset(readable(one) for one in log.split(b"\0")) - {BOT_ADDRESS, ""}


def first_summary(git: Git, main: str, head: str) -> str:
    """Return the summary of the branch's first own commit: it tells what the branch set out to do."""
    log = git.output("log", "-z", "--reverse", "--no-show-signature", "--format=%s", head, f"^{main}", "--")
    return readable(log.split(b"\0", 1)[0])


def arrival(git: Git, main: str, head: str) -> str:
    """Return the main commit that brought `head` in: itself if main was moved onto it."""
    own = git.line("rev-list", "--first-parent", main).splitlines()
    if head in own:
        return head
    descendants = set(git.line("rev-list", "--ancestry-path", f"{head}..{main}").splitlines())
    return next(sha for sha in reversed(own) if sha in descendants)
