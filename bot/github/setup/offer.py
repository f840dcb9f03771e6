"""How does whoever holds the terminal make the App in a browser?

The address with the key is printed in the terminal and nowhere else; without the key there is no such page. GitHub
sends the browser back with a code, which is exchanged here for the App's secrets.
"""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.github.setup import page
from bot.github.setup.attempts import LIFETIME, Attempt, Attempts, random_token, same
from bot.github.setup.conversion import NewApp, new_app
from bot.github.setup.env_file import NAME, require_absent, write_env
from bot.github.setup.manifest import DONE, manifest_for
from bot.github.setup.site import GITHUB, Site, site_of
from bot.settings import GitHubSettings, Settings
from gates.refusal import Unavailable, UserError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

PATH = "/github/setup"
COOKIE = "gatehouse-setup"
STRANGER = "This page is good for an hour, once, and in the browser that it was opened in. Open it once more."


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSetup:
    """Offers to make the App, to whoever has the key."""

    settings: Settings
    public_url: str
    key: str
    attempts: Attempts
    tell: Callable[[str], None]
    """Says a line in the terminal."""
    site_of: Callable[[str], Site] = site_of

    @property
    def address(self) -> str:
        """Where the page is, with the key."""
        return f"{self.public_url}{PATH}?key={self.key}"

    @property
    def routes(self) -> "tuple[Route, ...]":
        """Return what the web server is to answer. These are not async: they ask GitHub and the disk, in a thread."""
        from starlette.routing import Route  # noqa: PLC0415 - only a server needs it

        return (Route(PATH, self.offer, methods=["GET"]), Route(DONE, self.done, methods=["GET"]))

    def offer(self, request: "Request") -> "Response":
        """Show the form that is posted to GitHub."""
        from starlette.responses import PlainTextResponse  # noqa: PLC0415 - only a server needs it

        query = request.query_params
        if not same(query.get("key", ""), self.key):
            return PlainTextResponse("Not Found", status_code=404)
        try:
            require_absent(self.settings.workspace / NAME)
            return self._form(query, request.cookies.get(COOKIE, ""))
        except UserError as mistake:
            return page.sorry(str(mistake), status=400).response()

    def _form(self, query: Mapping[str, str], browser: str) -> "Response":
        organisation, site = query.get("organisation", "").strip(), self.site_of(query.get("github", ""))
        manifest = manifest_for(self.public_url, organisation)
        attempt = self.attempts.begin(site, browser)
        response = page.fill(
            "offer.html.j2",
            posts_to=site.web,
            site=site,
            organisation=organisation,
            manifest=manifest,
            text=manifest.model_dump_json(),
            action=site.new_app_page(organisation, attempt.state),
            here=PATH,
            key=self.key,
        ).response()
        secure = urlsplit(self.public_url).scheme == "https"
        response.set_cookie(
            COOKIE, attempt.browser, max_age=LIFETIME, path=PATH, httponly=True, samesite="lax", secure=secure
        )
        return response

    def done(self, request: "Request") -> "Response":
        """Take the code that GitHub sends the browser back with, and keep what it stands for."""
        query = request.query_params
        attempt = self.attempts.take(query.get("state", ""), request.cookies.get(COOKIE, ""))
        if attempt is None:
            return page.sorry(STRANGER, status=403).response()
        try:
            return self._kept(attempt, query.get("code", "")).response()
        except UserError as mistake:
            return page.sorry(str(mistake), status=400).response()
        except Unavailable as trouble:
            self.attempts.give_back(attempt)
            return page.sorry(str(trouble), status=503).response()

    def _kept(self, attempt: Attempt, code: str) -> page.Page:
        path = self.settings.workspace / NAME
        require_absent(path)
        app = new_app(attempt.site, code)
        form = GitHubSettings(app_id=app.id)
        secrets = {
            form.private_key_variable: app.pem.get_secret_value(),
            form.webhook_secret_variable: app.webhook_secret.get_secret_value(),
        }
        write_env(path, secrets)
        self.tell(f"GitHub made the App {app.id}; its secrets are in {path}.")
        return page.fill(
            "made.html.j2",
            app=app,
            path=path,
            lines=_lines(attempt.site, app),
            restart=f"set -a; . {shlex.quote(str(path))}; set +a\nmlops serve",
            install=f"{attempt.site.app_page(app.slug)}/installations/new",
        )


def _lines(site: Site, app: NewApp) -> str:
    """Return what app.yaml needs."""
    address = "" if site == GITHUB else f"\n  base_url: {site.api}"
    return f"github:\n  app_id: {app.id}{address}"


def app_setup(
    settings: Settings,
    *,
    clock: Callable[[], int],
    tell: Callable[[str], None],
    token: Callable[[], str] = random_token,
) -> AppSetup | None:
    """Return the offer; None where there is an App already, or GitHub could not reach us."""
    public_url = settings.server.public_url
    if settings.github is not None or public_url is None:
        return None
    attempts = Attempts(clock=clock, token=token)
    return AppSetup(settings=settings, public_url=public_url, key=token(), attempts=attempts, tell=tell)
