"""How high is a number in each of several places, with what uncertainty, and how high was it under the champion?"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.pictures.picture import Axes, Dot, Mark, Picture, Rule, Words
from reports.pictures.scale import Scale, over
from reports.pictures.words import shortened

WIDTH, LEFT, RIGHT, TOP, ROW = 600.0, 215.0, 586.0, 10.0, 26.0
LONGEST = 33
"""Characters of a name."""
MOST = 24
"""Rows of one picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One row: a name, the challenger's value with its interval, and the champion's."""

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    champion: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a picture of levels is called and says."""

    name: str
    title: str
    says: str
    axis: str
    zero: bool = False
    """Whether a line stands at zero."""


def levels(told: Told, found: Sequence[Level]) -> Picture | None:
    """Draw each row's value; None where none has one."""
    rows = [one for one in found if one.value is not None][:MOST]
    if not rows:
        return None
    values = [value for one in rows for value in (one.value, one.low, one.high, one.champion)]
    scale, bottom = over(values, LEFT, RIGHT, also=(0.0,) if told.zero else ()), TOP + ROW * len(rows)
    line = (Rule(x1=scale.at(0), y1=TOP, x2=scale.at(0), y2=bottom, dashed=False),) if told.zero else ()
    both = any(one.champion is not None for one in rows)
    return Picture(
        name=told.name,
        title=told.title,
        says=told.says,
        width=WIDTH,
        height=bottom + 44,
        axes=Axes(left=LEFT, top=TOP, right=RIGHT, bottom=bottom, x=scale.ticks(), x_label=told.axis),
        marks=(*line, *(mark for place, one in enumerate(rows) for mark in _marks(one, place, scale, both=both))),
        legend=(("challenger", "challenger"), ("champion", "champion")) if both else (),
    )


def _marks(one: Level, place: int, scale: Scale, *, both: bool) -> list[Mark]:
    y, apart = TOP + ROW * (place + 0.5), 5.0 if both else 0.0
    across = scale.across(one.low, one.high)
    marks: list[Mark] = [Words(x=LEFT - 10, y=y + 4, text=shortened(one.name, LONGEST), anchor="end")]
    if one.champion is not None:
        marks.append(Dot(who="champion", x=scale.at(one.champion), y=y + apart))
    marks.append(Dot(who="challenger", x=scale.at(one.value or 0.0), y=y - apart, across=across))
    return marks
