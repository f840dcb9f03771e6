"""How do groups fare under both models, and what do the answers rest on?"""

from collections.abc import Sequence

from gates.evidence import GroupMetric
from gates.importance_facts import Importance
from gates.wording import visible
from reports.pictures import stacked
from reports.pictures.picture import Dot, Mark, Picture
from reports.pictures.scale import over
from reports.pictures.words import brief, rounded

MOST = 20
"""Rows of one picture."""


def _of_all(shown: int, known: int) -> str:
    return f"{shown}" if shown == known else f"the first {shown} of {known:,}"


def _group(one: GroupMetric) -> str:
    return f"{brief(one.feature)}={brief(visible(one.group))}"


def groups(found: Sequence[GroupMetric], metric: str) -> Picture | None:
    """Draw one metric group by group, of both models; None where no group has a value."""
    known = [one for one in found if one.metric == metric and one.challenger is not None]
    rows = known[:MOST]
    if not rows:
        return None
    values = [value for one in rows for value in (one.challenger, one.low, one.high, one.champion)]
    scale = over(values, stacked.START, stacked.END)
    marks: list[Mark] = [*stacked.grid(len(rows), scale)]
    for place, one in enumerate(rows):
        y = stacked.middle(place)
        marks.append(stacked.named(place, _group(one)))
        if one.champion is not None:
            marks.append(Dot(who="champion", x=scale.at(one.champion), y=y + 5))
        across = scale.across(one.low, one.high)
        up = 5 if one.champion is not None else 0
        marks.append(Dot(who="challenger", x=scale.at(one.challenger or 0.0), y=y - up, across=across))
    lowest, highest = (pick(rows, key=lambda one: one.challenger or 0.0) for pick in (min, max))
    both = any(one.champion is not None for one in rows)
    return Picture(
        name=f"groups-{metric}".replace("_", "-"),
        title=f"{brief(metric)} by group",
        says=(
            f"{brief(metric)} of the challenger{' and the champion' if both else ''} in "
            f"{_of_all(len(rows), len(known))} groups, with 95 % intervals. Lowest: {_group(lowest)} at "
            f"{rounded(lowest.challenger or 0.0)}; highest: {_group(highest)} at {rounded(highest.challenger or 0.0)}."
        ),
        width=stacked.WIDTH,
        height=stacked.height(len(rows)),
        axes=stacked.axes(len(rows), scale.ticks(stacked.TICKS), brief(metric)),
        marks=tuple(marks),
        legend=(("challenger", "challenger"), *((("champion", "champion"),) if both else ())),
    )


def importance(found: Importance | None) -> Picture | None:
    """Draw by how much a metric falls when a feature is shuffled, over all rows; None where nothing was measured."""
    rows = [one for one in (found.features if found else ()) if one.group is None and one.drop is not None][:MOST]
    if found is None or not rows:
        return None
    scale = over(
        [value for one in rows for value in (one.drop, one.low, one.high)], stacked.START, stacked.END, also=(0.0,)
    )
    marks: list[Mark] = [*stacked.grid(len(rows), scale), *stacked.zero(len(rows), scale)]
    for place, one in enumerate(rows):
        across = scale.across(one.low, one.high)
        marks.append(Dot(who="challenger", x=scale.at(one.drop or 0.0), y=stacked.middle(place), across=across))
        marks.append(stacked.named(place, one.feature))
    return Picture(
        name="importance",
        title="What the challenger's answers rest on",
        says=(
            f"By how much {brief(found.metric)} worsens when one feature is shuffled, with 95 % intervals. Most "
            f"important: {', '.join(brief(one.feature) for one in rows[:3])}."
        ),
        width=stacked.WIDTH,
        height=stacked.height(len(rows)),
        axes=stacked.axes(len(rows), scale.ticks(stacked.TICKS), f"loss of {brief(found.metric)} without it"),
        marks=tuple(marks),
    )
