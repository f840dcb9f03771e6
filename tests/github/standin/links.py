"""Under which addresses does GitHub name its things?"""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where the API and the pages are."""

    api: str
    """Such as http://127.0.0.1:4711, without a slash at the end."""
    html: str = "https://github.com"


def node_id(kind: str, number: int) -> str:
    """Return the name that GraphQL has for a thing."""
    return base64.b64encode(f"{kind}{number}".encode()).decode()


def stamp(at: int) -> str:
    """Return a moment as GitHub writes it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def when(at: int | None) -> str | None:
    """Return a moment, or None."""
    return None if at is None else stamp(at)
