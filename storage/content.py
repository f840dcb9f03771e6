"""How is something kept under the name of its own content, so that a changed byte cannot hide?"""

import os
import re
import tempfile
from pathlib import Path

from gates.digest import bytes_digest
from gates.refusal import UserError

DIGEST = re.compile(r"[0-9a-f]{64}")


class ContentChangedError(UserError):
    """What lies under a digest is not what the digest names: somebody or something changed it."""


def require_digest(text: str) -> str:
    """Return `text` if it is a SHA-256 in lower-case hexadecimal; anything else never becomes a path."""
    if not DIGEST.fullmatch(text):
        raise UserError(f"{text!r} is no digest: 64 hexadecimal digits name content.")
    return text


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a power cut leaves the old one or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        written.chmod(0o644)
        written.replace(path)
    except BaseException:
        written.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_checked(path: Path, digest: str, *, what: str) -> bytes:
    """Return a file's bytes if they are what `digest` names."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as missing:
        raise UserError(f"The {what} {digest} is not in the store: {path} does not exist.") from missing
    found = bytes_digest(content)
    if found != digest:
        raise ContentChangedError(
            f"The {what} {digest} was changed: {path} now has the digest {found}. Restore it from a backup."
        )
    return content
