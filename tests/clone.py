"""How does a person work with the model repository? They clone it, commit, and push with Git itself."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.world import World


@dataclass(frozen=True, slots=True)
class Clone:
    """A person's working copy of a world's repository."""

    folder: Path
    login: str
    email: str

    @classmethod
    def of(cls, world: World, login: str, *, email: str | None = None) -> "Clone":
        """Clone the repository."""
        folder = world.folder / f"clone of {login}"
        made = cls(folder, login, email or f"{login}@example.org")
        made.git("clone", "--quiet", str(world.repository), str(folder), cwd=world.folder)
        return made

    def git(self, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run Git as this person."""
        identity = {f"GIT_{role}_NAME": self.login for role in ("AUTHOR", "COMMITTER")}
        identity |= {f"GIT_{role}_EMAIL": self.email for role in ("AUTHOR", "COMMITTER")}
        return subprocess.run(
            ["git", *words],
            cwd=cwd or self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder.parent), **identity},
            check=False,
            capture_output=True,
            text=True,
        )

    def commit(self, files: Mapping[str, str | None], message: str = "promote it by hand") -> None:
        """Write files (None removes them) in one commit."""
        for path, content in files.items():
            place = self.folder / path
            if content is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content)
        self.git("add", "--all")
        done = self.git("commit", "--quiet", "-m", message)
        assert done.returncode == 0, done.stderr

    def push(self, branch: str, *options: str) -> str:
        """Push to a branch under this person's login; return what the forge said."""
        done = self.git("push", *options, "-o", f"as={self.login}", "origin", f"HEAD:{branch}")
        return done.stderr
