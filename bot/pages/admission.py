"""Who may read pages while nobody can sign in? Whoever sits at this machine, unless the operator says otherwise.

GitHub, Slack and Teams reach the same server through a proxy or a tunnel, which calls from this machine and may even
call us by its name. So the caller's address alone proves nothing: where others can reach the server, pages have a port
of their own, on loopback, that nothing is forwarded to.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.settings import ServerSettings, Settings

NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
PASSED_ON = re.compile(
    r"forwarded|^via$|real-ip|client-?ip|connecting-ip|external-address|original-(?:host|url|uri)", re.ASCII
)
"""In the names of headers by which proxies, tunnels and clouds say who asked them."""

CLOSED = (
    "Others can reach this port, and nobody can sign in yet, so pages are not shown here. Set server.pages_port in "
    "app.yaml, and read them on this machine."
)
ELSEWHERE = "Pages are shown on a port of their own, server.pages_port in app.yaml, and on this machine only."
FORWARDS = (
    "This request came through a proxy or a tunnel, and nobody can sign in yet: pages are shown to whoever sits at "
    "the machine that runs Gatehouse, and to nobody else."
)
STRANGER = "Pages are shown on the machine that runs Gatehouse, and nowhere else, for nobody can sign in yet."
EMBEDDED = "Pages are opened by people, not by other sites."


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """How a request reached us."""

    address: str
    """Of the other end; empty where it has none."""
    port: int | None
    """Ours, that it came in by."""
    headers: Mapping[str, str]
    """With names in small letters."""

    @property
    def forwarded(self) -> bool:
        """Does anything say that somebody else asked first?"""
        return any(PASSED_ON.search(name) for name in self.headers)

    @property
    def is_here(self) -> bool:
        """Does the other end sit on this machine, and call us by this machine's name?"""
        host = urlsplit(f"//{self.headers.get('host', '')}").hostname
        return host in NAMES and _is_loopback(self.address)

    @property
    def is_another_site(self) -> bool:
        """Does another site's page ask, in a person's browser and without them?"""
        foreign = self.headers.get("sec-fetch-site") in {"cross-site", "same-site"}
        return foreign and self.headers.get("sec-fetch-mode") != "navigate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Where pages are shown."""

    port: int | None
    """The only port that they are shown on; None: whichever there is."""
    closed: bool
    """They are shown nowhere."""
    public: bool = False
    """They are shown to whoever can reach us."""

    def refusal(self, caller: Caller) -> str:
        """Say why this caller sees no page; empty when they may."""
        if caller.is_another_site:
            return EMBEDDED
        if self.public:
            return ""
        if self.closed:
            return CLOSED
        if self.port is not None and caller.port != self.port:
            return ELSEWHERE
        if caller.forwarded:
            return FORWARDS
        return "" if caller.is_here else STRANGER


def admission(settings: Settings) -> Admission:
    """Return where pages are shown in an installation."""
    server = settings.server
    return Admission(
        port=server.pages_port,
        closed=server.pages_port is None and within_reach(settings),
        public=server.unsafe_public_pages,
    )


def within_reach(settings: Settings) -> bool:
    """Can others reach the server, or are they meant to? Platforms that call us need a way in."""
    called = settings.github is not None or settings.teams is not None
    called = called or (settings.slack is not None and settings.slack.app_token_variable is None)
    return called or _is_known(settings.server)


def _is_known(server: ServerSettings) -> bool:
    return not server.on_loopback or server.public_url is not None or bool(server.allowed_hosts)


def _is_loopback(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback
