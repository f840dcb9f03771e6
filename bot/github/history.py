"""Which commits lie on main, and where did a branch leave it?"""

import re
from itertools import islice

from bot.github.bounded import Bounded
from bot.github.git_objects import ABSENT, GitObjects, require_sha
from bot.github.refusals import Declined
from bot.github.repository import GitHubRepository
from gates.refusal import UserError
from workflows.forge import Commit

PAGE = 100
MOST_BASES = 10_000
HEX = re.compile(r"[0-9a-f]{4,40}")
"""What Git takes for the beginning of a SHA."""
NOT_FOUND, EMPTY = 404, 409


class History:
    """Main's line and the branches beside it."""

    def __init__(self, repository: GitHubRepository, objects: GitObjects) -> None:
        """Ask nothing yet."""
        self._repository, self._objects = repository, objects
        self._bases: Bounded[tuple[str, str], str] = Bounded(most=MOST_BASES)

    def main_head(self) -> str:
        """Return the SHA of main; `UserError` when there is none."""
        head = self.head(self._repository.main)
        if head is None:
            name = self._repository.name
            raise UserError(
                f"{name} has no branch {self._repository.main} on GitHub, or no commit yet: push a first one."
            )
        return head

    def head(self, branch: str) -> str | None:
        """Return the SHA of a branch, or None when there is none."""
        try:
            return self._repository.about().get_git_ref(f"heads/{branch}").object.sha
        except Declined as declined:
            if declined.status in {NOT_FOUND, EMPTY}:
                return None
            raise

    def main_since(self, commit: str | None) -> tuple[Commit, ...]:
        """Return main's first-parent commits after `commit`, oldest first; all without one, or if it is not there."""
        if commit is not None:
            require_sha(commit)
        newer: list[Commit] = []
        at: str | None = self.main_head()
        while at is not None and at != commit:
            newer.append(self._known(at))
            at = newer[-1].parent
        return tuple(reversed(newer))

    def merge_base(self, head: str) -> str:
        """Return the commit where `head`'s line left main."""
        require_sha(head)
        main = self.main_head()
        return self._bases.get((main, head)) or self._bases.keep((main, head), self._compare(main, head))

    def find(self, prefix: str) -> str | None:
        """Return the one commit that begins so; GitHub would take the name of a branch or tag as well."""
        if not HEX.fullmatch(prefix):
            return None
        if (known := self._objects.find(prefix)) is not None:
            return known.sha
        try:
            sha = self._repository.about().get_commit(prefix, commit_files_per_page=1).sha
        except Declined as declined:
            if declined.status in ABSENT:
                return None
            raise
        return sha if sha.startswith(prefix) else None

    def _known(self, sha: str) -> Commit:
        """Return a commit, with the hundred before it if it is new to us."""
        if (known := self._objects.known(sha)) is not None:
            return known
        for listed in islice(self._repository.about().get_commits(sha=sha), PAGE):
            self._objects.keep(listed)
        return self._objects.commit(sha)

    def _compare(self, main: str, head: str) -> str:
        try:
            compared = self._repository.about().compare(main, head, comparison_commits_per_page=1)
        except Declined as declined:
            if declined.status != NOT_FOUND:
                raise
            self._objects.commit(head)
            raise UserError(f"The commit {head} shares no history with main: start the branch from main.") from declined
        return compared.merge_base_commit.sha


def address_of(commit: Commit) -> str:
    """Return the e-mail address of a commit's author."""
    return commit.author.rpartition(" <")[2].removesuffix(">")
