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


@cache
def style_sheet() -> str:
    """Return the style sheet of all pages."""
    return files("reports").joinpath("static", "pages.css").read_text("utf-8")
