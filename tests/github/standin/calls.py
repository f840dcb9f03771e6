"""What does one request to the API say, once it is parsed?"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from tests.github.standin.accounts import Account
from tests.github.standin.answers import Answer, ApiError, Json, invalid
from tests.github.standin.apps import App
from tests.github.standin.callers import Anonymous, AppCaller, Caller, InstallationCaller, PersonCaller
from tests.github.standin.hub import Hub
from tests.github.standin.repository import Repository

T = TypeVar("T")
MOST_PER_PAGE, USUAL_PER_PAGE = 100, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request."""

    method: str
    target: str
    headers: Mapping[str, str]
    """Names in lower case."""
    content: bytes = b""

    @property
    def path(self) -> str:
        """The path, still percent-encoded."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The query; a name that comes twice has its last value."""
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.target).query).items()}

    @property
    def body(self) -> object:
        """The JSON body; None when there is none."""
        try:
            return json.loads(self.content) if self.content else None
        except ValueError as broken:
            raise ApiError(400, "Problems parsing JSON") from broken


@dataclass(slots=True, kw_only=True)
class Call:
    """A request that found its endpoint."""

    hub: Hub
    request: Request
    caller: Caller
    values: dict[str, str]
    """The parts of the path that the template names."""
    body: Json = field(default_factory=dict)
    repository_: Repository | None = None

    @property
    def repository(self) -> Repository:
        """The repository that the path names."""
        assert self.repository_ is not None
        return self.repository_

    @property
    def actor(self) -> Account:
        """The account that this is done as."""
        if isinstance(self.caller, PersonCaller):
            return self.caller.account
        if isinstance(self.caller, InstallationCaller):
            return self.caller.token.installation.app.robot
        raise ApiError(401, "Requires authentication")

    @property
    def app(self) -> App | None:
        """The App that this is done through."""
        match self.caller:
            case InstallationCaller(token):
                return token.installation.app
            case AppCaller(app):
                return app
            case PersonCaller() | Anonymous():
                return None

    def number(self, name: str) -> int:
        """Return a number of the path."""
        try:
            return int(self.values[name])
        except ValueError as broken:
            raise ApiError(404, "Not Found") from broken

    def path_text(self, name: str) -> str:
        """Return a part of the path, decoded."""
        return unquote(self.values[name])

    def has(self, name: str) -> bool:
        """Does the body name this, and not as null?"""
        return self.body.get(name) is not None

    def text(self, name: str, *, default: str | None = None, resource: str = "Request") -> str:
        """Return a text of the body; without a default it must be there."""
        value = self.body.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise invalid("", resource=resource, field_=name, code="missing_field" if value is None else "invalid")
        return value

    def optional(self, name: str) -> str | None:
        """Return a text of the body, or None."""
        return self.text(name) if self.has(name) else None

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a yes or no of the body."""
        value = self.body.get(name)
        return default if value is None else bool(value)

    def mapping(self, name: str) -> Json:
        """Return an object of the body; empty when there is none."""
        return as_json(self.body.get(name) or {})

    def listed(self, name: str) -> list[object]:
        """Return a list of the body; empty when there is none."""
        value = self.body.get(name) or []
        if not isinstance(value, list):
            raise ApiError(422, f"Invalid request.\n\nFor '{name}', {value!r} is not an array.")
        return value

    def texts(self, name: str) -> list[str]:
        """Return a list of texts of the body."""
        return [str(one) for one in self.listed(name)]

    def paged(self, items: Sequence[T], *, usual: int = USUAL_PER_PAGE) -> tuple[Sequence[T], dict[str, str]]:
        """Return the asked page and its Link header."""
        query = self.request.query
        size = max(1, min(_positive(query.get("per_page"), usual), max(MOST_PER_PAGE, usual)))
        page = max(1, _positive(query.get("page"), 1))
        last = max(1, -(-len(items) // size))
        ends = {"prev": page - 1, "first": 1} if page > 1 else {}
        ends |= {"next": page + 1, "last": last} if page < last else {}
        links = ", ".join(f'<{self._address(number)}>; rel="{name}"' for name, number in ends.items())
        return items[(page - 1) * size : page * size], {"Link": links} if links else {}

    def onward(self, items: Sequence[T], number: Callable[[T], int], name: str) -> tuple[Sequence[T], dict[str, str]]:
        """Return the asked page of a list that begins after the number that the query gives under a name."""
        query = self.request.query
        size, after = _positive(query.get("per_page"), USUAL_PER_PAGE), query.get(name)
        left = [one for one in items if after is None or number(one) < int(after)]
        if len(left) <= size:
            return left, {}
        following = urlencode({**query, name: str(number(left[size - 1]))})
        return left[:size], {"Link": f'<{self.hub.links.api}{self.request.path}?{following}>; rel="next"'}

    def page(self, items: Sequence[Json]) -> Answer:
        """Answer with the asked page of a list."""
        shown, headers = self.paged(items)
        return Answer(body=list(shown), headers=headers)

    def _address(self, page: int) -> str:
        query = {**self.request.query, "page": str(page)}
        return f"{self.hub.links.api}{self.request.path}?{urlencode(query)}"


def as_json(value: object) -> Json:
    """Return a JSON object, or refuse what is none."""
    if not isinstance(value, dict):
        raise ApiError(422, f"Invalid request.\n\n{value!r} is not an object.")
    return value


def entity_tag(content: bytes, caller: str) -> str:
    """Name an answer for conditional requests; it differs from caller to caller."""
    return f'W/"{hashlib.sha256(content + caller.encode()).hexdigest()}"'


def _positive(text: str | None, usual: int) -> int:
    return int(text) if text and text.isdecimal() else usual
