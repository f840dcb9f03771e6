"""Where can a browser read more about a promotion?"""

from dataclasses import dataclass

from reports.differences import PULL
from reports.pages.addresses import promotion_address
from reports.report import Report
from storage.promotions import Promotion
from workflows.branch import own_paths


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Addresses; None where there is no such place for a browser."""

    page: str | None = None
    pull_request: str | None = None
    evidence: str | None = None
    card: str | None = None


def links_of(promotion: Promotion, report: Report, *, last: bool, pages: str | None = None) -> Links:
    """Return where the forge shows a promotion; the embedded one has files, and nothing for a browser.

    The model card in the branch is the one of what the `last` environment serves. `pages` is where others read ours.
    """
    page = None if pages is None else f"{pages}{promotion_address(promotion.name)}"
    address = promotion.pull_request_url or ""
    if not address.startswith(("https://", "http://")):
        return Links(page=page)
    found = PULL.fullmatch(address)
    if found is None or promotion.head is None or report.evidence is None:
        return Links(page=page, pull_request=address)
    files = f"{found[1]}/blob/{promotion.head}"
    paths = own_paths(promotion)
    card = f"{files}/{paths.card}" if last else None
    return Links(page=page, pull_request=address, evidence=f"{files}/{paths.page}", card=card)
