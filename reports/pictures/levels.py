"""How high is a number in each of several places, with what uncertainty, and how high was it under the champion?"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.pictures import stacked
from reports.pictures.picture import Dot, Mark, Picture
from reports.pictures.scale import Scale, over

MOST = 24
"""Rows of one picture."""
APART = 5.0
"""How far above the middle of its row the challenger stands, and below it the champion."""


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
    scale = over(values, stacked.START, stacked.END, also=(0.0,) if told.zero else ())
    both = any(one.champion is not None for one in rows)
    return Picture(
        name=told.name,
        title=told.title,
        says=told.says,
        width=stacked.WIDTH,
        height=stacked.height(len(rows)),
        axes=stacked.axes(len(rows), scale.ticks(stacked.TICKS), told.axis),
        marks=(
            *stacked.grid(len(rows), scale),
            *(stacked.zero(len(rows), scale) if told.zero else ()),
            *(mark for place, one in enumerate(rows) for mark in _marks(one, place, scale)),
        ),
        legend=(("challenger", "challenger"), ("champion", "champion")) if both else (),
    )


def _marks(one: Level, place: int, scale: Scale) -> list[Mark]:
    y, apart = stacked.middle(place), 0.0 if one.champion is None else APART
    across = scale.across(one.low, one.high)
    marks: list[Mark] = [stacked.named(place, one.name)]
    if one.champion is not None:
        marks.append(Dot(who="champion", x=scale.at(one.champion), y=y + apart))
    marks.append(Dot(who="challenger", x=scale.at(one.value or 0.0), y=y - apart, across=across))
    return marks
