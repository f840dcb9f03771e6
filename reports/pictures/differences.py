"""How do groups fare under both models, and what do the answers rest on?"""

from collections.abc import Sequence
from dataclasses import replace

from gates.evidence import GroupMetric
from gates.importance_facts import Importance
from gates.wording import visible
from reports.pictures.levels import Level, Told, levels
from reports.pictures.picture import Picture
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
    lowest, highest = (pick(rows, key=lambda one: one.challenger or 0.0) for pick in (min, max))
    both = any(one.champion is not None for one in rows)
    told = Told(
        name=f"groups-{metric}".replace("_", "-"),
        title=f"{brief(metric)} by group",
        says=(
            f"{brief(metric)} of the challenger{' and the champion' if both else ''} in "
            f"{_of_all(len(rows), len(known))} groups, with 95 % intervals. Lowest: {_group(lowest)} at "
            f"{rounded(lowest.challenger or 0.0)}; highest: {_group(highest)} at {rounded(highest.challenger or 0.0)}."
        ),
        axis=brief(metric),
    )
    picture = levels(told, list(map(_level, rows)))
    return picture and replace(picture, legend=picture.legend or (("challenger", "challenger"),))


def _level(one: GroupMetric) -> Level:
    return Level(name=_group(one), value=one.challenger, low=one.low, high=one.high, champion=one.champion)


def importance(found: Importance | None) -> Picture | None:
    """Draw by how much a metric falls when a feature is shuffled, over all rows; None where nothing was measured."""
    rows = [one for one in (found.features if found else ()) if one.group is None and one.drop is not None][:MOST]
    if found is None or not rows:
        return None
    told = Told(
        name="importance",
        title="What the challenger's answers rest on",
        says=(
            f"By how much {brief(found.metric)} worsens when one feature is shuffled, with 95 % intervals. Most "
            f"important: {', '.join(brief(one.feature) for one in rows[:3])}."
        ),
        axis=f"loss of {brief(found.metric)} without it",
        zero=True,
    )
    return levels(told, [Level(name=one.feature, value=one.drop, low=one.low, high=one.high) for one in rows])
