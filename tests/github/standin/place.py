"""What can a test see and settle in a repository, without being anybody in it?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from threading import RLock

from tests.github.standin.answers import ApiError, not_found
from tests.github.standin.checks import CheckRun, latest_runs
from tests.github.standin.comments import Comment
from tests.github.standin.deployments import Deployment
from tests.github.standin.protection import Protection
from tests.github.standin.pulls import Pull
from tests.github.standin.repository import Repository


@dataclass(frozen=True, slots=True)
class Place:
    """One repository."""

    repository: Repository
    lock: RLock

    @property
    def full_name(self) -> str:
        """OWNER/NAME."""
        return self.repository.full_name

    def protect(
        self,
        branch: str,
        contexts: Mapping[str, int | None],
        *,
        strict: bool = False,
        reviews: int = 0,
        enforce_admins: bool = True,
        switched_on: Iterable[str] = (),
        pushers: Iterable[str] | None = None,
    ) -> None:
        """Protect a branch: required checks, each pinned to an App's id or None."""
        self.repository.protections[branch] = Protection(
            contexts=dict(contexts),
            strict=strict,
            reviews=reviews,
            enforce_admins=enforce_admins,
            switched_on=frozenset(switched_on),
            pushers=None if pushers is None else frozenset(pushers),
        )

    def unprotect(self, branch: str) -> None:
        """Take the protection away."""
        self.repository.protections.pop(branch, None)
        self.repository.rulesets.pop(branch, None)

    def add_ruleset(
        self, branch: str, contexts: Mapping[str, int | None], *, strict: bool = False, other_rules: Iterable[str] = ()
    ) -> None:
        """Let a ruleset ask for checks on a branch."""
        self.repository.rulesets[branch] = Protection(
            contexts=dict(contexts), strict=strict, other_rules=tuple(other_rules)
        )

    def archive(self) -> None:
        """Make it read-only; what it refuses then is not played."""
        self.repository.archived = True

    def downgrade(self) -> None:
        """Put it on a plan without protected branches."""
        self.unprotect(self.repository.default_branch)
        self.repository.is_protectable = False

    def grant(self, login: str, role: str) -> None:
        """Give somebody a role: admin, maintain, write, triage, read or none."""
        self.repository.roles[self.repository.hub.accounts.person(login).login.lower()] = role

    def mergeable_unknown(self, looks: int) -> None:
        """Let GitHub still be computing whether pull requests merge, for so many looks at one."""
        self.repository.unknown_looks = looks

    def head(self, branch: str = "main") -> str:
        """Return the SHA of a branch."""
        found = self.repository.branch(branch)
        if found is None:
            raise not_found()
        return found

    def read(self, name: str, path: str) -> bytes | None:
        """Return a file's bytes in a branch or commit, or None."""
        sha = self.repository.resolve(name)
        commit = self.repository.objects.commit(sha) if sha else None
        entry = self.repository.objects.at_path(commit.tree, path) if commit else None
        return self.repository.objects.blob(entry.sha) if entry else None

    def pull(self, number: int) -> Pull:
        """Return a pull request's present state."""
        if number not in self.repository.pulls:
            raise ApiError(404, "Not Found")
        return self.repository.pulls[number]

    def comments(self, number: int) -> list[Comment]:
        """Return copies of what was said below a pull request."""
        return [replace(one) for one in self.repository.comments.values() if one.number == number]

    def check_runs(self, sha: str) -> dict[str, CheckRun]:
        """Return the newest check run of each name on a commit."""
        return {run.name: run for run in reversed(latest_runs(self.repository, sha))}

    def labels(self, number: int) -> list[str]:
        """Return a pull request's labels."""
        return list(self.pull(number).labels)

    @property
    def deployments(self) -> list[Deployment]:
        """All deployments, oldest first."""
        return list(self.repository.deployments.values())
