"""Where do the branches stand, and how do several of them move at once or not at all?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.local_forge.git import Git, readable
from gates.refusal import UserError

MAIN = "refs/heads/main"
BRANCHES = "refs/heads/"
BOTS_FOLDER = "mlops"
"""Branches under this name are the bot's own."""


@dataclass(frozen=True, slots=True)
class Move:
    """One ref, where it must stand now and where it goes; None is "does not exist", the same twice only guards."""

    ref: str
    old: str | None
    new: str | None

    def command(self) -> str:
        """Spell it for `git update-ref --stdin -z`."""
        match self.old, self.new:
            case str(old), str(new) if old == new:
                return f"verify {self.ref}\0{old}\0"
            case str(old), str(new):
                return f"update {self.ref}\0{new}\0{old}\0"
            case None, str(new):
                return f"create {self.ref}\0{new}\0"
            case str(old), None:
                return f"delete {self.ref}\0{old}\0"
            case _:
                return f"verify {self.ref}\0\0"


def branch_ref(branch: str) -> str:
    """Return the full name of a branch."""
    return BRANCHES + branch


def pull_ref(number: int) -> str:
    """Return the ref that keeps a pull request's commits, whatever becomes of its branch."""
    return f"refs/pull/{number}/head"


def is_main(branch: str) -> bool:
    """Tell main by any spelling: some file systems hold `Main` and `main` for one name."""
    return branch.casefold() == "main"


def is_bots(branch: str) -> bool:
    """Tell the bot's branches; a branch named `mlops` would stand in the way of all of them."""
    return branch.casefold().split("/", 1)[0] == BOTS_FOLDER


def read_refs(git: Git) -> dict[str, str]:
    """Return every ref and the SHA it names."""
    listing = readable(git.output("for-each-ref", "--format=%(objectname) %(refname)"))
    # Not splitlines: Git allows exotic line separators in a branch's name, though never a newline or a space.
    return {ref: sha for sha, ref in (line.split(" ") for line in listing.split("\n")[:-1])}


def main_of(git: Git, refs: Mapping[str, str]) -> str:
    """Return main's head; `UserError` when somebody deleted main."""
    if (head := refs.get(MAIN)) is None:
        raise UserError(
            f"The branch main is gone from {git.directory}: put it back with "
            f"git --git-dir={git.directory} branch main COMMIT (the last one is in its reflog)."
        )
    return head


def move(git: Git, moves: Sequence[Move], *, reason: str) -> bool:
    """Move all the refs or none; False when one of them does not stand where it must."""
    commands = "".join(change.command() for change in moves).encode()
    ended = git.run("update-ref", "-m", f"gatehouse: {reason}", "--stdin", "-z", stdin=commands)
    if ended.returncode == 0:
        return True
    refs = read_refs(git)
    if any(refs.get(change.ref) != change.old for change in moves):
        return False
    raise git.failure(("update-ref",), ended.stderr)
