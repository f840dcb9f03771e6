"""Which commands does a terminal carry out itself, and what does each one call?

Everything is imported where it is used: no command waits for what another one needs.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pydantic import JsonValue

from bot import commands
from bot.commands import Command
from bot.exchange import ExitCode, Reply
from bot.terminal.lock import HeldError, InstallationLock
from bot.terminal.place import Place
from gates.refusal import Unavailable

DONE = ExitCode.DONE
Local = Callable[[Place, Command], Reply]


def serve(place: Place, _command: Command) -> Reply:
    """Hold the installation until stopped."""
    from bot.serve import serve as hold_and_answer  # noqa: PLC0415 - see the module's docstring

    return hold_and_answer(place.settings, place.out, place.open_server or place.open_house, surfaces=place.surfaces)


def console(place: Place, _command: Command) -> Reply:
    """Talk line by line; every line has its own reply."""
    from bot.terminal.console import talk  # noqa: PLC0415 - see the module's docstring

    return Reply(text="", code=talk(place))


def demo(place: Place, _command: Command) -> Reply:
    """Play the story in a clean workspace."""
    _require_nobody(place)
    from bot.demo.story import play  # noqa: PLC0415 - see the module's docstring

    try:
        play(place.settings, place.out)
    except HeldError as held:
        raise _held_by(held) from held
    return Reply(text="", code=DONE)


def init(place: Place, _command: Command) -> Reply:
    """Create an empty workspace."""
    _require_nobody(place)
    from bot.workspace import create  # noqa: PLC0415 - see the module's docstring

    create(place.settings)
    repositories = [str(project.repository) for project in place.settings.projects]
    text = f"The workspace is at {place.settings.workspace}.\nNext: {_first_rulebook(place)}"
    data: dict[str, JsonValue] = {"workspace": str(place.settings.workspace), "repositories": [*repositories]}
    return Reply(text=text, code=DONE, data=data)


def _first_rulebook(place: Place) -> str:
    """Say how the first project comes to a rulebook."""
    first = place.settings.projects[0]
    if first.forge == "embedded":
        return (
            f"clone {first.repository}, look at policies/, and accept that first rulebook by the commit that you"
            " looked at: mlops rulebook trust COMMIT"
        )
    return (
        f"put your rulebook on the main branch of {first.repository} (one to begin with, for you to fill in:"
        f" {place.settings.workspace / 'starter'}), and accept it by its commit: mlops rulebook trust COMMIT"
    )


def doctor(place: Place, _command: Command) -> Reply:
    """Look for what would keep Gatehouse from working."""
    from bot.terminal.doctor import examine  # noqa: PLC0415 - see the module's docstring

    return examine(place.settings)


def audit_verify(place: Place, _command: Command) -> Reply:
    """Check the trail."""
    from bot.terminal.trail import verify  # noqa: PLC0415 - see the module's docstring

    return verify(place.settings)


def audit_export(place: Place, command: Command) -> Reply:
    """Write the ledger to a file."""
    from bot.terminal.trail import export  # noqa: PLC0415 - see the module's docstring

    assert isinstance(command, commands.AuditExport)  # noqa: S101 - LOCAL pairs each function with its command
    return export(place.settings, command.path)


def teams_package(place: Place, _command: Command) -> Reply:
    """Write the app package that is uploaded to Teams."""
    from bot.terminal.teams_package import write  # noqa: PLC0415 - see the module's docstring

    return write(place.settings, Path.cwd())


def policy_check(place: Place, command: Command) -> Reply:
    """Name every mistake of a rulebook."""
    from bot.terminal.rules import check  # noqa: PLC0415 - see the module's docstring

    assert isinstance(command, commands.PolicyCheck)  # noqa: S101 - as above
    return check(place, command.folder)


def policy_explain(place: Place, command: Command) -> Reply:
    """Say in words which rules apply."""
    from bot.terminal.rules import explain  # noqa: PLC0415 - see the module's docstring

    assert isinstance(command, commands.PolicyExplain)  # noqa: S101 - as above
    return explain(place, command.model, command.environment)


def policy_simulate(place: Place, command: Command) -> Reply:
    """Say what the rulebook in a folder would change."""
    from bot.terminal.rules import simulate  # noqa: PLC0415 - see the module's docstring

    assert isinstance(command, commands.PolicySimulate)  # noqa: S101 - as above
    return simulate(place, command.folder)


def db_upgrade(place: Place, _command: Command) -> Reply:
    """Bring the database to this release's schema, while nobody else acts."""
    from storage.database import Database  # noqa: PLC0415 - see the module's docstring

    database = Database(place.settings.database_url)
    with _holding(place, "mlops db upgrade"):
        before = database.current()
        database.upgrade()
        after = database.current()
    database.close()
    text = (
        f"The database is at schema {after} already." if before == after else f"The database is at schema {after} now."
    )
    return Reply(text=text, code=DONE, data={"before": before, "schema": after})


def _require_nobody(place: Place) -> None:
    """Refuse to replace a workspace that someone uses."""
    if place.settings.workspace.is_dir():
        with _holding(place, "mlops"):
            pass


@contextmanager
def _holding(place: Place, command: str) -> Iterator[None]:
    """Hold the installation for the body; whoever has it is named."""
    try:
        with InstallationLock(place.settings.workspace).hold(command):
            yield
    except HeldError as held:
        raise _held_by(held) from held


def _held_by(held: HeldError) -> Unavailable:
    return Unavailable(f"This installation is held by {held.holder}. Stop it, or wait for it, and try again.")


LOCAL: Mapping[type, Local] = {
    commands.Serve: serve,
    commands.Console: console,
    commands.Demo: demo,
    commands.Init: init,
    commands.Doctor: doctor,
    commands.AuditVerify: audit_verify,
    commands.AuditExport: audit_export,
    commands.TeamsPackage: teams_package,
    commands.PolicyCheck: policy_check,
    commands.PolicyExplain: policy_explain,
    commands.PolicySimulate: policy_simulate,
    commands.DatabaseUpgrade: db_upgrade,
}
