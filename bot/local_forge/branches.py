"""How does the bot write to a branch without a working copy, and without overwriting what came in meanwhile?"""

from collections.abc import Mapping

from bot.local_forge.git import Git
from bot.local_forge.refs import Move, branch_ref, is_main, main_of, move, read_refs
from bot.local_forge.trees import write_tree
from gates.refusal import Unavailable, UserError

ATTEMPTS = 5


def commit_tree(git: Git, tree: str, parents: tuple[str, ...], *, message: str, at: int) -> str:
    """Write a commit by the bot; the same arguments give the same SHA."""
    words = [word for parent in parents for word in ("-p", parent)]
    text = message.replace("\0", " ").rstrip("\n") + "\n"
    return git.line("commit-tree", tree, *words, stdin=text.encode("utf-8", "backslashreplace"), at=at)


def commit_on(git: Git, branch: str, files: Mapping[str, bytes | None], *, message: str, at: int) -> str:
    """Lay files over the branch in one commit and return its head; a branch that moved meanwhile is built on anew."""
    ref = branch_ref(branch)
    for _ in range(ATTEMPTS):
        refs = read_refs(git)
        old = refs.get(ref)
        new = _on_top(git, old or main_of(git, refs), files, message=message, at=at)
        if new == old or move(git, [Move(ref, old, new)], reason="commit"):
            return new
    raise Unavailable(f"The branch {branch} of {git.directory} moved {ATTEMPTS} times while it was written to.")


def _on_top(git: Git, base: str, files: Mapping[str, bytes | None], *, message: str, at: int) -> str:
    tree = write_tree(git, base, files)
    if tree == git.line("rev-parse", f"{base}^{{tree}}"):
        return base
    return commit_tree(git, tree, (base,), message=message, at=at)


def delete_branch(git: Git, branch: str) -> None:
    """Delete a branch where it stands now; one that is gone already is no mistake."""
    old = read_refs(git).get(branch_ref(branch))
    if old is not None and not move(git, [Move(branch_ref(branch), old, None)], reason="delete"):
        raise Unavailable(f"The branch {branch} of {git.directory} moved while it was deleted: try again.")


def require_writable(git: Git, branch: str) -> None:
    """Raise `UserError` for a name that Git does not take, and for main."""
    if git.run("check-ref-format", branch_ref(branch)).returncode or is_main(branch):
        raise UserError(f"{branch!r} cannot be written to: name a branch, and one other than main.")
