"""How does one request reach GitHub, politely, and come back as an answer or as a sentence?

PyGithub speaks the API. Four things it leaves to us are added here, below all of its objects: conditional requests,
waiting that can be bounded, repositories that were renamed (PyGithub follows with the query cut off), and threads: its
connection keeps the request that it is about to send, so that each thread needs one of its own.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from github.Auth import Auth
from github.Requester import (
    HTTPRequestsConnectionClass,
    HTTPSRequestsConnectionClass,
    Requester,
    RequestsResponse,
)
from requests.exceptions import RequestException

from bot.github.manners import LONGEST_WAIT, NO_ANSWER, TRIES, Answer, Manners, clock_time
from bot.github.names import Names
from bot.github.refusals import Declined, LostAnswerError, words_of
from bot.github.seen import SeenAnswers
from bot.github.tally import Tally
from gates.refusal import Unavailable

API_VERSION = "2022-11-28"
USER_AGENT = "Gatehouse"
MOST_PER_PAGE = 100
TIMEOUT = 30
"""Seconds; GitHub itself gives up after ten."""
MOST_MOVES = 3
REDIRECTS = frozenset({301, 302, 307, 308})

Parameters = Mapping[str, Any]
"""As PyGithub's objects hand them over."""


class MovedError(Exception):
    """GitHub names another address."""

    def __init__(self, location: str) -> None:
        """Keep the address."""
        super().__init__(location)
        self.location = location


class _Plain(HTTPRequestsConnectionClass):
    """A connection that tells of redirects."""

    def getresponse(self) -> RequestsResponse:
        return _settled(super().getresponse())


class _Secure(HTTPSRequestsConnectionClass):
    """The same over TLS."""

    def getresponse(self) -> RequestsResponse:
        return _settled(super().getresponse())


