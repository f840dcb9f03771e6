"""What do people do in a repository, in GitHub's pages and by `git push`?"""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.github.standin import comments, merging, pulls, reviews
from tests.github.standin.accounts import Account
from tests.github.standin.answers import Json, forbidden, not_found, unprocessable
from tests.github.standin.apps import App
from tests.github.standin.branches import HEADS, move
from tests.github.standin.checks import CheckRun, announce_run, create_run, latest_runs, rerequest_suite
from tests.github.standin.events import announce
from tests.github.standin.objects import FILE_MODE, Entry, Signature
from tests.github.standin.place import Place
from tests.github.standin.repository import Repository, new_fork
from tests.github.standin.statuses import add_status

Files = Mapping[str, str | bytes | None]


@dataclass(frozen=True, slots=True)
class People(Place):
    """Everybody who works in one repository. Each act raises `ApiError` where GitHub would refuse it."""

    def push(
        self,
        login: str,
        branch: str,
        files: Files,
        *,
        base: str | None = None,
        force: bool = False,
        fork: bool = False,
        message: str = "Change files",
        email: str | None = None,
        past_protection: bool = False,
    ) -> str:
        """Commit as somebody on top of a branch, or of `base` if the branch is new or `force`; return the commit."""
        with self.lock:
            actor = self._person(login, "read" if fork else "write")
            where = self._fork_of(actor) if fork else self.repository
            there = where.branch(branch)
            start = self._start(where, base or self.repository.default_branch) if force or there is None else there
            commit = self._commit(actor, start, files, message, email)
            move(where, actor, HEADS + branch, commit, force=force, past_protection=past_protection)
            return commit

    def point(self, login: str, branch: str, target: str, *, force: bool = True) -> None:
        """Push an existing commit to a branch."""
        with self.lock:
            move(
                self.repository, self._person(login), HEADS + branch, self._start(self.repository, target), force=force
            )

    def _fork_of(self, actor: Account) -> Repository:
        found = self.repository.forks.get(actor.login.lower())
        if found is None:
            found = new_fork(self.repository, actor)
            self.repository.hub.repositories[found.id] = found
        return found

    def _start(self, where: Repository, name: str) -> str:
        found = where.resolve(name) or self.repository.resolve(name)
        if found is None:
            raise unprocessable(f"There is no {name}")
        return found

    def _commit(self, actor: Account, start: str, files: Files, message: str, email: str | None) -> str:
        objects = self.repository.objects
        who = Signature(name=actor.login, email=email or f"{actor.login}@example.org", at=self.repository.hub.clock())
        changes = {
            path: None if content is None else Entry(FILE_MODE, objects.write("blob", _bytes(content)))
            for path, content in files.items()
        }
        parent = objects.commit(start)
        tree = objects.overlay(parent.tree if parent else None, changes)
        return objects.write_commit(tree, (start,), who, who, f"{message}\n")

    def _person(self, login: str, role: str = "write") -> Account:
        person = self.repository.hub.accounts.person(login)
        if not self.repository.may(person, role) and (self.repository.private or role != "read"):
            raise forbidden(f"{login} has only the role {self.repository.role(person)} in {self.full_name}")
        return person

    def delete_branch(self, login: str, branch: str) -> None:
        """Delete a branch."""
        with self.lock:
            if self.repository.branch(branch) is None:
                raise unprocessable("Reference does not exist")
            move(self.repository, self._person(login), HEADS + branch, None)

    def open_pull_request(
        self, login: str, branch: str, title: str, *, base: str = "main", body: str = "", fork: bool = False
    ) -> int:
        """Open a pull request and return its number."""
        with self.lock:
            head = f"{login}:{branch}" if fork else branch
            actor = self._person(login, "read")
            return pulls.open_pull(self.repository, actor, head=head, base=base, title=title, body=body).number

    def review(self, login: str, number: int, state: str, body: str = "", *, commit: str | None = None) -> int:
        """Review a commit (the head) and return the review's id; a body is made up where GitHub asks for one."""
        with self.lock:
            said = body or ("" if state == "APPROVED" else "Please look again.")
            return reviews.submit(
                self.repository,
                self.pull(number),
                self._person(login, "read"),
                state=state,
                body=said,
                commit=commit,
            ).id

    def edit_review(self, login: str, number: int, review: int, body: str) -> None:
        """Change the text of one's review."""
        with self.lock:
            pull = self.pull(number)
            reviews.edit_review(
                self.repository, pull, reviews.find_review(pull, review), self._person(login, "read"), body
            )

    def dismiss_review(self, login: str, number: int, review: int, message: str = "It is out of date.") -> None:  # noqa: ARG002 - GitHub asks for a message
        """Dismiss somebody's review."""
        with self.lock:
            pull = self.pull(number)
            reviews.dismiss(self.repository, pull, reviews.find_review(pull, review), self._person(login))

    def comment(self, login: str, number: int, body: str) -> int:
        """Say something below a pull request and return the comment's id."""
        with self.lock:
            return comments.write_comment(self.repository, number, self._person(login, "read"), None, body).id

    def edit_comment(self, login: str, comment: int, body: str) -> None:
        """Change a comment."""
        with self.lock:
            found = comments.find_comment(self.repository, comment)
            comments.edit_comment(self.repository, found, self._person(login, "read"), body)

    def delete_comment(self, login: str, comment: int) -> None:
        """Delete a comment."""
        with self.lock:
            found = comments.find_comment(self.repository, comment)
            comments.delete_comment(self.repository, found, self._person(login, "read"))

    def press(self, login: str, head: str, check: str, identifier: str) -> None:
        """Press a button of a check."""
        with self.lock:
            run = self._run(head, check)
            if identifier not in [action.get("identifier") for action in run.actions]:
                raise not_found()
            asked: Json = {"requested_action": {"identifier": identifier}}
            announce_run(self.repository, run, "requested_action", self._person(login), asked)

    def rerequest(self, login: str, head: str, check: str) -> None:
        """Press "Re-run" of a check."""
        with self.lock:
            announce_run(self.repository, self._run(head, check), "rerequested", self._person(login))

    def rerequest_suite(self, login: str, head: str, app: App | None = None) -> None:
        """Press "Re-run all checks" of an App (the first one that is installed)."""
        with self.lock:
            actor = self._person(login)
            suites = [suite for suite in self.repository.check_suites.values() if suite.head_sha == head]
            chosen = [suite for suite in suites if app in (None, suite.app)]
            if not chosen:
                raise not_found()
            rerequest_suite(self.repository, chosen[0], actor)

    def _run(self, head: str, check: str) -> CheckRun:
        for run in latest_runs(self.repository, head):
            if run.name == check:
                return run
        raise not_found()

    def merge(self, login: str, number: int, *, method: str = "merge") -> str:
        """Press "Merge" and return the commit that the base is at then."""
        with self.lock:
            return merging.merge(self.repository, self.pull(number), self._person(login), method=method)

    def close(self, login: str, number: int) -> None:
        """Close without merging."""
        with self.lock:
            pulls.close(self.repository, self.pull(number), self._person(login, "read"))

    def reopen(self, login: str, number: int) -> None:
        """Open again."""
        with self.lock:
            pulls.reopen(self.repository, self.pull(number), self._person(login, "read"))

    def retarget(self, login: str, number: int, base: str) -> None:
        """Point a pull request at another branch."""
        with self.lock:
            pulls.retarget(self.repository, self.pull(number), self._person(login, "read"), base)

    def rename_pull_request(self, login: str, number: int, title: str) -> None:
        """Change a pull request's title."""
        with self.lock:
            pulls.edit(self.repository, self.pull(number), self._person(login, "read"), title=title, body=None)

    def set_status(self, login: str, sha: str, context: str, state: str) -> None:
        """Write a commit status by one's own token."""
        with self.lock:
            add_status(self.repository, self._person(login), sha, state=state, context=context)

    def foreign_check_run(self, app: App, sha: str, name: str, conclusion: str) -> int:
        """Let another App write a check run and return its id."""
        with self.lock:
            run = create_run(self.repository, app, name, sha)
            run.status, run.conclusion, run.completed_at = "completed", conclusion, self.repository.hub.clock()
            announce_run(self.repository, run, "created", app.robot)
            return run.id

    def rename(self, name: str, login: str = "olivia") -> None:
        """Rename the repository; its former name is redirected."""
        with self.lock:
            before, former = self.repository.name, self.full_name
            self.repository.former_names.add(former.lower())
            self.repository.name = name
            for installation in self.repository.hub.installations.values():
                if former in (installation.selected or ()):
                    installation.selected = (installation.selected or set()) - {former} | {self.full_name}
            body: Json = {"action": "renamed", "changes": {"repository": {"name": {"from": before}}}}
            announce(self.repository, "repository", self.repository.hub.accounts.person(login), body)


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
