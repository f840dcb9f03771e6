"""What does a delivery tell us? Most of them nothing.

An event is read into what we need of it and then into our own words. Events come late, doubled, out of order or not at
all, so none is believed about a pull request: it only says where to look. What a person said or pressed is theirs.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from pydantic import ValidationError

from bot.github import payload as p
from bot.github.heard import Everything, Heard, Look, Main, Pressed, Said
from bot.github.repositories import Repositories
from workflows.forge import Button

CHECKS = "mlops/"
"""Our checks' names begin so; anybody's check or status that does is looked at."""
SPOKEN = "/mlops"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """What is ours on GitHub."""

    app_id: int
    repositories: Repositories


@dataclass(frozen=True, slots=True)
class Ignored:
    """A delivery that we do nothing about, and why."""

    why: str


NOTHING_TO_DO = Ignored("Nothing is done about this event.")
NOT_OURS = Ignored("That repository is none of this installation's.")
ANOTHER_APP = Ignored("That is another App's installation.")
INCOMPLETE = Ignored("The payload lacks what such an event must have.")


def read_event(event: str, data: object, ours: Ours) -> tuple[Heard, ...] | Ignored:
    """Read a delivery; one that lacks what it must have is logged and ignored."""
    form = EVENTS.get(event)
    if form is None:
        return NOTHING_TO_DO
    try:
        action = _Action.model_validate(data).action
        if form.ACTIONS and action not in form.ACTIONS:
            return NOTHING_TO_DO
        return form.model_validate(data).heard(ours)
    except ValidationError as error:
        lacking = ", ".join(sorted({".".join(map(str, detail["loc"])) or "an object" for detail in error.errors()}))
        logging.getLogger(__name__).warning("A delivery of GitHub's event %s lacks: %s", event, lacking)
        return INCOMPLETE


class _Action(p.Foreign):
    action: str = ""


class _Event(p.Foreign):
    """One form for each event, which knows what it means."""

    ACTIONS: ClassVar[frozenset[str]] = frozenset()
    """None named: all of them, or an event without."""

    action: str = ""

    def heard(self, ours: Ours) -> tuple[Heard, ...] | Ignored:
        """Return what it tells us."""
        raise NotImplementedError


class _InRepository(_Event):
    repository: p.Repository

    def heard(self, ours: Ours) -> tuple[Heard, ...] | Ignored:
        project = ours.repositories.project_of(self.repository.full_name, self.repository.id)
        return NOT_OURS if project is None else self.told(project, ours.app_id) or NOTHING_TO_DO

    def told(self, project: str, _app_id: int) -> tuple[Heard, ...]:
        """Return what it tells about one of our projects; any change of a repository concerns everything in it."""
        return (Everything(project=project),)


class _PullRequest(_InRepository):
    ACTIONS = frozenset(
        {"opened", "synchronize", "reopened", "closed", "edited", "ready_for_review", "converted_to_draft"}
    )
    pull_request: p.PullRequest

    def told(self, project: str, _app_id: int) -> tuple[Heard, ...]:
        return (Look(project=project, number=self.pull_request.number),)


class _Review(_PullRequest):
    ACTIONS = frozenset({"submitted", "edited", "dismissed"})


class _IssueComment(_InRepository):
    """Only what a person has just written themselves: anybody with write access may edit it later."""

    ACTIONS = frozenset({"created"})
    issue: p.Issue
    comment: p.Comment
    sender: p.Actor

    def told(self, project: str, _app_id: int) -> tuple[Heard, ...]:
        comment = self.comment
        own_words = comment.user.is_person and comment.user.id == self.sender.id and self.sender.is_person
        by_program = comment.performed_via_github_app is not None
        if self.issue.pull_request is None or not own_words or by_program or SPOKEN not in comment.body.lower():
            return ()
        number, account = self.issue.number, comment.user.login
        return (
            Said(
                project=project,
                number=number,
                comment=comment.id,
                account=account,
                text=comment.body,
                at=comment.at,
            ),
        )


class _CheckRun(_InRepository):
    ACTIONS = frozenset({"created", "completed", "rerequested", "requested_action"})
    check_run: p.Checked
    sender: p.Actor
    requested_action: p.RequestedAction | None = None

    def told(self, project: str, app_id: int) -> tuple[Heard, ...]:
        written = self.action in {"created", "completed"}
        if _is_ours(self.check_run, app_id):
            return () if written else self._pressed(project)
        return self._foreign(project) if written else ()

    def _pressed(self, project: str) -> tuple[Heard, ...]:
        identifier = Button.RECHECK.value if self.action == "rerequested" else self._identifier()
        if identifier not in set(Button):
            return ()
        return _press(project, self.sender, Button(identifier), self.check_run, self.repository)

    def _identifier(self) -> str:
        return "" if self.requested_action is None else self.requested_action.identifier

    def _foreign(self, project: str) -> tuple[Heard, ...]:
        if not self.check_run.name.startswith(CHECKS):
            return ()
        numbers = self.check_run.numbers(self.repository)
        return tuple(Look(project=project, number=number) for number in numbers) or (Everything(project=project),)


class _CheckSuite(_InRepository):
    ACTIONS = frozenset({"rerequested"})
    check_suite: p.Checked
    sender: p.Actor

    def told(self, project: str, app_id: int) -> tuple[Heard, ...]:
        if not _is_ours(self.check_suite, app_id):
            return ()
        return _press(project, self.sender, Button.RECHECK, self.check_suite, self.repository)


class _Status(_InRepository):
    """Its pull requests are not told; a name of ours that somebody else wrote is rare enough to look at all."""

    context: str

    def told(self, project: str, _app_id: int) -> tuple[Heard, ...]:
        return (Everything(project=project),) if self.context.startswith(CHECKS) else ()


class _Push(_InRepository):
    """Only main matters here: what a push does to a pull request, that pull request's own event tells."""

    repository: p.RepositoryWithMain
    ref: p.Name

    def told(self, project: str, _app_id: int) -> tuple[Heard, ...]:
        return (Main(project=project),) if self.ref == f"refs/heads/{self.repository.default_branch}" else ()


