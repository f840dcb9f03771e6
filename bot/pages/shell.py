"""What stands around every page: its tabs, its style, and what everybody should know?"""

import hashlib
from functools import cache

from bot.pages.admission import Admission
from reports.pages.site import Site, Tab, icon, style_sheet

INBOX, PROMOTIONS, MODELS, RULEBOOK, LEDGER = "Inbox", "Promotions", "Models", "Rulebook", "Ledger"
TABS = (
    Tab(name=INBOX, address="/"),
    Tab(name=PROMOTIONS, address="/promotions"),
    Tab(name=MODELS, address="/models"),
    Tab(name=RULEBOOK, address="/rulebook"),
    Tab(name=LEDGER, address="/ledger"),
)
LOOKING = "Nobody is signed in: these pages show, and change nothing. To decide, use mlops in a terminal or a chat."
PUBLIC = f"{LOOKING} Whoever can reach this address reads them."


@cache
def style_path() -> str:
    """Return the address of the style sheet, which names its content: what is kept is never out of date."""
    return f"/static/pages-{_short(style_sheet())}.css"


@cache
def icon_path() -> str:
    """Return the address of the sign beside the title."""
    return f"/static/gate-{_short(icon())}.svg"


def _short(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def site_of(here: str, admission: Admission) -> Site:
    """Return what stands around a page under a tab."""
    return Site(
        style=style_path(), icon=icon_path(), tabs=TABS, here=here, note=PUBLIC if admission.public else LOOKING
    )


def bare_site() -> Site:
    """Return what stands around a page for somebody who sees none of the others."""
    return Site(style=style_path(), icon=icon_path(), tabs=(), here="")
