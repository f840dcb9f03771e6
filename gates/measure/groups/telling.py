"""Which facts does a metric's table of groups come to?"""

from dataclasses import dataclass

import numpy as np

from gates.confidence import Confidence
from gates.evidence import GroupMetric
from gates.measure.certainty import turned
from gates.measure.groups.apart import TWO_SIDED, Limits, difference, distributions, limits_of, ratio, taken
from gates.measure.groups.grouping import Grouping
from gates.measure.groups.limits import Mask, Pair, Scores, Spread
from gates.measure.groups.shortfalls import power_of
from gates.measure.groups.values import GroupValues
from gates.measure.rounding import rounded

Numbers = dict[str, float | None]


def told(
    grouping: Grouping, values: GroupValues, power_against: float | None, *, lower_is_better: bool
) -> list[GroupMetric]:
    """Return a fact a group; the reference group has no difference to itself."""
    reference = grouping.reference
    sides = [_Side.of(values, reference, model) for model in range(len(values.spreads))]
    apart = distributions(lambda score: _from(values.spreads[0], reference, score))
    changes = _changes(values, lower_is_better=lower_is_better)
    return [
        GroupMetric(
            feature=grouping.feature,
            group=name,
            metric=values.metric,
            rows=int(values.rows[place]),
            reference=place == reference,
            **_own(sides, place),
            **({} if place == reference else _apart(sides[0], place)),
            **({} if place == reference else _powers(values, place, reference, power_against, lower=lower_is_better)),
            **changes[place],
            confidence=apart[place] if sides[0].both_sure[place] else None,
            too_few=_too_few(values, place, grouping),
        )
        for place, name in enumerate(grouping.names)
    ]


def _from(spread: Spread, reference: int, score: Scores) -> Pair:
    limits = limits_of(spread, score)
    _, low, high = difference(limits, taken(limits, reference))
    return low, high


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One model's numbers."""

    own: Limits
    apart: Limits
    """Differences to the reference group."""
    times: Limits
    """Ratios to the reference group."""
    sure: Mask
    """Which groups have limits."""
    both_sure: Mask
    """Which groups have limits of what lies between them and the reference group."""

    @classmethod
    def of(cls, values: GroupValues, reference: int, model: int) -> "_Side":
        """Work out one model's numbers."""
        own, sure = limits_of(values.spreads[model], TWO_SIDED), values.enough(model)
        base = taken(own, reference)
        return cls(
            own=own,
            apart=difference(own, base),
            times=ratio(own, base) if values.ratios else (own[0] * np.nan,) * 3,
            sure=sure,
            both_sure=sure & sure[reference] & (np.arange(len(sure)) != reference),
        )


def _own(sides: list[_Side], place: int) -> Numbers:
    challenger = _three(sides[0].own, place, ("challenger", "low", "high"), sure=sides[0].sure)
    if not sides[1:]:
        return challenger
    champion = _three(sides[1].own, place, ("champion", "champion_low", "champion_high"), sure=sides[1].sure)
    return challenger | champion


def _three(limits: Limits, place: int, names: tuple[str, str, str], *, sure: Mask) -> Numbers:
    """Return a number and, where they hold, its limits."""
    told = zip(names, limits, (True, sure[place], sure[place]), strict=True)
    return {name: rounded(float(part[place])) if there else None for name, part, there in told}


def _apart(side: _Side, place: int) -> Numbers:
    apart = _three(side.apart, place, ("difference", "difference_low", "difference_high"), sure=side.both_sure)
    times = _three(side.times, place, ("ratio", "ratio_low", "ratio_high"), sure=side.both_sure)
    return apart | times


def _powers(values: GroupValues, place: int, reference: int, power_against: float | None, *, lower: bool) -> Numbers:
    enough = values.enough()
    power = (
        power_of(values, place, reference, power_against, lower=lower) if enough[place] and enough[reference] else None
    )
    return {"power": rounded(power), "power_against": rounded(power_against)}


def _changes(values: GroupValues, *, lower_is_better: bool) -> list[dict[str, float | Confidence | None]]:
    """Return the change against the champion in each group, positive for the better."""
    change = values.change
    if change is None:
        return [{}] * len(values.rows)
    sure, sign = values.enough_for_both, -1.0 if lower_is_better else 1.0
    whole = distributions(change.at)
    return [
        {
            "change": rounded(sign * float(change.value[place])),
            "change_confidence": (turned(one) if lower_is_better else one) if sure[place] else None,
        }
        for place, one in enumerate(whole)
    ]


def _too_few(values: GroupValues, place: int, grouping: Grouping) -> str:
    if own := values.lacking[0][place]:
        return own
    if reference := values.lacking[0][grouping.reference]:
        return f"the reference group {grouping.names[grouping.reference]} has {reference}"
    if values.lacking[1:] and (champion := values.lacking[1][place]):
        return f"of the champion: {champion}"
    return ""
