"""What does somebody do who goes behind the bot's back?"""

import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

WHO = {
    "GIT_AUTHOR_NAME": "mallory",
    "GIT_AUTHOR_EMAIL": "mallory@example.org",
    "GIT_COMMITTER_NAME": "mallory",
    "GIT_COMMITTER_EMAIL": "mallory@example.org",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
}
SMUGGLED = "refs/heads/hurry"


def move_alias_by_hand(tracking_uri: str, model: str, alias: str, version: str) -> None:
    """Move an alias with MLflow's own client, as anyone with its database can."""
    from storage.mlflow_registry import MlflowRegistry  # noqa: PLC0415 - MLflow takes seconds to import

    MlflowRegistry(tracking_uri).set_alias(model, alias, version)


def push_to_main(repository: Path, model: str) -> list[str]:
    """Edit the staging file in a clone and push it to main; return what Git says. A branch keeps the commit."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        _git(["clone", "--quiet", str(repository), str(clone)])
        manifest = clone / "models" / model / "staging.yaml"
        manifest.write_text(manifest.read_text().replace("version: '2'", "version: '3'"))
        _git(["commit", "--quiet", "--all", "--message", "just use v3 already"], cwd=clone)
        refused = _git(["push", "origin", "HEAD:main"], cwd=clone, may_fail=True)
        # Whoever has the disk needs no push: this puts the commit where a bare update of main can reach it.
        _git(["fetch", "--quiet", str(clone), f"HEAD:{SMUGGLED}"], cwd=repository)
    return [line for line in refused.splitlines() if "remote:" in line or "rejected" in line]


def smuggle_into_main(repository: Path) -> None:
    """Move main to the smuggled commit without asking any hook."""
    commit = _git(["rev-parse", SMUGGLED], cwd=repository).strip()
    _git(["update-ref", "-d", SMUGGLED], cwd=repository)
    _git(["update-ref", "refs/heads/main", commit], cwd=repository)


def _git(arguments: Sequence[str], *, cwd: Path | None = None, may_fail: bool = False) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")} | WHO
    done = subprocess.run(
        ["git", *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=not may_fail
    )
    return done.stdout + done.stderr
