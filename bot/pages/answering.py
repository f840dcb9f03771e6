"""How does a question become a response? Guarded, in a frame, with headers that let a page do nothing but be read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from bot.house.window import Window
from bot.pages.admission import Admission, Caller
from bot.pages.answer import Answer, Asked, Download, NotFoundError, Page, WrongInputError
from bot.pages.shell import bare_site, site_of
from gates.refusal import Refused, Unavailable, UserError
from reports.pages.site import Site
from reports.pages.sorry import Sorry, render_sorry

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

GUARDS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NEVER_KEPT: Mapping[str, str] = {**GUARDS, "Cache-Control": "no-store"}
KEPT: Mapping[str, str] = {**GUARDS, "Cache-Control": "public, max-age=31536000, immutable"}
SOON = "5"
"""Seconds after which to try again."""
BUG = re.compile(r"bug-[0-9a-f]{4,}")
OPENING = "Gatehouse is being opened, or is stopping. Try again in a few seconds."
TITLES = {
    400: "That cannot be meant",
    403: "Not shown here",
    404: "Not found",
    405: "Pages only show",
    500: "Something went wrong",
    503: "Not now",
}
STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (NotFoundError, 404),
    (Refused, 404),
    (WrongInputError, 400),
    (Unavailable, 503),
    (UserError, 500),
)
"""The first kind that fits says it; any other is a bug."""

Show = Callable[[Window, Asked, Site], Answer]
"""Makes the answer; raises UserError and Unavailable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Answers requests for pages."""

    window: Callable[[], Window | None]
    """The view into the house; None while it is not open."""
    admission: Admission
    write_down: Callable[[BaseException], str]

    def page(self, here: str, show: Show) -> "Callable[[Request], Response]":
        """Return what answers with this page; it is no coroutine, so that it runs in a thread and may wait."""

        def answer(request: "Request") -> "Response":
            refusal = self.admission.refusal(caller_of(request))
            if refusal:
                return _sent(sorry_page(bare_site(), 403, refusal))
            site = site_of(here, self.admission)
            made = self._made(show, _asked(request), site)
            return _head(made) if request.method == "HEAD" else _sent(made)

        return answer

    def refuse(self, request: "Request", status: int, text: str) -> "Response":
        """Answer what is no page of ours."""
        refusal = self.admission.refusal(caller_of(request))
        if refusal:
            return _sent(sorry_page(bare_site(), 403, refusal))
        return _sent(sorry_page(site_of("", self.admission), status, text))

    def _made(self, show: Show, asked: Asked, site: Site) -> Answer:
        """Make an answer, whatever happens; a bug is written down, and the reader is told its name."""
        window = self.window()
        if window is None:
            return sorry_page(site, 503, OPENING)
        try:
            return show(window, asked, site)
        except Exception as error:  # noqa: BLE001 - a page outlives its bugs; they are written down and named
            return sorry_page(site, *self._problem(error))

    def _problem(self, error: Exception) -> tuple[int, str]:
        """Return the status and the sentence for what kept a page from being made."""
        status = next((status for kind, status in STATUSES if isinstance(error, kind)), None)
        return (500, _bug(self.write_down(error))) if status is None else (status, str(error))


def sorry_page(site: Site, status: int, text: str) -> Page:
    """Return the page that says why there is no other."""
    elsewhere = site.tabs[0] if site.tabs else None
    sorry = Sorry(
        title=TITLES[status],
        text=text,
        link=elsewhere.address if elsewhere else "",
        link_text="See what waits" if elsewhere else "",
    )
    return Page(html=render_sorry(site, sorry), status=status)


def caller_of(request: "Request") -> Caller:
    """Return how a request reached us."""
    server = request.scope.get("server") or ("", None)
    return Caller(
        address=request.client.host if request.client else "",
        port=server[1],
        headers={name.lower(): value for name, value in request.headers.items()},
    )


def _asked(request: "Request") -> Asked:
    return Asked(
        path={name: str(value) for name, value in request.path_params.items()}, query=dict(request.query_params)
    )


def _bug(sentence: str) -> str:
    """Name a bug without saying where its log lies: that is for who runs Gatehouse."""
    found = BUG.search(sentence)
    name = f": {found[0]}" if found else ""
    return f"Something went wrong inside Gatehouse{name}. Whoever runs it finds this name in its logs."


def _sent(answer: Answer) -> "Response":
    from starlette.responses import HTMLResponse, StreamingResponse  # noqa: PLC0415 - only a server needs it

    match answer:
        case Page():
            return HTMLResponse(answer.html, status_code=answer.status, headers=_headers(answer))
        case Download():
            return StreamingResponse(answer.parts, media_type=answer.media_type, headers=_headers(answer))
        case _:
            assert_never(answer)


def _head(answer: Answer) -> "Response":
    """Answer with the headers alone; of a file, nothing is made."""
    from starlette.responses import Response  # noqa: PLC0415 - only a server needs it

    if isinstance(answer, Page):
        return _sent(answer)
    return Response(media_type=answer.media_type, headers=_headers(answer))


def _headers(answer: Answer) -> dict[str, str]:
    found = dict(NEVER_KEPT)
    if isinstance(answer, Download):
        found["Content-Disposition"] = f'attachment; filename="{answer.name}"'
        return found
    if answer.policy:
        found["Content-Security-Policy"] = answer.policy
    if answer.status == 503:  # noqa: PLR2004 - the status that says so
        found["Retry-After"] = SOON
    return found