def _settled(response: RequestsResponse) -> RequestsResponse:
    if response.status in REDIRECTS:
        raise MovedError(next((value for name, value in response.getheaders() if name.lower() == "location"), ""))
    return response


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request; it prints as people see it in a sentence."""

    verb: str
    url: str
    parameters: Parameters
    headers: Mapping[str, str]
    body: object

    def __str__(self) -> str:
        """Name the method and the path."""
        return f"{self.verb} {urlsplit(self.url).path}"

    @property
    def address(self) -> str:
        """What the answer depends on, apart from time."""
        return f"{self.url} {sorted(self.parameters.items())} {self.headers.get('Accept', '')}"

    @property
    def is_read(self) -> bool:
        """Does it change nothing?"""
        return self.verb == "GET"

    @property
    def is_repeatable(self) -> bool:
        """Does asking twice do no more than asking once? Git objects are named by what they hold."""
        return self.verb != "POST" or "/git/" in self.url or self.url.endswith("/access_tokens")


class PoliteRequester(Requester):
    """PyGithub's requester for one account; safe to use from several threads."""

    def __init__(
        self, *, auth: Auth, base_url: str, manners: Manners, tally: Tally, renew: Callable[[], None] | None = None
    ) -> None:
        """Speak as `auth`; `renew` makes it forget a token that GitHub no longer takes."""
        super().__init__(
            auth=auth,
            base_url=base_url,
            timeout=TIMEOUT,
            user_agent=USER_AGENT,
            per_page=MOST_PER_PAGE,
            verify=True,
            retry=None,
            pool_size=1,
            api_version=API_VERSION,
        )
        self._manners, self._tally, self._renew = manners, tally, renew
        self._seen, self._names = SeenAnswers(), Names()
        self._own = threading.local()
        self._connections: list[_Plain | _Secure] = []

    def requestJsonAndCheck(  # noqa: N802, PLR0917 - PyGithub's objects call it so
        self,
        verb: str,
        url: str,
        parameters: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        input: Any | None = None,  # noqa: A002, ANN401 - PyGithub's signature
        follow_302_redirect: bool = False,  # noqa: ARG002, FBT001, FBT002 - PyGithub's signature; we see them all
    ) -> tuple[dict[str, Any], Any]:
        """Ask, and return the headers and the document; `Declined` or another `Unavailable` otherwise."""
        asked = Asked(verb=verb, url=url, parameters=parameters or {}, headers=headers or {}, body=input)
        answer = self._answer(asked)
        document = _document(asked, answer)
        if asked.is_read and isinstance(document, dict):
            document.setdefault("url", url)
        return dict(answer.headers), document

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Let this thread ask for each thing once in the body, until it writes; a moment within begins anew."""
        outer: dict[str, Answer] | None = getattr(self._own, "moment", None)
        self._own.moment = {}
        try:
            yield
        finally:
            if outer is not None:
                outer.clear()
            self._own.moment = outer

    def ask_anew(self) -> None:
        """Let this thread's moment begin again."""
        if (moment := getattr(self._own, "moment", None)) is not None:
            moment.clear()

    def close(self) -> None:
        """Close the connections of all threads."""
        super().close()
        while self._connections:
            self._connections.pop().close()

    def _answer(self, asked: Asked) -> Answer:
        """Ask; what GitHub says is still so is returned from memory."""
        if not asked.is_read:
            self.ask_anew()
            return self._accepted(asked, self._patiently(asked, None))
        moment: dict[str, Answer] | None = getattr(self._own, "moment", None)
        if moment is not None and asked.address in moment:
            return moment[asked.address]
        answer = self._read(asked)
        if moment is not None:
            moment[asked.address] = answer
        return answer

    def _read(self, asked: Asked) -> Answer:
        """Ask on the condition that it changed since the last answer."""
        known = self._seen.known(asked.address)
        answer = self._patiently(asked, known.headers["etag"] if known else None)
        if known and answer.status == HTTPStatus.NOT_MODIFIED:
            return known
        self._seen.keep(asked.address, self._accepted(asked, answer))
        return answer

    @staticmethod
    def _accepted(asked: Asked, answer: Answer) -> Answer:
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise Declined(str(asked), answer.status, words_of(_document(asked, answer)))
        return answer

    def _patiently(self, asked: Asked, etag: str | None) -> Answer:
        """Ask until GitHub is neither failing nor asking for peace."""
        attempt = 1
        while True:
            self._enter(asked)
            answer = self._once(asked, etag)
            if answer.status == HTTPStatus.UNAUTHORIZED and self._renew and attempt == 1:
                self._renew()
            elif answer.is_limit or answer.is_failure:
                self._hold_back(asked, answer, attempt)
            else:
                return answer
            attempt += 1

    def _enter(self, asked: Asked) -> None:
        """Wait for our turn, and while GitHub wants no requests."""
        if (closed := self._manners.seconds_closed()) > LONGEST_WAIT:
            until = clock_time(self._manners.closed_until)
            raise Unavailable(f"GitHub wants no more requests until {until}: {asked} has to wait.")
        if closed:
            self._manners.sleep(closed)
        self._manners.pace(asked.verb)

    def _hold_back(self, asked: Asked, answer: Answer, attempt: int) -> None:
        """Wait before the next try, or say why there is none."""
        if answer.is_limit:
            self._manners.limit(answer)
            if attempt >= TRIES:
                raise Unavailable(f"GitHub wants fewer requests: {asked} was put off {TRIES} times.")
            return  # the door is closed now: `_enter` waits before it
        happened = f"it answers {answer.status}" if answer.status else answer.text
        if not asked.is_repeatable:
            raise LostAnswerError(f"GitHub did not say whether it carried out {asked}: {happened}.")
        if attempt >= TRIES:
            raise Unavailable(f"GitHub does not carry out {asked} now: {happened}, {TRIES} times in a row.")
        self._manners.sleep(self._manners.backoff(attempt))

    def _once(self, asked: Asked, etag: str | None) -> Answer:
        """Ask once, wherever the repository is by now."""
        for _ in range(MOST_MOVES):
            url = self._names.current(asked.url)
            try:
                return self._send(asked, url, etag)
            except MovedError as moved:
                self._follow(asked, url, moved.location)
            except RequestException as error:
                return Answer(status=NO_ANSWER, headers={}, text=f"the connection failed ({type(error).__name__})")
        raise Unavailable(f"GitHub sends {asked} from one address to another, {MOST_MOVES} times in a row.")

    def _send(self, asked: Asked, url: str, etag: str | None) -> Answer:
        headers = {**asked.headers, **({"If-None-Match": etag} if etag else {})}
        status, answered, text = self.requestJson(
            asked.verb, url, dict(asked.parameters), headers, asked.body, self._connection()
        )
        self._tally.count(asked.verb, urlsplit(url).path, status)
        return Answer(status=status, headers=answered, text=text)

    def _follow(self, asked: Asked, url: str, location: str) -> None:
        """Learn where a renamed repository is, and by which name if we may ask for it."""
        if urlsplit(location).hostname != self.hostname or (place := Names.by_id(location)) is None:
            raise Unavailable(f"GitHub sends {asked} to {location or 'nowhere'}: set github.base_url to where it is.")
        if Names.by_id(url) is not None:
            raise Unavailable(f"GitHub sends {asked} to {location} again and again.")
        try:
            _, _, text = self.requestJson("GET", place, {}, {}, None, self._connection())
            self._tally.count("GET", place, HTTPStatus.OK)
            self._names.learn(url, place, text)
        except (RequestException, MovedError) as error:
            raise Unavailable(f"GitHub did not say where the repository of {asked} is now.") from error

    def number_of(self, repository: str) -> int | None:
        """Return GitHub's number of a repository that we know to be renamed."""
        return self._names.number_of(repository)

    def _connection(self) -> _Plain | _Secure:
        """Return this thread's connection."""
        if not hasattr(self._own, "connection"):
            kind = _Secure if self.scheme == "https" else _Plain
            port = urlsplit(self.base_url).port
            self._own.connection = kind(self.hostname, port, timeout=TIMEOUT, pool_size=1)
            self._connections.append(self._own.connection)
        found: _Plain | _Secure = self._own.connection
        return found


def _document(asked: Asked, answer: Answer) -> Any:  # noqa: ANN401 - JSON, which PyGithub's objects read
    if not answer.text:
        return None
    try:
        return json.loads(answer.text)
    except ValueError as error:
        raise Unavailable(f"GitHub's answer to {asked} is no JSON: is something else at github.base_url?") from error