class _Repository(_InRepository):
    ACTIONS = frozenset({"renamed", "transferred"})


class _Installation(_Event):
    """Which repositories and permissions we have now."""

    installation: p.Installation

    def heard(self, ours: Ours) -> tuple[Heard, ...] | Ignored:
        if self.installation.app_id != ours.app_id:
            return ANOTHER_APP
        return _everything_of(self.installation.account, ours)


class _InOrganisation(_Event):
    """Who is in which team, and so who may decide."""

    organization: p.Owner

    def heard(self, ours: Ours) -> tuple[Heard, ...] | Ignored:
        return _everything_of(self.organization, ours)


EVENTS: Mapping[str, type[_Event]] = {
    "pull_request": _PullRequest,
    "pull_request_review": _Review,
    "issue_comment": _IssueComment,
    "check_run": _CheckRun,
    "check_suite": _CheckSuite,
    "status": _Status,
    "push": _Push,
    "repository": _Repository,
    "member": _InRepository,
    "installation": _Installation,
    "installation_repositories": _Installation,
    "membership": _InOrganisation,
    "team": _InOrganisation,
    "organization": _InOrganisation,
}
"""The events that an App of ours subscribes to, or gets unasked."""


def _is_ours(checked: p.Checked, app_id: int) -> bool:
    return checked.app is not None and checked.app.id == app_id


def _press(
    project: str, sender: p.Actor, button: Button, checked: p.Checked, repository: p.Repository
) -> tuple[Heard, ...]:
    if not sender.is_person:
        return ()
    pressed = Pressed(
        project=project,
        account=sender.login,
        button=button,
        head=checked.head_sha,
        numbers=checked.numbers(repository),
        check=checked.name,
    )
    return (pressed,)


def _everything_of(owner: p.Owner, ours: Ours) -> tuple[Heard, ...] | Ignored:
    projects = ours.repositories.projects_of(owner.login or "")
    return tuple(Everything(project=project) for project in projects) or NOT_OURS
