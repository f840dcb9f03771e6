"""How does a pull request come into main, and in which of the four ways may GitHub refuse?"""

from collections.abc import Iterator

from github.PullRequest import PullRequest as Listed
from github.Repository import Repository

from bot.github.git_objects import GitObjects
from bot.github.history import History
from bot.github.manners import Sleep
from bot.github.pull_requests import PullRequests, state_of
from bot.github.refusals import Declined
from gates.refusal import Unavailable
from workflows.forge import MergeProblem, MergeRefusedError, PullRequestState

NOT_ALLOWED, CONFLICT = 405, 409
REFUSALS = frozenset({NOT_ALLOWED, CONFLICT, 422})
LOOKS = 6
MOST_NAMED = 5
"""How many paths a sentence names."""
FIRST_WAIT = 0.5
"""Seconds; GitHub computes whether a pull request can be merged when it is asked, in the background."""


class Merging:
    """Merges into main."""

    def __init__(self, pulls: PullRequests, objects: GitObjects, history: History, sleep: Sleep) -> None:
        """Ask nothing yet."""
        self._pulls, self._objects, self._history, self._sleep = pulls, objects, history, sleep

    def merge(self, number: int, *, expected_head: str, message: str) -> str:
        """Merge if the head is still `expected_head`, and return the merge commit."""
        pull = self._pulls.get(number)
        if merged := _merged(pull, expected_head):
            return merged
        if refused := _ended(pull) or _stale(pull, expected_head):
            raise refused
        try:
            return self._merged_somehow(pull, expected_head, message)
        except Unavailable as unavailable:
            return self._found_out(number, expected_head, unavailable)

    def would_merge(self, number: int) -> MergeRefusedError | None:
        """Say why a merge would be refused now, or None; `Unavailable` while GitHub does not know."""
        pull = self._pulls.get(number)
        if refused := _ended(pull):
            return refused
        for attempt in range(LOOKS):
            mergeable: bool | None = pull.mergeable
            if mergeable is not None:
                return None if mergeable else self._conflict(pull)
            self._sleep(FIRST_WAIT * 2**attempt)
            pull = self._pulls.get(number)
        raise Unavailable(f"GitHub does not say yet whether pull request {number} can be merged.")

    def _merged_somehow(self, pull: Listed, head: str, message: str) -> str:
        """Merge by the first method that the repository allows."""
        title, _, body = message.partition("\n")
        refusal: Declined | None = None
        for method in _methods(pull.base.repo):
            try:
                return pull.merge(body.strip(), title, method, head).sha
            except Declined as declined:
                if not _is_about_method(declined):
                    raise
                refusal = declined
        nothing = f"{pull.base.repo.full_name} allows no way of merging on GitHub: allow merge commits in its settings."
        raise refusal or Unavailable(nothing)

    def _found_out(self, number: int, head: str, unavailable: Unavailable) -> str:
        """Look what became of a merge that was refused, or whose answer was lost."""
        pull = self._pulls.get(number)
        if merged := _merged(pull, head):
            return merged
        if not isinstance(unavailable, Declined) or unavailable.status not in REFUSALS:
            raise unavailable
        raise self._refusal(pull, head, unavailable) from unavailable

    def _refusal(self, pull: Listed, head: str, declined: Declined) -> Exception:
        if refused := _ended(pull) or _stale(pull, head):
            return refused
        if declined.status == CONFLICT and "base branch was modified" in declined.words.lower():
            return Unavailable(f"Main moved while pull request {pull.number} was merged: {declined.words}")
        if pull.mergeable is False or "conflict" in declined.words.lower():
            return self._conflict(pull)
        if declined.status == CONFLICT:
            return _stale_head(pull)
        return MergeRefusedError(
            MergeProblem.PROTECTED, f"GitHub does not merge pull request {pull.number} yet: {declined.words}"
        )

    def _conflict(self, pull: Listed) -> MergeRefusedError:
        """Name what main and the branch both changed: GitHub only says that there is something."""
        main, head = self._history.main_head(), pull.head.sha
        base = self._history.merge_base(head)
        theirs, ours = self._objects.changes(base, main), self._objects.changes(base, head)
        both = sorted({one.path for one in theirs} & {one.path for one in ours})
        where = f" in {', '.join(both[:MOST_NAMED])}" if both else ""
        text = f"Pull request {pull.number} conflicts with main{where}: merge main into {pull.head.ref} and settle it."
        return MergeRefusedError(MergeProblem.CONFLICT, text)


def _methods(repository: Repository) -> Iterator[str]:
    """Yield the ways of merging that are allowed, the one that changes least first."""
    allowed = {
        "merge": repository.allow_merge_commit,
        "squash": repository.allow_squash_merge,
        "rebase": repository.allow_rebase_merge,
    }
    return (method for method, is_allowed in allowed.items() if is_allowed is not False)


def _merged(pull: Listed, head: str) -> str | None:
    return pull.merge_commit_sha if pull.merged_at and pull.head.sha == head else None


def _ended(pull: Listed) -> MergeRefusedError | None:
    state = state_of(pull)
    if state is PullRequestState.OPEN:
        return None
    return MergeRefusedError(MergeProblem.NOT_OPEN, f"Pull request {pull.number} is {state}: open another one.")


def _stale(pull: Listed, head: str) -> MergeRefusedError | None:
    return _stale_head(pull) if pull.head.sha != head else None


def _stale_head(pull: Listed) -> MergeRefusedError:
    text = f"The branch {pull.head.ref} is at {pull.head.sha[:12]} by now: look at it again before it is merged."
    return MergeRefusedError(MergeProblem.STALE_HEAD, text)


def _is_about_method(declined: Declined) -> bool:
    """Is only this way of merging refused? Then another one is tried."""
    words = declined.words.lower()
    return declined.status == NOT_ALLOWED and "are not allowed on this repository" in words
