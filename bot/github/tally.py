"""How many requests did we make of GitHub, and of which kind?"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock

NAMED = (
    (r"^(?:/api/v3)?(?=/)", ""),
    (r"^/repos/[^/]+/[^/]+", "/repos/{owner}/{repo}"),
    (r"^/orgs/[^/]+/teams/[^/]+", "/orgs/{org}/teams/{team_slug}"),
    (r"/(heads|git/refs?)/(?!heads).+$", r"/\1/{branch}"),
    (r"\.\.\.[0-9a-f]{40}$", "...{sha}"),
    (r"/\d{1,20}(?=/|$)", "/{number}"),
    (r"/(commits|git/commits|git/trees|git/blobs|statuses|compare)/[0-9a-f]{4,40}(?=/|\.\.\.|$)", r"/\1/{sha}"),
)
"""What stands in a path for one thing, and what it is called in GitHub's documentation."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Requests by method and path; those that GitHub answered with "not modified" apart, as they cost no quota."""

    _counts: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def count(self, verb: str, path: str, status: int) -> None:
        """Write one request down."""
        free = " (304)" if status == HTTPStatus.NOT_MODIFIED else ""
        with self._lock:
            self._counts[f"{verb} {path_template(path)}{free}"] += 1

    @property
    def counts(self) -> Mapping[str, int]:
        """How often each was made."""
        with self._lock:
            return dict(sorted(self._counts.items()))


def path_template(path: str) -> str:
    """Return a path with names for its parts: `/repos/{owner}/{repo}/pulls/{number}`."""
    found = path.split("?", 1)[0]
    for pattern, name in NAMED:
        found = re.sub(pattern, name, found)
    return found
