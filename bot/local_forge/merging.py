"""Can a pull request be merged, and how does main move to it and to nothing else?"""

from bot.local_forge.branches import ATTEMPTS, commit_tree
from bot.local_forge.git import Git, readable
from bot.local_forge.history import merge_base
from bot.local_forge.page import plain
from bot.local_forge.record import Record
from bot.local_forge.refs import MAIN, Move, branch_ref, main_of, move, pull_ref, read_refs
from gates.refusal import Unavailable
from workflows.forge import MergeProblem, MergeRefusedError

CONFLICTED = 1
NAMED_FILES = 10


def merge(git: Git, record: Record, *, message: str, at: int) -> str:
    """Move main to a merge of the record's head and return it; raises `MergeRefusedError`.

    Main, the branch and the ref that keeps the commits move in one transaction: what was looked at is what is merged.
    A main that moved meanwhile is merged with anew.
    """
    for _ in range(ATTEMPTS):
        refs = read_refs(git)
        refuse_moved(record, refs.get(branch_ref(record.branch)))
        main = main_of(git, refs)
        tree = merged_tree(git, record, main)
        commit = commit_tree(git, tree, (main, record.head), message=message, at=at)
        moves = [
            Move(MAIN, main, commit),
            Move(branch_ref(record.branch), record.head, record.head),
            Move(pull_ref(record.number), record.head, record.head),
        ]
        if move(git, moves, reason=f"merge pull request {record.number}"):
            return commit
    raise Unavailable(f"Main of {git.directory} moved {ATTEMPTS} times while pull request {record.number} was merged.")


def merged_tree(git: Git, record: Record, main: str) -> str:
    """Return the tree of the three-way merge, or raise with the names of the files in conflict."""
    if merge_base(git, main, record.head) is None:
        raise MergeRefusedError(
            MergeProblem.CONFLICT,
            f"Pull request {record.number} shares no history with main: start the branch from main and push it again.",
        )
    arguments = ("merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", main, record.head)
    ended = git.run(*arguments)
    tree, *names = readable(ended.stdout).split("\0")[:-1] or [""]
    if ended.returncode == CONFLICTED and tree:
        raise MergeRefusedError(MergeProblem.CONFLICT, _conflict(record, names))
    if ended.returncode:
        raise git.failure(arguments, ended.stderr)
    return tree


def _conflict(record: Record, names: list[str]) -> str:
    shown = [plain(name) for name in names[:NAMED_FILES]]
    more = [f"{len(names) - NAMED_FILES} more"] if len(names) > NAMED_FILES else []
    return (
        f"Pull request {record.number} conflicts with main in {', '.join(shown + more)}: "
        f"merge main into {plain(record.branch)} and push it again, or start over from main."
    )


def refuse_moved(record: Record, head: str | None) -> None:
    """Raise when the branch is not where it was looked at."""
    if head != record.head:
        raise stale(record, head)


def stale(record: Record, head: str | None) -> MergeRefusedError:
    """Say that what is to be merged is not what was looked at."""
    now = f"is now at {head}" if head else "is gone"
    return MergeRefusedError(
        MergeProblem.STALE_HEAD,
        f"The branch {plain(record.branch)} of pull request {record.number} {now}: look at it again before it merges.",
    )


def not_open(record: Record) -> MergeRefusedError:
    """Say that it ended."""
    return MergeRefusedError(
        MergeProblem.NOT_OPEN,
        f"Pull request {record.number} is {record.state.value}: to change main again, push the branch once more.",
    )
