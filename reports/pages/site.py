"""What is the same on every page of our site: its style, and where the other pages are?"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One of the pages that every page links to."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What stands around a page."""

    style: str
    """Address of the style sheet."""
    tabs: tuple[Tab, ...]
    here: str
    """Name of the tab that is open; empty where none is."""
    note: str = ""
    """One line for every reader of this page, such as that nobody is signed in."""
    icon: str = ""
    """Address of the sign that a browser shows beside the title; empty where there is none."""


ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#0072b2" '
    'd="M4 30V13a12 12 0 0 1 24 0v17h-6V13a6 6 0 0 0-12 0v17zm10 0V15h4v15z"/></svg>'
)


def icon() -> str:
    """Return the sign of our site: an SVG picture of a gate."""
    return ICON


@cache
def style_sheet() -> str:
    """Return the style sheet of all pages."""
    return files("reports").joinpath("static", "pages.css").read_text("utf-8")
