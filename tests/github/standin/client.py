"""How does a test speak to the stand-in in plain HTTP, without a library that smooths things over?"""

import json
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection
from typing import cast
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.github.standin.answers import Json
from tests.github.standin.apps import App
from tests.github.standin.github import GitHub


@dataclass(frozen=True, slots=True)
class Response:
    """An answer."""

    status: int
    headers: dict[str, str]
    """Names in lower case."""
    content: object

    @property
    def body(self) -> Json:
        """The answer as an object."""
        assert isinstance(self.content, dict), self.content
        return self.content

    @property
    def rows(self) -> list[Json]:
        """The answer as a list of objects."""
        assert isinstance(self.content, list), self.content
        return self.content

    def at(self, path: str) -> object:
        """Return the value at "head.repo.id"."""
        value: object = self.content
        for part in path.split("."):
            value = cast("list[object]", value)[int(part)] if isinstance(value, list) else cast("Json", value)[part]
        return value


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody with a token."""

    github: GitHub
    token: str

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Response:
        """Make one request; a redirect is not followed."""
        sent = {"Authorization": f"Bearer {self.token}", **headers} if self.token else headers
        connection = HTTPConnection(urlsplit(self.github.url).netloc)
        try:
            connection.request(method, path.removeprefix(self.github.url), _encoded(body), sent)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Response(answer.status, told, json.loads(content) if content else None)

    def get(self, path: str, **headers: str) -> Response:
        """GET."""
        return self.call("GET", path, **headers)

    def post(self, path: str, **body: object) -> Response:
        """POST."""
        return self.call("POST", path, body)

    def patch(self, path: str, **body: object) -> Response:
        """PATCH."""
        return self.call("PATCH", path, body)

    def put(self, path: str, **body: object) -> Response:
        """PUT."""
        return self.call("PUT", path, body)

    def delete(self, path: str, **body: object) -> Response:
        """DELETE."""
        return self.call("DELETE", path, body or None)


def _encoded(body: object) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body
    return json.dumps(body).encode()


def as_bot(github: GitHub, **permissions: str) -> Client:
    """Speak as the App's installation, with all its permissions or only these."""
    return Client(github, github.installation_token(**permissions).text)


def as_person(github: GitHub, login: str) -> Client:
    """Speak as somebody."""
    return Client(github, github.token_of(login))


def as_app(github: GitHub, *, app: App | None = None, issued: int | None = None, lives: int = 540) -> Client:
    """Speak as the App itself."""
    asker = app or github.app
    begins = github.signing_clock() if issued is None else issued
    claims: Json = {"iat": begins, "exp": begins + lives, "iss": asker.client_id}
    return Client(github, signed(claims, asker.private_key))


def signed(claims: Json, key: str) -> str:
    """Sign claims as an App does."""
    return jwt.encode(claims, _loaded(key), algorithm="RS256")


@cache
def _loaded(key: str) -> RSAPrivateKey:
    loaded = load_pem_private_key(key.encode(), password=None)
    assert isinstance(loaded, RSAPrivateKey)
    return loaded


def as_nobody(github: GitHub) -> Client:
    """Speak without a token."""
    return Client(github, "")
