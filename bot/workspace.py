"""What is in a new workspace, and how is it made?"""

import shutil
import time
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from bot.local_forge import create_repository
from bot.settings import Settings
from gates.refusal import UserError
from storage.database import Database

KEPT = frozenset({"environments", "lock"})
"""What stays when a workspace is cleared: environments are named by their locked requirements and belong to no story;
the lock says who is clearing it."""
STARTER = ("policies/people.yaml", "policies/general.yaml", "policies/principles.yaml")


def create(settings: Settings) -> None:
    """Create an empty workspace with the starter rulebook, not yet trusted; `UserError` when there is one already.

    A repository that lives elsewhere is its owners' own: the starter rulebook lies in the workspace for them to copy.
    """
    if settings.database_url.startswith("sqlite:///") and (settings.workspace / "gatehouse.db").exists():
        raise UserError(f"There is a workspace at {settings.workspace} already: mlops status shows how it stands.")
    starter = {path: files("bot.starter").joinpath(path).read_bytes() for path in STARTER}
    furnish(settings, starter, at=int(time.time()))
    if any(project.forge != "embedded" for project in settings.projects):
        for path, content in starter.items():
            place = settings.workspace / "starter" / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)


def furnish(settings: Settings, rulebook: Mapping[str, bytes], *, at: int) -> list[str]:
    """Make the folder, the database and each embedded repository; return the first commit of each repository's main."""
    settings.workspace.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.workspace.chmod(0o700)
    database = Database(settings.database_url)
    database.upgrade()
    database.close()
    embedded = [project for project in settings.projects if project.forge == "embedded"]
    return [create_repository(project.folder, rulebook, at=at) for project in embedded]


def clear(settings: Settings) -> None:
    """Remove everything that a former workspace left, and nothing else: only what lies inside the folder itself."""
    marks = ("gatehouse.db", "repo.git", "mlflow.db")
    if not settings.workspace.exists():
        return
    strange = [path for path in settings.workspace.iterdir() if path.name not in KEPT]
    if strange and not any((settings.workspace / mark).exists() for mark in marks):
        raise UserError(
            f"{settings.workspace} is no workspace of Gatehouse, so it is not removed: choose another folder."
        )
    for path in sorted(settings.workspace.iterdir()):
        if path.name in KEPT:
            continue
        if path.is_dir() and not path.is_symlink():
            _make_writable(path)
            shutil.rmtree(path)
        else:
            path.unlink()


def _make_writable(folder: Path) -> None:
    """Let the read-only folders of the digest-named stores be removed."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o700)
