"""Do the checks beside a commit say what they should, and did we write them?

Ours are those of our App. A check run that another App wrote under one of our names, or a commit status that anybody
with write access did, counts for a branch protection that does not pin the check: ours is written anew, so that it is
the newer one, and the operator is told who it was.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from github.CheckRun import CheckRun
from github.Commit import Commit
from github.CommitStatus import CommitStatus
from github.GithubObject import NotSet
from github.PaginatedList import PaginatedList

from bot.github.check_content import STATUSES, Content, content_of
from bot.github.cutting import Whole, first_words
from bot.github.refusals import Declined
from bot.github.repository import GitHubRepository
from reports.escaping import plain
from workflows.forge import Check

FORBIDDEN, NOT_FOUND = 403, 404
LONGEST_DESCRIPTION = 140
"""Characters of a commit status."""
COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a commit under one name: our newest check run, and others' newest."""

    ours: CheckRun | None
    theirs: CheckRun | None

    @property
    def is_overwritten(self) -> bool:
        """Did somebody else write later than we did?"""
        if self.theirs is None:
            return False
        if self.ours is None or self.theirs.id > self.ours.id:
            return True
        began, ended = self.ours.started_at, self.theirs.completed_at
        return bool(began and ended and ended > began)


class Checks:
    """Check runs and commit statuses of one repository."""

    def __init__(self, repository: GitHubRepository) -> None:
        """Ask nothing yet."""
        self._repository = repository

    def put(self, head: str, checks: Sequence[Check]) -> tuple[str, ...]:
        """Write what differs; return a sentence for each that somebody else had written."""
        commit = self._commit(head)
        beside = self._beside(commit, {check.name for check in checks})
        told = [self._put_run(head, check, beside[check.name]) for check in checks]
        return tuple(filter(None, chain(told, self._put_statuses(commit, {check.name: check for check in checks}))))

    def _commit(self, sha: str) -> Commit:
        """Name a commit without asking for it."""
        url = f"{self._repository.about().url}/commits/{sha}"
        return Commit(self._repository.requester, {}, {"sha": sha, "url": url}, completed=True)

    def _beside(self, commit: Commit, names: set[str]) -> Mapping[str, Beside]:
        runs = sorted((run for run in commit.get_check_runs(filter="latest") if run.name in names), key=_age)
        ours = {run.name: run for run in runs if self._is_ours(run)}
        theirs = {run.name: run for run in runs if not self._is_ours(run)}
        return {name: Beside(ours.get(name), theirs.get(name)) for name in names}

    def _is_ours(self, run: CheckRun) -> bool:
        return run.app is not None and run.app.id == self._repository.app.id

    def _put_run(self, head: str, check: Check, beside: Beside) -> str:
        content = content_of(check, self._whole(head, check))
        if beside.is_overwritten:
            self._create(head, content)
            return _sentence("check", check.name, head, _writer(beside.theirs))
        if beside.ours is None or not _can_become(beside.ours, content):
            self._create(head, content)
        elif not _shows(beside.ours, content):
            self._send(beside.ours, content, content.outputs())
        return ""

    def _whole(self, head: str, check: Check) -> Whole | None:
        if check.whole is None:
            return None
        return Whole(path=check.whole, url=f"{self._repository.about().html_url}/blob/{head}/{check.whole}")

    def _create(self, head: str, content: Content) -> None:
        """Write a new check run; it bears its digest only when all of its annotations are there."""
        first, *more = content.outputs()
        run = self._repository.about().create_check_run(
            content.name,
            head,
            external_id=NotSet if more else content.digest,
            status=content.status,
            conclusion=content.conclusion or NotSet,
            output=first,
            actions=content.actions,
        )
        self._send(run, content, more)

    def _send(self, run: CheckRun, content: Content, outputs: Sequence[Mapping[str, object]]) -> None:
        for left, output in zip(range(len(outputs) - 1, -1, -1), outputs, strict=True):
            run.edit(
                external_id=NotSet if left else content.digest,
                status=content.status,
                conclusion=content.conclusion or NotSet,
                output=dict(output),
                actions=content.actions,
            )

    def _put_statuses(self, commit: Commit, checks: Mapping[str, Check]) -> Iterator[str]:
        """Overwrite commit statuses under our names; there are none unless somebody meddled."""
        if not {status.context for status in self._statuses(commit, "status")} & checks.keys():
            return
        newest: dict[str, CommitStatus] = {}
        for status in self._statuses(commit, "statuses"):
            if status.context in checks:
                newest.setdefault(status.context, status)
        for name, status in newest.items():
            yield self._put_status(commit, checks[name], status)

    def _statuses(self, commit: Commit, listing: str) -> list[CommitStatus]:
        """List the newest status of each context ("status"), or all with their authors ("statuses")."""
        url = f"{commit.url}/{listing}"
        try:
            return list(PaginatedList(CommitStatus, self._repository.requester, url, list_item="statuses"))
        except Declined as declined:
            if declined.status not in {FORBIDDEN, NOT_FOUND}:
                raise
            return []  # this App was not given the statuses; a protection that pins the check needs none

    def _put_status(self, commit: Commit, check: Check, newest: CommitStatus) -> str:
        state = STATUSES[check.state]
        login = newest.creator.login if newest.creator else "a deleted account"
        ours = login == self._repository.app.login
        if ours and newest.state == state:
            return ""
        try:
            commit.create_status(state, description=first_words(check.summary, LONGEST_DESCRIPTION), context=check.name)
        except Declined as declined:
            if declined.status not in {FORBIDDEN, NOT_FOUND}:
                raise
            return "" if ours else _powerless(check.name, commit.sha, login)
        return "" if ours else _sentence("status", check.name, commit.sha, login)


def _age(run: CheckRun) -> int:
    return run.id


def _can_become(run: CheckRun, content: Content) -> bool:
    """Can an existing run be edited into this one? Annotations are only ever added, and an end is an end."""
    if _shows(run, content):
        return True
    reopened = run.status == COMPLETED and content.status != COMPLETED
    return not reopened and not run.output.annotations_count


def _shows(run: CheckRun, content: Content) -> bool:
    """Does a run of ours say this already?"""
    seen = (run.external_id, run.status, run.conclusion, run.output.title, run.output.summary)
    return seen == (content.digest, content.status, content.conclusion, content.title, content.summary)


def _writer(run: CheckRun | None) -> str:
    return f"the App {plain(run.app.slug)}" if run is not None and run.app is not None else "another App"


def _sentence(what: str, name: str, head: str, writer: str) -> str:
    return (
        f"{_wrote(what, name, head, writer)}; it is overwritten. Require {name} from this App alone in the protection "
        "of main, so that nobody else's counts."
    )


def _powerless(name: str, head: str, writer: str) -> str:
    return (
        f"{_wrote('status', name, head, writer)}, and this App may not overwrite it: grant it the permission to write "
        f"commit statuses, and require {name} from this App alone in the protection of main."
    )


def _wrote(what: str, name: str, head: str, writer: str) -> str:
    return f"{plain(writer)} wrote a {what} named {name} on {head[:12]}"
