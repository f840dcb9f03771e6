"""What is a picture made of? Marks at places in pixels, axes with ticks, and words for those who do not see it."""

from dataclasses import dataclass
from typing import Literal

Who = Literal["challenger", "champion", "neutral", "worse", "better"]
"""Whose a mark is: it has a colour and a shape of its own, so that no colour is needed to tell them apart."""
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A place on an axis, and what stands there."""

    at: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line through points."""

    who: Who
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A value, with the interval around it where it is known: level or upright."""

    who: Who
    x: float
    y: float
    across: tuple[float, float] | None = None
    """From left to right."""
    along: tuple[float, float] | None = None
    """From top to bottom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A rectangle."""

    who: Who
    x: float
    y: float
    width: float
    height: float
    share: float = 1.0
    """How full its colour is, from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A thin line that something is read against, such as a limit."""

    x1: float
    y1: float
    x2: float
    y2: float
    dashed: bool = True
    faint: bool = False
    """Whether it only guides the eye."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A few words at a place."""

    x: float
    y: float
    text: str
    anchor: Anchor = "start"
    strong: bool = False


Mark = Line | Dot | Bar | Rule | Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """The frame that marks stand in."""

    left: float
    top: float
    right: float
    bottom: float
    x: tuple[Tick, ...] = ()
    y: tuple[Tick, ...] = ()
    x_label: str = ""
    y_label: str = ""
    grid: bool = True
    """Whether lines go from the ticks through the frame."""
    beside: float = 44.0
    """How far left of the frame the vertical axis's label stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture."""

    name: str
    """What its file is called, without an ending: `roc`."""
    title: str
    says: str
    """What it shows, in a sentence or two: its text alternative."""
    width: float
    height: float
    axes: Axes | None
    marks: tuple[Mark, ...]
    legend: tuple[tuple[Who, str], ...] = ()
    """Whose marks are in it, and what they are called."""


def file_of(beside: str, name: str) -> str:
    """Return what the file of a picture is called that lies beside a page of ours: `P4-roc.png`."""
    return f"{beside}-{name}.png"
