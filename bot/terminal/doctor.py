"""What would keep Gatehouse from working here, and what is to be done about it?"""

import os
import re
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from bot.diagnosis import Diagnosis, bad, ok, warn
from bot.exchange import ExitCode, Reply
from bot.settings import ProjectSettings, Settings
from bot.terminal.lock import InstallationLock
from bot.terminal.sandbox_trial import what_it_keeps
from bot.terminal.token import VARIABLES
from gates.refusal import Unavailable, UserError

OLDEST_GIT = (2, 38)
HOOKS = ("pre-receive", "post-receive")


def examine(settings: Settings) -> Reply:
    """Look at everything; refused when anything is bad."""
    checks = [check for look in LOOKS for check in look(settings)]
    wrong = sum(check.state == "bad" for check in checks)
    closing = f"{wrong} to mend." if wrong else "Nothing keeps Gatehouse from working here."
    return Reply(
        text="\n".join([*map(str, checks), closing]),
        code=ExitCode.REFUSED if wrong else ExitCode.DONE,
        data={"healthy": not wrong, "checks": [dict(asdict(check)) for check in checks]},
    )


def _python(_settings: Settings) -> Iterator[Diagnosis]:
    yield ok(f"Python {'.'.join(map(str, sys.version_info[:3]))} at {sys.executable}")


def _git(_settings: Settings) -> Iterator[Diagnosis]:
    try:
        said = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True, timeout=10).stdout
    except (OSError, subprocess.SubprocessError) as error:
        yield bad(f"Git does not answer ({error})", "install git 2.38 or newer")
        return
    found = re.search(r"(\d+)\.(\d+)", said)
    new_enough = found is not None and (int(found[1]), int(found[2])) >= OLDEST_GIT
    todo = "install git 2.38 or newer, which merges without a work tree"
    yield ok(said.strip()) if new_enough else bad(said.strip(), todo)


def _sandbox(settings: Settings) -> Iterator[Diagnosis]:
    for what, kept in what_it_keeps().items():
        todo = "run models that you do not know on a system that can: Linux 5.13 or newer with Landlock and seccomp"
        text = f"a model's process is {'kept from' if kept else 'not kept from'} {what}"
        yield ok(text) if kept else warn(text, todo)
    if settings.unsafe_shared_environment:
        todo = "set unsafe_shared_environment: false"
        yield warn("models run in the environment of Gatehouse itself", todo)


def _settings(settings: Settings) -> Iterator[Diagnosis]:
    names = ", ".join(project.name for project in settings.projects)
    yield ok(f"settings are sound; projects: {names}")
    if settings.unsafe_asserted_identity:
        todo = "set unsafe_asserted_identity: false before anything depends on it"
        yield warn("the terminal believes --as LOGIN", todo)


def _workspace(settings: Settings) -> Iterator[Diagnosis]:
    folder = settings.workspace
    if not folder.is_dir():
        yield bad(f"there is no workspace at {folder}", "mlops init, or mlops demo")
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield bad(f"the workspace {folder} cannot be written", f"chmod u+rwx {folder}")
    elif stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield warn(f"others may enter the workspace {folder}", f"chmod 700 {folder}")
    else:
        yield ok(f"the workspace {folder} is its owner's alone")


def _database(settings: Settings) -> Iterator[Diagnosis]:
    from storage.database import Database  # noqa: PLC0415 - the other checks do not wait for it

    database = Database(settings.database_url)
    try:
        with database.reading():
            yield ok(f"the database is at schema {database.current()}")
    except (UserError, Unavailable) as error:
        yield bad(str(error))
    finally:
        database.close()


def _repositories(settings: Settings) -> Iterator[Diagnosis]:
    for project in settings.projects:
        if project.forge == "embedded":
            yield _repository(project)


def _repository(project: ProjectSettings) -> Diagnosis:
    folder = project.folder
    if not (folder / "HEAD").is_file():
        return bad(f"{project.name}: no Git repository at {folder}", "mlops init, or mlops demo")
    missing = [name for name in HOOKS if not os.access(folder / "hooks" / name, os.X_OK)]
    if missing:
        todo = "run any mlops command on it; until then main is not guarded"
        return bad(f"{project.name}: {folder} has no hook {', '.join(missing)}", todo)
    return ok(f"{project.name}: {folder} guards its main branch")


def _key(settings: Settings) -> Iterator[Diagnosis]:
    if settings.receipts.key_variable:
        try:
            settings.signing_pem()
            yield ok(f"receipts are signed with the key in {settings.receipts.key_variable}")
        except UserError as error:
            yield bad(str(error))
        return
    yield _key_file(settings.key_file)


def _key_file(path: Path) -> Diagnosis:
    if not path.exists():
        return ok(f"receipts will be signed with a key made at first use, {path}")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return bad(f"others can read the signing key {path}", f"chmod 600 {path}")
    return ok(f"the signing key {path} is its owner's alone")


def _ports(settings: Settings) -> Iterator[Diagnosis]:
    holder = InstallationLock(settings.workspace).holder()
    if holder is not None and holder.socket:
        yield ok(f"a server holds this installation: {holder}")
        return
    server = settings.server
    if _is_free(server.host, server.port):
        yield ok(f"port {server.port} is free for mlops serve")
    else:
        todo = "set another server.port in app.yaml"
        yield bad(f"port {server.port} on {server.host} is taken", todo)


def _is_free(host: str, port: int) -> bool:
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            return True
    except OSError:
        return False


def _github(settings: Settings) -> Iterator[Diagnosis]:
    if settings.github is None:
        return
    from bot.github.doctor.examination import examine_github  # noqa: PLC0415 - slow to import, and not all are there

    yield from examine_github(settings, environment=os.environ, tokens=VARIABLES, clock=lambda: int(time.time()))


def _slack(settings: Settings) -> Iterator[Diagnosis]:
    if settings.slack is None:
        return
    from bot.slack.doctor import examine_slack  # noqa: PLC0415 - as above

    yield from examine_slack(settings.slack, settings.server, settings.projects, environment=os.environ)


def _teams(settings: Settings) -> Iterator[Diagnosis]:
    if settings.teams is None:
        return
    from bot.teams.doctor import examine_teams  # noqa: PLC0415 - as above
    from bot.terminal.teams_package import NAME  # noqa: PLC0415 - as above

    package = Path.cwd() / NAME
    yield from examine_teams(settings, environment=os.environ, clock=lambda: int(time.time()), package=package)


LOOKS: tuple[Callable[[Settings], Iterator[Diagnosis]], ...] = (
    _python, _git, _settings, _workspace, _database, _repositories, _key, _ports, _sandbox, _github, _slack, _teams,
)  # fmt: skip
