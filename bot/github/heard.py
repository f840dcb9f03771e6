"""What did GitHub tell us, in our own words?

Each value says who wants what, or where to look again; none carries the truth about a pull request, which is looked up
when it is acted on. They are kept in the inbox as JSON until then.
"""

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, JsonValue, TypeAdapter

from workflows.forge import Button


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Something about a pull request may have changed."""

    kind: Literal["look"] = "look"
    project: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Main:
    """The main branch moved, forwards or otherwise."""

    kind: Literal["main"] = "main"
    project: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """Something may have changed that any open pull request depends on."""

    kind: Literal["everything"] = "everything"
    project: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A person wrote a comment on a pull request that may hold commands."""

    kind: Literal["said"] = "said"
    project: str
    number: int
    comment: int
    """GitHub's id of the comment."""
    account: str
    text: str
    at: int | None = None
    """When it was written, in seconds since 1970, by GitHub's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A comment with commands that we found too late to take it at its word."""

    kind: Literal["missed"] = "missed"
    project: str
    number: int
    comment: int
    edited: bool
    """True: its words may be somebody else's by now. False: it is so old that its author may think otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A person pressed a button of ours beside a check."""

    kind: Literal["pressed"] = "pressed"
    project: str
    account: str
    button: Button
    head: str
    """SHA of the commit that they saw."""
    numbers: tuple[int, ...]
    """Pull requests of that commit; GitHub leaves those of forks out."""
    check: str
    """Name of the check; empty when all of them were asked for again."""


Hint = Look | Main | Everything
"""Where to look again."""

Heard = Hint | Said | Missed | Pressed


def to_json(heard: Heard) -> dict[str, JsonValue]:
    """Return a value as the inbox keeps it."""
    document: dict[str, JsonValue] = _adapter().dump_python(heard, mode="json")
    return document


def from_json(document: dict[str, JsonValue]) -> Heard:
    """Return what the inbox kept."""
    return _adapter().validate_python(document)


@cache
def _adapter() -> "TypeAdapter[Heard]":
    return TypeAdapter(Annotated[Heard, Field(discriminator="kind")])
