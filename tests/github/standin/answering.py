"""How does one request become one answer?"""

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from threading import RLock

from tests.github.standin.answers import Answer, ApiError, not_found
from tests.github.standin.api_apps import APPS
from tests.github.standin.api_checks import CHECKS
from tests.github.standin.api_deployments import DEPLOYMENTS
from tests.github.standin.api_git import GIT
from tests.github.standin.api_issues import ISSUES
from tests.github.standin.api_pulls import PULLS
from tests.github.standin.api_repository import REPOSITORY
from tests.github.standin.callers import AppCaller, Caller, identify, require
from tests.github.standin.calls import Call, Request, as_json, entity_tag
from tests.github.standin.faults import DROPPED, Faults
from tests.github.standin.hub import Clock, Hub
from tests.github.standin.repository import Repository
from tests.github.standin.routing import Endpoint, Endpoints

ENDPOINTS = Endpoints()
for part in (APPS, CHECKS, DEPLOYMENTS, GIT, ISSUES, PULLS, REPOSITORY):
    ENDPOINTS.all += part.all
ENDPOINTS.literal_first()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request that was made, and how it was answered."""

    method: str
    path: str
    query: dict[str, str]
    status: int
    """0 when the connection was dropped."""
    conditional: bool
    """Did it ask only for what changed?"""
    caller: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its answer, for those who check both."""

    request: Request
    answer: Answer


@dataclass(slots=True, kw_only=True)
class Answering:
    """The whole API over one hub's state. One request at a time."""

    hub: Hub
    signing_clock: Clock
    faults: Faults = field(default_factory=Faults)
    seen: list[Seen] = field(default_factory=list)
    watchers: list[Callable[[Exchange], None]] = field(default_factory=list)
    bugs: list[Exception] = field(default_factory=list)
    """What went wrong in the stand-in itself; the test fails with it."""
    lock: RLock = field(default_factory=RLock)

    def respond(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body; status 0 asks to drop the connection."""
        try:
            return self._respond(request)
        except Exception as bug:  # noqa: BLE001 - it is raised again where the test ends
            self.bugs.append(bug)
            return 418, {}, b'{"message": "The stand-in has a bug"}'

    def _respond(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        self.faults.interrupt(request.path)
        with self.lock:
            caller_name, answer, strange = self._answer(request)
            answer = self._if_changed(request, answer, caller_name)
            self._note(request, answer, caller_name)
            if not strange:
                for watch in self.watchers:
                    watch(Exchange(request=request, answer=answer))
            return self._wire(answer, caller_name)

    def _answer(self, request: Request) -> tuple[str, Answer, bool]:
        fault = self.faults.next(request.method, request.path)
        if fault and not fault.after:
            return "unknown", fault.answer, True
        try:
            caller = identify(self.hub, request.headers, self.signing_clock)
        except ApiError as refused:
            return "unknown", refused.answer, False
        try:
            answer = self._served(request, caller)
        except ApiError as refused:
            answer = refused.answer
        return caller.name, fault.answer if fault else answer, fault is not None

    def _served(self, request: Request, caller: Caller) -> Answer:
        if request.path != "/rate_limit":
            self.hub.quota.spend(self.hub.clock(), caller.name)
        found = ENDPOINTS.find(request.method, self._by_name(request.path))
        if found is None:
            raise not_found()
        endpoint, values = found
        repository = self._repository(values)
        if repository and _moved(repository, values):
            return self._redirect(request, repository, values)
        call = Call(hub=self.hub, request=request, caller=caller, values=values, repository_=repository)
        return self._called(endpoint, call, repository)

    def _by_name(self, path: str) -> str:
        """Return the path with the repository's name where it has its number, as addresses after a rename do."""
        numbered = re.match(r"/repositories/(\d+)/", path)
        found = self.hub.repositories.get(int(numbered[1])) if numbered else None
        return path.replace(numbered[0], f"/repos/{found.full_name}/", 1) if numbered and found else path

    def _called(self, endpoint: Endpoint, call: Call, repository: Repository | None) -> Answer:
        if endpoint.needs is not None:
            if repository is None or isinstance(call.caller, AppCaller):
                raise not_found()
            require(call.caller, repository, endpoint.needs)
        body = call.request.body
        # Labels may be sent as a bare list: nothing else is.
        call.body = {} if body is None else {"labels": body} if isinstance(body, list) else as_json(body)
        return endpoint.handler(call)

    def _repository(self, values: dict[str, str]) -> Repository | None:
        if "repo" not in values:
            return None
        found = self.hub.find_repository(values["owner"], values["repo"])
        if found is None:
            raise not_found()
        return found

    def _redirect(self, request: Request, repository: Repository, values: dict[str, str]) -> Answer:
        former = f"/repos/{values['owner']}/{values['repo']}"
        address = f"{self.hub.links.api}/repositories/{repository.id}{request.target.removeprefix(former)}"
        body = {"message": "Moved Permanently", "url": address, "documentation_url": "https://docs.github.com/rest"}
        return Answer(body=body, status=301, headers={"Location": address})

    def _if_changed(self, request: Request, answer: Answer, caller: str) -> Answer:
        if request.method != "GET" or answer.status != 200:
            return answer
        tag = entity_tag(_encoded(answer), caller)
        if request.headers.get("if-none-match") == tag:
            self.hub.quota.refund()
            return Answer(status=304, headers={"ETag": tag})
        return Answer(body=answer.body, status=200, headers={**answer.headers, "ETag": tag})

    def _note(self, request: Request, answer: Answer, caller: str) -> None:
        conditional = "if-none-match" in request.headers
        self.seen.append(
            Seen(
                method=request.method, path=request.path, query=request.query, status=answer.status,
                conditional=conditional, caller=caller,
            )
        )  # fmt: skip

    def _wire(self, answer: Answer, caller: str) -> tuple[int, dict[str, str], bytes]:
        if answer.status == DROPPED:
            return DROPPED, {}, b""
        headers = {
            "Date": formatdate(self.signing_clock(), usegmt=True),
            "Content-Type": "application/json; charset=utf-8",
            "Cache-Control": "private, max-age=60, s-maxage=60",
            "Vary": "Accept, Authorization, Cookie, X-GitHub-OTP",
            "X-GitHub-Media-Type": "github.v3; format=json",
            "X-GitHub-Api-Version-Selected": "2022-11-28",
            "X-GitHub-Request-Id": f"{uuid.uuid4().hex[:12].upper()}:{caller}",
            **self.hub.quota.headers(self.hub.clock()),
            **answer.headers,
        }
        return answer.status, headers, _encoded(answer)


def _moved(repository: Repository, values: dict[str, str]) -> bool:
    return f"{values['owner']}/{values['repo']}".lower() != repository.full_name.lower()


def _encoded(answer: Answer) -> bytes:
    return b"" if answer.body is None else json.dumps(answer.body).encode()
