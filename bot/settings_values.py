"""What kinds of values stand in app.yaml: paths, addresses, names of variables; what is true of each section of it?

Relative paths, those inside `sqlite:///` URIs too, are relative to the folder that the command runs in.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo

SQLITE = "sqlite:///"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
Slug = Annotated[str, Field(pattern=SLUG, max_length=63)]


def absolute(path: Path, info: ValidationInfo) -> Path:
    """Put a path below the folder that the settings are loaded for."""
    return Path(os.path.normpath(_folder(info) / path.expanduser()))


def _absolute_uri(uri: str, info: ValidationInfo) -> str:
    """Put a path inside a SQLite URI below that folder; other URIs stay as they are."""
    path = uri.removeprefix(SQLITE)
    if path == uri or path.startswith(":memory:"):
        return uri
    return f"{SQLITE}{os.path.normpath(_folder(info) / path)}"


def _folder(info: ValidationInfo) -> Path:
    context: Mapping[str, Path] = info.context or {}
    return context.get("folder", Path.cwd())


def _base_url(url: str) -> str:
    """Take an http or https address without a trailing slash; tokens go there, so http is for this machine only."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("an address such as https://api.github.com is needed")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("tokens would travel in the clear: use https (http only for this machine)")
    return url.rstrip("/")


FilePath = Annotated[Path, AfterValidator(absolute)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]
Variable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
"""Name of an environment variable."""
Uri = Annotated[str, AfterValidator(_absolute_uri)]


class Section(BaseModel):
    """A part of app.yaml: closed, and never changed after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)
