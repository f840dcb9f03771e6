"""What is asked of a page, and what can it answer: a page, or a file to keep?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gates.refusal import UserError

DIGITS = 16
"""Of the largest whole number that every program reads alike, 2^53."""
MOST_WRITTEN = 200
"""Characters of one field that somebody may fill in."""


class NotFoundError(UserError):
    """There is no such thing; the text says what there is."""


class WrongInputError(UserError):
    """What was filled in cannot be meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request for a page."""

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)

    def word(self, name: str) -> str:
        """Return what a field says, without blanks around it; empty where it says nothing."""
        said = self.query.get(name, "").strip()
        if len(said) > MOST_WRITTEN or not said.isprintable():
            raise WrongInputError(f"What stands under {name} is too long, or cannot be printed: shorten it.")
        return said

    def number(self, name: str) -> int | None:
        """Return a whole number from 1, or None where the field says nothing."""
        said = self.word(name)
        if not said:
            return None
        if not (said.isascii() and said.isdigit() and len(said) <= DIGITS and 0 < int(said) < 2**53):
            raise WrongInputError(f"{name} is to be a whole number from 1.")
        return int(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page, filled in."""

    html: str
    status: int = 200
    policy: str = ""
    """The Content-Security-Policy of a page that brings its own style; empty: that of all pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file that is made while it is sent."""

    parts: Iterator[bytes]
    media_type: str
    name: str


Answer = Page | Download
