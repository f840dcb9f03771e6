"""What is a metric of all rows, told of each group by the family of metrics that knows it?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gates.confidence import LEVELS, NORMAL, Confidence
from gates.measure.estimated import Estimated
from gates.measure.groups.apart import TWO_SIDED
from gates.measure.groups.catalogue import SIGNED, Wanted
from gates.measure.groups.features import Feature
from gates.measure.groups.grouping import Grouping
from gates.measure.groups.limits import Floats, KnownSpread, Pair, Scores
from gates.measure.groups.values import GroupValues
from gates.measure.prepared import Prepared
from gates.measure.scan.dialect import name, text

Told = Estimated | str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldSpread:
    """Numbers whose confidence distributions are known; None for a group with too few rows."""

    value: Floats
    confidences: tuple[Confidence | None, ...]

    def at(self, score: Scores) -> Pair:
        """Return the distributions' one-sided limits."""
        low, high = (np.vectorize(lambda one, sign=sign: NORMAL.cdf(sign * one))(score) for sign in (-1, 1))
        return self._read(low), self._read(high)

    def _read(self, levels: Floats) -> Floats:
        inside = np.clip(levels, LEVELS[0], LEVELS[-1])
        rows = [[_lower(one, float(level)) for one in self.confidences] for level in inside.reshape(-1)]
        return np.array(rows) if inside.ndim else np.array(rows[0])


def _lower(one: Confidence | None, level: float) -> float:
    return float("nan") if one is None else one.lower(level)


def of_group(prepared: Prepared, feature: Feature, grouping: Grouping, place: int) -> Prepared:
    """Return the rows of one group, as if there were no others."""
    where = " AND ".join(
        f"{name(prepared.groups[part])} = {text(value)}"
        for part, value in zip(feature.parts, grouping.values[place], strict=True)
    )
    view = f"(SELECT * FROM {prepared.view} WHERE {where})"  # noqa: S608 - quoted
    return replace(prepared, view=view, count=int(grouping.sizes[place]), clusters=_clusters(prepared, view))


def _clusters(prepared: Prepared, view: str) -> int | None:
    if prepared.clusters is None:
        return None
    table = prepared.engine.reduce(f"SELECT count(DISTINCT {name('cluster')}) AS many FROM {view}")  # noqa: S608 - ours
    return int(table.column("many")[0].as_py())


def borrowed(asked: Wanted, grouping: Grouping, told: Mapping[str, Mapping[str, Told]]) -> GroupValues | str:
    """Return a metric of every group, given what is told by group and metric; a text where no group has it.

    A group that has no value says why in the place of too few rows.
    """
    found = [told.get(group, {}).get(asked.base, f"{asked.base} could not be measured.") for group in grouping.names]
    known = [one for one in found if isinstance(one, Estimated)]
    if not known:
        return str(found[0])
    reasons = tuple(one if isinstance(one, str) else _reason(one) for one in found)
    models = 1 if known[0].champion is None else 2
    return GroupValues(
        metric=asked.name,
        rows=np.where([isinstance(one, Estimated) for one in found], grouping.sizes, 0),
        spreads=tuple(_spread(found, champion=bool(model)) for model in range(models)),
        lacking=(reasons,) * models,
        change=_change(found) if models > 1 else None,
        method=known[0].method,
        ratios=asked.base not in SIGNED,
    )


def _reason(one: Estimated) -> str:
    return one.too_few or ("" if one.challenger_interval is not None else "too few rows for an interval.")


def _spread(found: Sequence[Told], *, champion: bool) -> KnownSpread:
    values, lows, highs = zip(*(_numbers(one, champion=champion) for one in found), strict=True)
    return KnownSpread(value=np.array(values), low=np.array(lows), high=np.array(highs), score=TWO_SIDED)


def _numbers(one: Told, *, champion: bool) -> tuple[float, float, float]:
    nothing = float("nan")
    if isinstance(one, str):
        return nothing, nothing, nothing
    value, interval = (one.champion, one.champion_interval) if champion else (one.challenger, one.challenger_interval)
    low, high = (nothing, nothing) if interval is None else interval
    return nothing if value is None else value, low, high


def _change(found: Sequence[Told]) -> ToldSpread:
    values = [_numbers(one, champion=False)[0] - _numbers(one, champion=True)[0] for one in found]
    return ToldSpread(
        value=np.array(values),
        confidences=tuple(None if isinstance(one, str) else one.difference for one in found),
    )
