"""Which answer does a command get?"""

import threading
from collections.abc import Callable, Mapping, Sequence

from pydantic import JsonValue

from bot import commands as c
from bot.commands import PromotionName
from bot.exchange import ExitCode, Notice, Progress, Reply, Request
from bot.grammar.help import help_text
from bot.grammar.usage import acts
from bot.house import decisions, looks, requests, syncing, trails
from bot.house.desk import Desk
from bot.house.linking import Linking, link
from bot.house.naming import names
from bot.house.telling import Telling
from bot.house.window import Window
from gates.refusal import Refused, UserError
from workflows.discovery import discover, look_at_pull_request
from workflows.installation import Project
from workflows.outbox import ask_for_sync, ask_for_sync_main
from workflows.rulebook import newest_trusted_rulebook, rulebook_files


class OpenHouse:
    """An open installation: acting commands one at a time, looking ones whenever they come."""

    def __init__(self, desk: Desk, telling: Telling, linking: Linking | None = None) -> None:
        """Answer at this desk; `linking` says where people talk besides the forge."""
        self._desk = desk
        self._linking = linking or Linking()
        self._telling = telling
        self._turn = threading.Lock()

    def handle(self, request: Request, progress: Progress) -> Reply:
        """Answer a command. A refusal is a reply; `UserError` and `Unavailable` are raised."""
        try:
            if not acts(request.command):
                with self._desk.moment(), self._telling.looking(progress):
                    return self._answer(request)
            with self._turn, self._desk.moment(), self._telling.to(progress):
                return self._answer(request)
        except Refused as refused:
            return Reply(text=str(refused), code=ExitCode.REFUSED, data={"error": str(refused)})

    def tick(self, _now: int) -> None:
        """Sweep every project: pull requests opened by hand, deadlines, and what others changed."""
        with self._turn:
            for project in self._desk.installation.projects.values():
                self._sweep(project)
            self._desk.drain(patience=0)  # people wait for this turn, and the next sweep tries again

    def notice(self, notice: Notice) -> None:
        """Look again where something may have changed, and take what is found as far as it goes."""
        installation = self._desk.installation
        project = installation.project(notice.project)
        with self._turn:
            if notice.main:
                with installation.database.transaction() as work:
                    ask_for_sync_main(work, project.name, restored_by=None, at=installation.clock())
            if notice.pull_request is not None:
                look_at_pull_request(installation, project, notice.pull_request)
            else:
                discover(installation, project)
            self._desk.drain(patience=0)

    def named(self, project: str, pull_request: int) -> PromotionName | None:
        """Return what a pull request is: a promotion ("P12"), a rulebook change ("R3"), or nothing of ours."""
        with self._desk.installation.database.reading() as work:
            promotion = work.promotions.by_pull_request(project, pull_request)
            change = work.rulebook_changes.by_pull_request(project, pull_request)
        if promotion is not None:
            return PromotionName(number=promotion.id, project=project)
        return None if change is None else PromotionName(number=change.id, letter="R", project=project)

    def ready(self) -> tuple[bool, dict[str, JsonValue]]:
        """Tell whether database, repository and registry answer."""
        problems: dict[str, JsonValue] = {}
        for project in self._desk.installation.projects.values():
            for what, ask in self._questions(project).items():
                problem = _problem(ask)
                if problem:
                    problems[f"{project.name} {what}"] = problem
        return not problems, problems

    def names(self, kind: str) -> Sequence[str]:
        """Return names for completion."""
        return names(self._desk, kind)

    def window(self) -> Window:
        """Return what a chat may see, from any thread; looking never waits."""
        return Window(self._desk)

    def rulebook_files(self, project: str | None) -> Mapping[str, bytes]:
        """Return the rulebook's files as main has them."""
        meant = self._desk.project(project)
        return rulebook_files(meant, meant.forge.main_head())

    def _sweep(self, project: Project) -> None:
        desk = self._desk
        discover(desk.installation, project)
        now = desk.installation.clock()
        try:
            rulebook = newest_trusted_rulebook(desk.installation, project).rulebook
        except UserError:
            return  # no rulebook was ever accepted, so nothing was ever authorised
        lanes = syncing.everything(desk, project, rulebook)
        with desk.installation.database.transaction() as work:
            ask_for_sync_main(work, project.name, restored_by=None, at=now)
            for lane in lanes:
                ask_for_sync(
                    work, project.name, model=lane.model, environment=lane.environment, restored_by=None, at=now
                )

    def _questions(self, project: Project) -> dict[str, Callable[[], object]]:
        return {
            "repository": project.forge.main_head,
            "registry": project.stages[0].registry.models,
            "rulebook": lambda: newest_trusted_rulebook(self._desk.installation, project),
        }

    def _answer(self, request: Request) -> Reply:
        if isinstance(request.command, c.Link):
            return link(self._desk, self._linking, request, request.command)
        for attempt in (_look, _request, _decide):
            reply = attempt(self._desk, request)
            if reply is not None:
                return reply
        raise UserError("That is done in a terminal: mlops help lists what can be asked here.")


def _look(desk: Desk, request: Request) -> Reply | None:
    reply: Reply | None
    match request.command:
        case c.Status() as command:
            reply = looks.status(desk, command)
        case c.Why() as command:
            reply = looks.why(desk, command)
        case c.History() as command:
            reply = trails.history(desk, command)
        case c.Audit() as command:
            reply = trails.audit(desk, command)
        case c.Card() as command:
            reply = looks.card(desk, command, surface=request.surface)
        case c.Help() as command:
            reply = Reply(text=help_text(command.about), code=ExitCode.DONE)
        case _:
            reply = _unequipped(request)
    return reply


def _unequipped(request: Request) -> Reply | None:
    """Say truthfully what this installation has nothing for."""
    match request.command:
        case c.Retrain() as command:
            raise Refused(
                f"No training pipeline is set up for {command.model}: train it as before, register the version, "
                f"then mlops promote {command.model} VERSION to ENVIRONMENT."
            )
        case c.Drift() as command:
            raise Refused(f"Nothing records what {command.model} is asked where it serves, so drift cannot be told.")
        case _:
            return None


def _request(desk: Desk, request: Request) -> Reply | None:
    reply: Reply | None
    match request.command:
        case c.Promote() as command:
            reply = requests.promote(desk, request, command)
        case c.Rollback() as command:
            reply = requests.rollback(desk, request, command)
        case c.Retire() as command:
            reply = requests.retire(desk, request, command)
        case c.Compare() as command:
            reply = looks.compare(desk, command)
        case _:
            reply = None
    return reply


def _decide(desk: Desk, request: Request) -> Reply | None:
    reply: Reply | None
    match request.command:
        case c.Approve() as command:
            reply = decisions.approve(desk, request, command)
        case c.Reject() as command:
            reply = decisions.reject(desk, request, command)
        case c.Withdraw() as command:
            reply = decisions.withdraw(desk, request, command)
        case c.Recheck() as command:
            reply = decisions.recheck(desk, request, command)
        case c.Sync() as command:
            reply = syncing.sync(desk, request, command)
        case c.RulebookTrust() as command:
            reply = syncing.trust(desk, request, command)
        case _:
            reply = None
    return reply


def _problem(ask: Callable[[], object]) -> str:
    try:
        ask()
    except Exception as reason:  # noqa: BLE001 - readiness reports whatever keeps the installation from serving
        return str(reason)
    return ""
