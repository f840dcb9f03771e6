"""How are rows of values laid out? A name stands above its marks, so that both have the whole width of a phone."""

from collections.abc import Iterator

from reports.pictures.picture import Axes, Mark, Rule, Tick, Words
from reports.pictures.scale import Scale
from reports.pictures.words import shortened

WIDTH, LEFT, RIGHT = 416.0, 14.0, 402.0
START, END = 30.0, 388.0
"""Where the scale begins and ends: its outermost numbers need room beside them."""
TOP, ROW, NAME, MIDDLE, HALF, FOOT = 4.0, 42.0, 13.0, 29.0, 10.0, 46.0
"""Above all rows; a row; within it its name's line, its marks' middle and half of their height; below all rows."""
TICKS = 5
LONGEST = 56
"""Letters of a name."""


def middle(place: int) -> float:
    """Return where the marks of a row stand, in pixels from the top; rows count from 0."""
    return TOP + ROW * place + MIDDLE


def height(rows: int) -> float:
    """Return a picture's height in pixels."""
    return _bottom(rows) + FOOT


def named(place: int, name: str) -> Words:
    """Return a row's name."""
    return Words(x=LEFT, y=TOP + ROW * place + NAME, text=shortened(name, LONGEST))


def across(place: int, x: float, *, dashed: bool = False, faint: bool = False) -> Rule:
    """Return a line through the marks of a row, which spares its name."""
    y = middle(place)
    return Rule(x1=x, y1=y - HALF, x2=x, y2=y + HALF, dashed=dashed, faint=faint)


def zero(rows: int, scale: Scale) -> Iterator[Mark]:
    """Yield the line at zero, row by row."""
    yield from (across(place, scale.at(0)) for place in range(rows))


def grid(rows: int, scale: Scale) -> Iterator[Mark]:
    """Yield the lines from the numbers of the axis, row by row."""
    yield from (across(place, tick.at, faint=True) for place in range(rows) for tick in scale.ticks(TICKS))


def axes(rows: int, ticks: tuple[Tick, ...], label: str) -> Axes:
    """Return what stands below all rows."""
    return Axes(left=LEFT, top=TOP, right=RIGHT, bottom=_bottom(rows), x=ticks, x_label=label, grid=False)


def _bottom(rows: int) -> float:
    return TOP + ROW * rows + 2
