"""Where is a bug written down, so that a person can name it?"""

import secrets
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

from bot.logbook import book_in
from workflows.broken import BrokenError


def write_down(error: BaseException, *, logs: Path, doing: str) -> str:
    """Write an unexpected error into the folder `logs`; return the sentence with its id for the person.

    What a workflow met is in the logbook already, under the id that its text names.
    """
    if isinstance(error, BrokenError):
        return f"{error} The details are in {book_in(logs)}; mlops status shows how far it went."
    name = f"bug-{secrets.token_hex(4)}"
    details = "".join(traceback.format_exception(error))
    text = f"{datetime.now(tz=UTC).isoformat(timespec='seconds')} {name} while: {doing}\n{details}\n"
    try:
        folder = _folder(logs)
        path = folder / f"{name}.log"
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as unwritten:
        return f"Something went wrong inside Gatehouse ({name}); its log cannot be written ({unwritten}):\n{details}"
    return (
        f"Something went wrong inside Gatehouse: {name}. The details are in {path}; report them with this name."
        " mlops status shows how far it went."
    )


def _folder(logs: Path) -> Path:
    """Make the folder; where there is no workspace, none is made for a log, which then lies with temporary files."""
    if not logs.parent.is_dir():
        return Path(tempfile.mkdtemp(prefix="gatehouse-"))
    logs.mkdir(mode=0o700, exist_ok=True)
    return logs
