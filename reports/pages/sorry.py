"""What does somebody see who asked for a page that there is not, or not now?"""

from dataclasses import dataclass

from reports.markup import render_markup
from reports.pages.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorry:
    """Why there is no page."""

    title: str
    text: str
    """One clear sentence."""
    link: str = ""
    """Where to go instead; empty where nowhere."""
    link_text: str = ""


def render_sorry(site: Site, sorry: Sorry) -> str:
    """Return the page that says so."""
    return render_markup("page_sorry.html.j2", site=site, sorry=sorry)
