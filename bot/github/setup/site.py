"""Which GitHub is meant: github.com, one with data residency, or an Enterprise Server?"""

import re
from dataclasses import dataclass

from gates.refusal import UserError

HOST = re.compile(r"(?=.{1,253}(?::|$))[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?")
RESIDENT = ".ghe.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One GitHub: its pages, its API, and where its Apps have their pages."""

    web: str
    """Such as https://github.com, without a slash at the end."""
    api: str
    apps: str = "apps"

    @property
    def host(self) -> str:
        """The address as people type it."""
        return self.web.partition("://")[2]

    def app_page(self, slug: str) -> str:
        """Return the App's public page."""
        return f"{self.web}/{self.apps}/{slug}"

    def new_app_page(self, organisation: str, state: str) -> str:
        """Return where a manifest is posted to; for one's own account without an organisation."""
        whose = f"organizations/{organisation}/" if organisation else ""
        return f"{self.web}/{whose}settings/apps/new?state={state}"


GITHUB = Site(web="https://github.com", api="https://api.github.com")


def site_of(address: str) -> Site:
    """Read the address that a person typed; `UserError` when it is none. Empty is github.com."""
    host = address.strip().lower().removeprefix("https://").rstrip("/")
    if host in {"", GITHUB.host}:
        return GITHUB
    if not HOST.fullmatch(host):
        raise UserError(f"{address[:60]!r} is no host name: write github.com, or your Enterprise Server's.")
    if host.endswith(RESIDENT):
        return Site(web=f"https://{host}", api=f"https://api.{host}")
    return Site(web=f"https://{host}", api=f"https://{host}/api/v3", apps="github-apps")
