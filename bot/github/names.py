"""What is a repository called now? GitHub sends those who use an old name to the repository's number."""

import json
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

BY_NAME = re.compile(r"/repos/([^/?#]+/[^/?#]+)")
BY_ID = re.compile(r"/repositories/\d+")


@dataclass(frozen=True, slots=True)
class Names:
    """Where each old name leads."""

    _places: dict[str, str] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)

    @staticmethod
    def by_id(url: str) -> str | None:
        """Return `/repositories/NUMBER` if the address has it."""
        found = BY_ID.search(urlsplit(url).path)
        return found[0] if found else None

    def current(self, url: str) -> str:
        """Return an address with the present name in place of one that was given up."""
        found = BY_NAME.search(url)
        if found is None or (place := self._places.get(found[1].casefold())) is None:
            return url
        return f"{url[: found.start()]}{place}{url[found.end() :]}"

    def learn(self, url: str, place: str, text: str) -> None:
        """Write down that the repository of `url` is at `place`; `text` describes it, if we may see it."""
        found = BY_NAME.search(url)
        if found is not None:
            self._places[found[1].casefold()] = _named(text) or place
            self._numbers[found[1].casefold()] = int(place.rpartition("/")[2])

    def number_of(self, name: str) -> int | None:
        """Return the number that GitHub sent us to for an old OWNER/NAME."""
        return self._numbers.get(name.casefold())


def _named(text: str) -> str | None:
    try:
        name = json.loads(text).get("full_name")
    except (ValueError, AttributeError):
        return None
    return f"/repos/{name}" if isinstance(name, str) and BY_NAME.fullmatch(f"/repos/{name}") else None
