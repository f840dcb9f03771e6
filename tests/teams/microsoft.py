"""A stand-in for Microsoft's side: sign-in, published keys and the connector of Teams, over real HTTP.

It keeps conversations as Teams does: a thread's id holds that of its first message. It takes only tokens that it
issued, and has bad days on demand.
"""

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.settings_chat_teams import TeamsSettings

APP = "99999999-2222-3333-4444-555555555555"
TENANT = "11111111-2222-3333-4444-555555555555"
PASSWORD = "correct-horse"
ISSUER = "https://api.botframework.com"
CHANNEL = "19:general@thread.tacv2"
TEAM = "19:team@thread.tacv2"
BOT = f"28:{APP}"
NOW = 1_790_000_000
Json = dict[str, Any]


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """Return a signing key; the same name is the same key."""
    assert name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What the connector answers instead, once."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    code: str = "ServiceError"
    message: str = "not now"


@dataclass(slots=True)
class Microsoft:
    """What Microsoft has, and what it was asked."""

    url: str
    keys: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"good": ("msteams", "webchat")})
    """Published keys by name, with the channels each is endorsed for."""
    odd_keys: list[Json] = field(default_factory=list)
    """Published beside them."""
    now: int = NOW
    password: str = PASSWORD
    troubles: list[Trouble] = field(default_factory=list)
    members: dict[str, Json] = field(default_factory=dict)
    """Roster by the id of the person, for those who are not plain members."""
    installed: set[str] = field(default_factory=lambda: {CHANNEL, TEAM})
    """Channels of the teams that have the app."""
    threads: dict[str, list[Json]] = field(default_factory=dict)
    """Messages by conversation, in order; a change replaces one."""
    requests: list[tuple[str, str]] = field(default_factory=list)
    issued: set[str] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=lambda: count(1_700_000_000_001))
    down: bool = False

    @property
    def service_url(self) -> str:
        """The connector's address, as activities name it."""
        return f"{self.url}/emea/"

    def settings(self, **changes: object) -> TeamsSettings:
        """Return settings of an installation that uses this stand-in."""
        chosen = {
            "app_id": APP,
            "tenant_id": TENANT,
            "openid_metadata_url": f"{self.url}/openid",
            "login_url": self.url,
            "service_urls": [self.url],
        }
        return TeamsSettings.model_validate({**chosen, **changes})

    def token(self, *, key: str = "good", kid: str | None = None, **changes: object) -> str:
        """Return a token as the connector sends it; a change of None leaves a claim out."""
        claims = {
            "iss": ISSUER,
            "aud": APP,
            "nbf": self.now - 60,
            "exp": self.now + 3600,
            "serviceurl": self.service_url,
            **changes,
        }
        given = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(given, rsa_key(key), algorithm="RS256", headers={"kid": kid or key})

    def count(self, path: str) -> int:
        """Return how often a path was asked for."""
        return sum(asked == path for _, asked in self.requests)

    def conversation(self, request: Request) -> tuple[str, list[Json]]:
        name = request.path_params["conversation"]
        return name, self.threads.setdefault(name, [])

    def refused(self, request: Request) -> Response | None:
        """Return what is answered instead of doing it, if anything is."""
        if self.down:
            return JSONResponse({"error": {"code": "Down", "message": "down"}}, status_code=503)
        if self.troubles:
            bad = self.troubles.pop(0)
            said = {"error": {"code": bad.code, "message": bad.message}}
            return JSONResponse(said, status_code=bad.status, headers=dict(bad.headers))
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.issued:
            return JSONResponse({"error": {"code": "Unauthorized", "message": "who?"}}, status_code=401)
        return None

    async def openid(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": ISSUER,
                "jwks_uri": f"{self.url}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def published(self, _request: Request) -> Response:
        documents = [
            {
                **json.loads(RSAAlgorithm.to_jwk(rsa_key(name).public_key())),
                "kid": name,
                "use": "sig",
                "endorsements": list(channels),
            }
            for name, channels in self.keys.items()
        ]
        return JSONResponse({"keys": [*self.odd_keys, *documents]})

    async def sign_in(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        assert form["grant_type"] == "client_credentials"
        assert form["scope"] == f"{ISSUER}/.default"
        if (form["client_id"], form["client_secret"]) != (APP, self.password):
            why = "AADSTS7000215: Invalid client secret provided. Trace ID: 1"
            return JSONResponse({"error": "invalid_client", "error_description": why}, status_code=401)
        token = f"own-{next(self.numbers)}"
        self.issued.add(token)
        return JSONResponse({"token_type": "Bearer", "expires_in": 3599, "access_token": token})

    async def begin(self, request: Request) -> Response:
        if refused := self.refused(request):
            return refused
        wanted = await request.json()
        if not wanted.get("isGroup"):
            (member,) = wanted["members"]
            if member["id"] in self.members and self.members[member["id"]].get("without_app"):
                said = {"error": {"code": "ForbiddenOperationException", "message": "not installed"}}
                return JSONResponse(said, status_code=403)
            return JSONResponse({"id": f"a:{member['id'].removeprefix('29:')}"}, status_code=201)
        channel = wanted["channelData"]["channel"]["id"]
        if channel not in self.installed:
            said = {"error": {"code": "BotNotInConversationRoster", "message": "The bot is not part of it."}}
            return JSONResponse(said, status_code=403)
        number = str(next(self.numbers))
        thread = f"{channel};messageid={number}"
        self.threads[thread] = [{**wanted["activity"], "id": number}]
        return JSONResponse({"id": thread, "activityId": number}, status_code=201)

    async def say(self, request: Request) -> Response:
        if refused := self.refused(request):
            return refused
        _, thread = self.conversation(request)
        number = str(next(self.numbers))
        thread.append({**await request.json(), "id": number})
        return JSONResponse({"id": number}, status_code=201)

    async def change(self, request: Request) -> Response:
        if refused := self.refused(request):
            return refused
        _, thread = self.conversation(request)
        number = request.path_params["activity"]
        for place, message in enumerate(thread):
            if message["id"] == number:
                thread[place] = {**await request.json(), "id": number}
                return JSONResponse({"id": number})
        said = {"error": {"code": "ActivityNotFoundInConversation", "message": "gone"}}
        return JSONResponse(said, status_code=404)

    async def member(self, request: Request) -> Response:
        if refused := self.refused(request):
            return refused
        person = request.path_params["member"]
        plain = {"id": person, "name": "somebody", "tenantId": TENANT, "userRole": "user"}
        return JSONResponse({**plain, **self.members.get(person, {})})

    def application(self) -> Starlette:
        """Return it as a web application."""
        talk = "/emea/v3/conversations"
        routes = [
            Route("/openid", self.openid),
            Route("/keys", self.published),
            Route("/{tenant}/oauth2/v2.0/token", self.sign_in, methods=["POST"]),
            Route(talk, self.begin, methods=["POST"]),
            Route(f"{talk}/{{conversation}}/activities", self.say, methods=["POST"]),
            Route(f"{talk}/{{conversation}}/activities/{{activity}}", self.change, methods=["PUT"]),
            Route(f"{talk}/{{conversation}}/members/{{member}}", self.member),
        ]
        return Starlette(routes=routes)


@contextmanager
def served(application: Any) -> Iterator[str]:  # noqa: ANN401 - an ASGI application has no better type
    """Serve an application on loopback for the body; give its address."""
    server = uvicorn.Server(uvicorn.Config(application, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def microsoft() -> Iterator[Microsoft]:
    """Serve a fresh stand-in for the body."""
    stand_in = Microsoft("")
    inner = stand_in.application()

    async def noting(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own
        stand_in.requests.append((scope["method"], scope["path"]))
        await inner(scope, receive, send)

    with served(noting) as url:
        stand_in.url = url
        yield stand_in
