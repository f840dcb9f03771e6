"""Which repository is ours on GitHub, whatever it is called today, and what are its own rules?"""

from pathlib import Path
from threading import Lock

from github.Repository import Repository

from bot.github.app import GitHubApp
from bot.github.manners import Clock
from bot.github.record import Record
from bot.github.refusals import Declined
from gates.refusal import Unavailable

STILL_TRUE = 60
"""Seconds for which a repository's name and default branch are not asked for again."""
NOT_FOUND = 404


class GitHubRepository:
    """One repository that the App is installed on; safe to use from several threads."""

    def __init__(self, app: GitHubApp, name: str, *, folder: Path, clock: Clock) -> None:
        """Name it OWNER/NAME; `folder` keeps what we remember of it. Asks GitHub nothing."""
        self.app, self.record, self._name, self._clock = app, Record(folder), name, clock
        self.requester = app.requester_for(name, number=self.record.number())
        self._about: Repository | None = None
        self._asked_at = 0
        self._lock = Lock()

    def about(self) -> Repository:
        """Return the repository as GitHub describes it, no older than a minute."""
        with self._lock:
            if self._about is None or self._clock() - self._asked_at >= STILL_TRUE:
                self._about, self._asked_at = self._ask(), self._clock()
            return self._about

    @property
    def name(self) -> str:
        """OWNER/NAME as it is now."""
        return self.about().full_name

    @property
    def owner(self) -> str:
        """The account that holds it."""
        return self.name.split("/")[0]

    @property
    def main(self) -> str:
        """The name of the branch that the design calls main."""
        return self.about().default_branch

    def _ask(self) -> Repository:
        number = self.record.number()
        url = f"/repos/{self._name}" if number is None else f"/repositories/{number}"
        try:
            headers, document = self.requester.requestJsonAndCheck("GET", url)
        except Declined as declined:
            if number is None or declined.status != NOT_FOUND:
                raise
            raise Unavailable(
                f"The repository {self._name} that was used so far (GitHub's number {number}) is gone, or the App may "
                f"not see it any more. If another one took its place and is meant, remove {self.record.folder}."
            ) from declined
        found = Repository(self.requester, headers, document, completed=True)
        if number is None:
            self.record.keep_number(found.id)
        return found
