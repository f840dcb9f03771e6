"""What would keep Gatehouse from working here, and what is to be done about it?"""

import os
import re
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from bot.exchange import ExitCode, Reply
from bot.settings import ProjectSettings, Settings
from bot.terminal.lock import InstallationLock
from bot.terminal.sandbox_trial import what_it_keeps
from gates.refusal import Unavailable, UserError

OLDEST_GIT = (2, 38)
HOOKS = ("pre-receive", "post-receive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at: how it is, and what to do."""

    state: Literal["ok", "warn", "bad"]
    text: str
    todo: str = ""

    def __str__(self) -> str:
        """Write it as one line."""
        return f"{self.state:<5} {self.text}" + (f" - {self.todo}" if self.todo else "")


def examine(settings: Settings) -> Reply:
    """Look at everything; refused when anything is bad."""
    checks = [check for look in LOOKS for check in look(settings)]
    bad = sum(check.state == "bad" for check in checks)
    closing = f"{bad} to mend." if bad else "Nothing keeps Gatehouse from working here."
    return Reply(
        text="\n".join([*map(str, checks), closing]),
        code=ExitCode.REFUSED if bad else ExitCode.DONE,
        data={"healthy": not bad, "checks": [dict(asdict(check)) for check in checks]},
    )


def _python(_settings: Settings) -> Iterator[Check]:
    yield Check(state="ok", text=f"Python {'.'.join(map(str, sys.version_info[:3]))} at {sys.executable}")


def _git(_settings: Settings) -> Iterator[Check]:
    try:
        said = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True, timeout=10).stdout
    except (OSError, subprocess.SubprocessError) as error:
        yield Check(state="bad", text=f"Git does not answer ({error})", todo="install git 2.38 or newer")
        return
    found = re.search(r"(\d+)\.(\d+)", said)
    new_enough = found is not None and (int(found[1]), int(found[2])) >= OLDEST_GIT
    todo = "" if new_enough else "install git 2.38 or newer, which merges without a work tree"
    yield Check(state="ok" if new_enough else "bad", text=said.strip(), todo=todo)


def _sandbox(settings: Settings) -> Iterator[Check]:
    for what, kept in what_it_keeps().items():
        todo = "run models that you do not know on a system that can: Linux 5.13 or newer with Landlock and seccomp"
        text = f"a model's process is {'kept from' if kept else 'not kept from'} {what}"
        yield Check(state="ok" if kept else "warn", text=text, todo="" if kept else todo)
    if settings.unsafe_shared_environment:
        todo = "set unsafe_shared_environment: false"
        yield Check(state="warn", text="models run in the environment of Gatehouse itself", todo=todo)


def _settings(settings: Settings) -> Iterator[Check]:
    names = ", ".join(project.name for project in settings.projects)
    yield Check(state="ok", text=f"settings are sound; projects: {names}")
    if settings.unsafe_asserted_identity:
        todo = "set unsafe_asserted_identity: false before anything depends on it"
        yield Check(state="warn", text="the terminal believes --as LOGIN", todo=todo)


def _workspace(settings: Settings) -> Iterator[Check]:
    folder = settings.workspace
    if not folder.is_dir():
        yield Check(state="bad", text=f"there is no workspace at {folder}", todo="mlops init, or mlops demo")
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield Check(state="bad", text=f"the workspace {folder} cannot be written", todo=f"chmod u+rwx {folder}")
    elif stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield Check(state="warn", text=f"others may enter the workspace {folder}", todo=f"chmod 700 {folder}")
    else:
        yield Check(state="ok", text=f"the workspace {folder} is its owner's alone")


def _database(settings: Settings) -> Iterator[Check]:
    from storage.database import Database  # noqa: PLC0415 - the other checks do not wait for it

    database = Database(settings.database_url)
    try:
        with database.reading():
            yield Check(state="ok", text=f"the database is at schema {database.current()}")
    except (UserError, Unavailable) as error:
        yield Check(state="bad", text=str(error))
    finally:
        database.close()


def _repositories(settings: Settings) -> Iterator[Check]:
    for project in settings.projects:
        yield _repository(project)


def _repository(project: ProjectSettings) -> Check:
    folder = project.repository
    if not (folder / "HEAD").is_file():
        return Check(
            state="bad", text=f"{project.name}: no Git repository at {folder}", todo="mlops init, or mlops demo"
        )
    missing = [name for name in HOOKS if not os.access(folder / "hooks" / name, os.X_OK)]
    if missing:
        todo = "run any mlops command on it; until then main is not guarded"
        return Check(state="bad", text=f"{project.name}: {folder} has no hook {', '.join(missing)}", todo=todo)
    return Check(state="ok", text=f"{project.name}: {folder} guards its main branch")


def _key(settings: Settings) -> Iterator[Check]:
    if settings.receipts.key_variable:
        try:
            settings.signing_pem()
            yield Check(state="ok", text=f"receipts are signed with the key in {settings.receipts.key_variable}")
        except UserError as error:
            yield Check(state="bad", text=str(error))
        return
    yield _key_file(settings.key_file)


def _key_file(path: Path) -> Check:
    if not path.exists():
        return Check(state="ok", text=f"receipts will be signed with a key made at first use, {path}")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Check(state="bad", text=f"others can read the signing key {path}", todo=f"chmod 600 {path}")
    return Check(state="ok", text=f"the signing key {path} is its owner's alone")


def _ports(settings: Settings) -> Iterator[Check]:
    holder = InstallationLock(settings.workspace).holder()
    if holder is not None and holder.socket:
        yield Check(state="ok", text=f"a server holds this installation: {holder}")
        return
    server = settings.server
    if _is_free(server.host, server.port):
        yield Check(state="ok", text=f"port {server.port} is free for mlops serve")
    else:
        todo = "set another server.port in app.yaml"
        yield Check(state="bad", text=f"port {server.port} on {server.host} is taken", todo=todo)


def _is_free(host: str, port: int) -> bool:
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            return True
    except OSError:
        return False


LOOKS: tuple[Callable[[Settings], Iterator[Check]], ...] = (
    _python, _git, _settings, _workspace, _database, _repositories, _key, _ports, _sandbox,
)  # fmt: skip
