"""What is uploaded to Teams, so that people can add the app? A zip of the manifest and two icons.

The same app id, domain and release give the same bytes, so that a package can be compared with the one installed.
https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/apps-package
"""

import io
import json
import re
import zipfile
from importlib import metadata
from pathlib import Path

from pydantic import JsonValue

from bot.settings_chat_teams import GUID
from gates.refusal import UserError

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (ROOT / "manifest" / "teams", ROOT / "bot" / "manifest" / "teams")
"""In a checkout, and in an installed wheel."""
ICONS = ("color.png", "outline.png")
MANIFEST = "manifest.json"
DOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+")
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can give a file."""
READABLE = 0o644 << 16


def app_package(app_id: str, domain: str, release: str | None = None) -> bytes:
    """Return the package of an app for a server's domain; `UserError` when one of them is none."""
    if not re.fullmatch(GUID, app_id):
        raise UserError(f"{app_id[:60]!r} is no application id: it looks like 00000000-0000-0000-0000-000000000000.")
    if not DOMAIN.fullmatch(domain):
        raise UserError(f"{domain[:80]!r} is no domain that Teams could reach: name one such as gatehouse.example.com.")
    manifest = json.dumps(filled_in(app_id, domain, release or _release()), indent=2, ensure_ascii=False) + "\n"
    files = {MANIFEST: manifest.encode(), **{name: (_folder() / name).read_bytes() for name in ICONS}}
    return _zipped(files)


def filled_in(app_id: str, domain: str, release: str) -> dict[str, JsonValue]:
    """Return the manifest of one installation."""
    text = (_folder() / MANIFEST).read_text(encoding="utf-8")
    for placeholder, value in (("APP_ID", app_id), ("DOMAIN", domain), ("RELEASE", release)):
        text = text.replace(placeholder, value)
    manifest: dict[str, JsonValue] = json.loads(text)
    return manifest


def _zipped(files: dict[str, bytes]) -> bytes:
    """Return a zip that depends on nothing but its files; stored, since compressors differ."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as package:
        for name, held in files.items():
            entry = zipfile.ZipInfo(name, date_time=LONG_AGO)
            entry.external_attr, entry.create_system = READABLE, 3
            package.writestr(entry, held)
    return content.getvalue()


def _folder() -> Path:
    found = next((folder for folder in FOLDERS if folder.is_dir()), None)
    if found is None:
        raise UserError(f"The folder {FOLDERS[0]} is missing; install Gatehouse anew.")
    return found


def _release() -> str:
    """Return this release as Teams wants it: three numbers."""
    numbers = re.findall(r"\d+", metadata.version("gatehouse"))[:3]
    return ".".join([*numbers, "0", "0"][:3])
