"""How do people on GitHub hear from us, other than by checks and the one comment; and what did they write?"""

from collections.abc import Sequence
from typing import Protocol


class Comment(Protocol):
    """A comment as it is now."""

    @property
    def id(self) -> int:
        """GitHub's number of it."""

    @property
    def number(self) -> int:
        """The pull request or issue it stands in."""

    @property
    def account(self) -> str:
        """Who wrote it first."""

    @property
    def is_bot(self) -> bool:
        """Was it written by a program, ourselves included?"""

    @property
    def text(self) -> str:
        """What it says now."""

    @property
    def at(self) -> int:
        """When it was written; seconds since 1970."""

    @property
    def edited(self) -> bool:
        """Was it changed since it was written, by anybody?"""

    @property
    def on_pull_request(self) -> bool:
        """Does it stand in a pull request, and not in an issue?"""


class Voice(Protocol):
    """What we can say in one repository. Every method may raise `Unavailable`; each may be repeated."""

    def since(self, at: int) -> Sequence[Comment]:
        """Return the comments that were written or edited since a time."""

    def react(self, comment_id: int, name: str) -> None:
        """React to a comment: "+1" or "confused"."""

    def answer(self, number: int, to: str, text: str) -> None:
        """Answer in a pull request, once for each `to`: what is answered, such as "comment:5"."""
