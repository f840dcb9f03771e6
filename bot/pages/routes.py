"""Which page is at which address?"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.pages.answering import KEPT, Answering, Show
from bot.pages.evidence import show_evidence
from bot.pages.inbox import show_inbox
from bot.pages.ledger import export_table, export_trail, show_entry, show_ledger
from bot.pages.models import show_model, show_model_card, show_models, show_promotion_card
from bot.pages.promotions import show_promotion, show_promotions
from bot.pages.rulebook import show_rulebook, show_rulebooks
from bot.pages.scorecard import show_scorecard
from bot.pages.shell import INBOX, LEDGER, MODELS, PROMOTIONS, RULEBOOK, icon_path, style_path
from bot.pages.verifying import Verifier
from reports.pages.site import icon, style_sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.exceptions import HTTPException
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute, Route

EVERYTHING = re.compile(r"/(?P<path>(?s:.*))")
"""Whatever is asked for, line breaks as well, which a mount's own pattern lets through to nobody."""
NOT_ALLOWED = 405
SAID = {
    404: "There is no page at this address.",
    NOT_ALLOWED: "Pages show, and change nothing: they are asked for with GET or HEAD.",
}


def routes_of(answering: Answering, verifier: Verifier) -> "Sequence[BaseRoute]":
    """Return every page, and what answers everything else that nobody answers."""
    from starlette.applications import Starlette  # noqa: PLC0415 - only a server needs it
    from starlette.exceptions import HTTPException  # noqa: PLC0415 - as above
    from starlette.routing import Mount, Route  # noqa: PLC0415 - as above

    def refused(request: "Request", problem: "HTTPException") -> "Response":
        response = answering.refuse(request, problem.status_code, SAID[problem.status_code])
        if problem.status_code == NOT_ALLOWED:
            response.headers["Allow"] = "GET, HEAD"
        return response

    shown = [Route(path, answering.page(here, show), methods=["GET"]) for path, here, show in _pages(verifier)]
    inside = Starlette(
        routes=[_file(style_path(), style_sheet, "text/css"), _file(icon_path(), icon, "image/svg+xml"), *shown],
        exception_handlers={HTTPException: refused},  # type: ignore[dict-item]  # starlette's own exception, as it hands it in
    )
    inside.router.redirect_slashes = False
    everything = Mount("/", app=inside)
    everything.path_regex = EVERYTHING
    return [everything]


def _pages(verifier: Verifier) -> list[tuple[str, str, Show]]:
    return [
        ("/", INBOX, show_inbox),
        ("/promotions", PROMOTIONS, show_promotions),
        ("/promotions/{name}", PROMOTIONS, show_promotion),
        ("/promotions/{name}/evidence", PROMOTIONS, show_evidence),
        ("/promotions/{name}/card", PROMOTIONS, show_promotion_card),
        ("/promotions/{name}/scorecard", PROMOTIONS, show_scorecard),
        ("/models", MODELS, show_models),
        ("/models/{project}/{model}", MODELS, show_model),
        ("/models/{project}/{model}/card", MODELS, show_model_card),
        ("/rulebook", RULEBOOK, show_rulebooks),
        ("/rulebook/{project}", RULEBOOK, show_rulebook),
        ("/ledger", LEDGER, show_ledger),
        ("/ledger/verify", LEDGER, verifier.show),
        ("/ledger/export.jsonl", LEDGER, export_trail),
        ("/ledger/export.csv", LEDGER, export_table),
        ("/ledger/{seq}", LEDGER, show_entry),
    ]


def _file(path: str, content: Callable[[], str], media_type: str) -> "Route":
    """Return what answers with a file that comes with the program, to whoever asks."""
    from starlette.responses import Response  # noqa: PLC0415 - only a server needs it
    from starlette.routing import Route  # noqa: PLC0415 - as above

    async def answer(_request: "Request") -> "Response":
        return Response(content(), media_type=media_type, headers=dict(KEPT))

    return Route(path, answer, methods=["GET"])
