"""Where do the new App's secrets go? Into a file that a POSIX shell can source, and only its owner can read."""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path

from gates.refusal import UserError

NAME = "github-app.env"
MODE = 0o600


def require_absent(path: Path) -> None:
    """Refuse where there is one already: it may be the only copy of a key."""
    if path.exists() or path.is_symlink():
        raise UserError(f"{path} holds an App's secrets already and is never overwritten: use it, or move it away.")


def write_env(path: Path, values: Mapping[str, str]) -> None:
    """Write variables, whole or not at all; line ends are spelled out, as `github.private_key_variable` takes them."""
    lines = [f"{name}={shlex.quote(_on_one_line(value))}\n" for name, value in values.items()]
    aside = path.with_name(f"{path.name}.{os.getpid()}.new")
    aside.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "w", encoding="utf-8") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)  # unlike a rename, this never replaces what is there
    except FileExistsError:
        require_absent(path)
        raise
    finally:
        aside.unlink(missing_ok=True)


def _on_one_line(value: str) -> str:
    return value.strip().replace("\r\n", "\n").replace("\n", "\\n")
