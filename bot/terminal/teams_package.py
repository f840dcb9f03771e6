"""How does the app package for Teams come into a file?"""

from pathlib import Path
from urllib.parse import urlsplit

from bot.exchange import ExitCode, Reply
from bot.settings import Settings
from bot.teams.package import app_package
from gates.refusal import UserError

NAME = "gatehouse-teams.zip"


def write(settings: Settings, folder: Path) -> Reply:
    """Write the package into a folder; the same settings and release write the same bytes."""
    if settings.teams is None or settings.teams.app_id is None:
        raise UserError("teams.app_id is missing in app.yaml: write the application id of your Azure Bot there.")
    if settings.server.public_url is None:
        raise UserError("server.public_url is missing in app.yaml: write the address there that Teams reaches us at.")
    content = app_package(settings.teams.app_id, urlsplit(settings.server.public_url).hostname or "")
    into = folder / NAME
    try:
        into.write_bytes(content)
    except OSError as error:
        raise UserError(f"{into} cannot be written: {error.strerror}. Go to a folder of yours.") from error
    text = f"The app package is {into}.\nNext: in Teams, Apps, Manage your apps, Upload an app."
    return Reply(text=text, code=ExitCode.DONE, data={"path": str(into), "bytes": len(content)})
