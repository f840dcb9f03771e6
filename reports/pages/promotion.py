"""What does the page of one promotion say?"""

from reports.markup import render_markup
from reports.pages.about import About
from reports.pages.site import Site


def render_promotion(site: Site, about: About) -> str:
    """Return the page."""
    return render_markup("page_promotion.html.j2", site=site, about=about)
