"""What did somebody say or press in a chat, in our own words?

Each value says who wants what, and where they are to be answered. They are kept in the inbox as JSON until they are
acted on.
"""

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, JsonValue, TypeAdapter

from bot.commands import PromotionName
from gates.refusal import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """Somebody wrote a command: after the slash command, after our name, or to us alone."""

    kind: Literal["typed"] = "typed"
    platform: str
    account: str
    """Slack: TEAM/USER; Teams: TENANT/OBJECT-ID."""
    words: str
    """What stood after the command's or our name."""
    origin: dict[str, JsonValue]
    """What the adapter needs to answer; nobody else reads it."""
    at: int
    """When it was written, in seconds since 1970, by the platform's clock."""
    place: str
    """The channel's name on the platform."""
    thread: str = ""
    """The message below which it was written, as `Platform.post` names it; in a promotion's thread, PROMOTION may be
    left out."""
    guest: bool
    """Are they a guest, or a stranger in a shared channel?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Somebody approved or rejected what a message showed them."""

    kind: Literal["decided"] = "decided"
    platform: str
    account: str
    approves: bool
    promotion: str
    """"P12"."""
    project: str
    digest: str
    """The evidence digest that they were shown."""
    reason: str
    origin: dict[str, JsonValue]
    at: int
    guest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecked:
    """Somebody asked for a promotion to be measured and judged once more."""

    kind: Literal["rechecked"] = "rechecked"
    platform: str
    account: str
    promotion: str
    project: str
    origin: dict[str, JsonValue]
    at: int
    guest: bool


Heard = Typed | Decided | Rechecked


def to_json(heard: Heard) -> dict[str, JsonValue]:
    """Return a value as the inbox keeps it."""
    document: dict[str, JsonValue] = _adapter().dump_python(heard, mode="json")
    return document


def from_json(document: dict[str, JsonValue]) -> Heard:
    """Return what the inbox kept."""
    return _adapter().validate_python(document)


def promotion_named(name: str, project: str | None = None) -> PromotionName:
    """Return the promotion that a button names, such as "P12"; `UserError` when it is no name."""
    number = name[1:]
    if not number.isascii() or not number.isdigit() or len(number) > len("999999999"):
        raise UserError(f"There is no promotion {name[:40]!r}.")
    if name[0] == "P":
        return PromotionName(number=int(number), project=project)
    if name[0] == "R":
        return PromotionName(number=int(number), letter="R", project=project)
    raise UserError(f"There is no promotion {name[:40]!r}.")


@cache
def _adapter() -> "TypeAdapter[Heard]":
    return TypeAdapter(Annotated[Heard, Field(discriminator="kind")])
