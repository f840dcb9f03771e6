"""How does a bare repository become a forge, and is this one?"""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from bot.local_forge.branches import commit_tree
from bot.local_forge.git import Git, require_git
from bot.local_forge.hooks import install_hooks
from bot.local_forge.refs import MAIN, Move, move
from bot.local_forge.trees import write_tree
from gates.refusal import UserError

CONFIGURATION = {
    "receive.advertisePushOptions": "true",  # git push -o as=LOGIN
    "receive.fsckObjects": "true",
    "receive.denyDeleteCurrent": "refuse",
    "core.logAllRefUpdates": "always",  # who moved what behind the bot's back stays visible
    "gc.autoDetach": "false",  # a push leaves no process behind
}
ORIGIN = "Start the model repository"


def create_repository(path: Path, files: Mapping[str, bytes], *, at: int) -> str:
    """Make a bare repository with one commit on main and the hooks; return the commit's SHA.

    It appears at `path` whole or not at all. The same files and `at` give the same SHA.
    """
    require_git()
    if path.exists():
        raise UserError(f"{path} exists already: name a new folder, or remove it first.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        fresh = Path(folder).resolve() / "repo.git"
        head = _fill(fresh, files, at)
        fresh.rename(path)
    return head


def _fill(path: Path, files: Mapping[str, bytes], at: int) -> str:
    path.mkdir()
    git = Git(path)
    git.output("init", "--quiet", "--bare", "--initial-branch=main", "--template=")
    for key, value in CONFIGURATION.items():
        git.output("config", key, value)
    head = commit_tree(git, write_tree(git, None, files), (), message=ORIGIN, at=at)
    move(git, [Move(MAIN, None, head)], reason="create")
    install_hooks(path)
    return head


def open_repository(path: Path) -> Git:
    """Return Git on an existing forge, its hooks in place; `UserError` says what to type when there is none."""
    require_git()
    git = Git(path.resolve())
    if not (path / "HEAD").is_file() or not (path / "objects").is_dir():
        raise UserError(
            f"There is no model repository at {path}: mlops demo makes one with a story in it, mlops init an empty one."
        )
    if git.run("rev-parse", "--is-bare-repository").stdout.strip() != b"true":
        raise UserError(
            f"{path} belongs to a working copy: the forge needs the bare repository that it was cloned from."
        )
    install_hooks(git.directory)
    return git
