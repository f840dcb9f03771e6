"""Do all groups fare alike, and what does the challenger trade for what, against the champion?"""

from collections.abc import Iterator, Sequence

from gates.evidence import MetricComparison
from gates.fairness_facts import Criterion
from gates.treatment_facts import GroupNumber
from gates.wording import listed
from reports.measured_groups import DIFFERENCE, Apart, apart
from reports.pictures.levels import Level, Told, levels
from reports.pictures.svg import svg
from reports.scorecard.source import Source
from reports.scorecard.table import (
    MOST_ROWS,
    NOTHING,
    Cell,
    Figure,
    Part,
    Row,
    Section,
    Table,
    between,
    feature_name,
    group_name,
    metric_name,
    more,
    said,
    sentence,
    signed,
    signed_between,
    simple,
    words,
)

FOUR_FIFTHS = 0.8
NAMED = ("demographic_parity", "equalized_odds", "equal_opportunity", "predictive_parity", "calibration")
"""Criteria that come before others."""
SAYS = (
    "A difference of 0 and a ratio of 1 mean that all groups fare alike. The criteria cannot all hold at once "
    "where groups differ in how often the label is positive, unless a model is perfect: which of them matters "
    "is a decision of people."
)
UNSURE = (
    "Where it says “too few rows”, one of the groups has too few for an interval of its own, so the whole has none."
)
TITLE = "Do all groups fare alike?"


def criteria(source: Source) -> Section:
    """Tell every criterion as a difference and a ratio over all groups."""
    found = ordered(source.treatment.criteria)
    if not found:
        return Section(id="criteria", title=TITLE, missing="there are no two groups whose numbers are known.")
    shown = found[:MOST_ROWS]
    return Section(
        id="criteria",
        title=TITLE,
        says=(SAYS,),
        tables=(
            Table(
                caption="The groups that are furthest apart, by criterion",
                columns=("criterion", "difference", "ratio", "four fifths", "furthest apart"),
                parts=tuple(_parts(shown)),
                notes=tuple(filter(None, (more(len(shown), len(found), "row", source.beside),))),
            ),
        ),
        notes=tuple(dict.fromkeys([*_unsure(shown), *_others(source)])),
    )


def ordered(found: Sequence[Criterion]) -> tuple[Apart, ...]:
    """Put each criterion's difference and ratio together; where there are some with names, those alone, in order."""
    order = {name: place for place, name in enumerate(NAMED)}
    features = {name: place for place, name in enumerate(dict.fromkeys(one.feature for one in found))}
    everything = apart(found, named_only=False)
    kept = [one for one in everything if one.name in order] or everything
    return tuple(sorted(kept, key=lambda one: (features[one.feature], order.get(one.name, len(NAMED)))))


def _parts(shown: Sequence[Apart]) -> Iterator[Part]:
    for feature in dict.fromkeys(one.feature for one in shown):
        rows = tuple(_criterion(one) for one in shown if one.feature == feature)
        yield Part(head=f"over {feature_name(feature)}", rows=rows)


def _criterion(one: Apart) -> Row:
    return Row(
        head=metric_name(one.name),
        cells=(_value(one.difference), _value(one.ratio), _four_fifths(one), words(_extremes(one))),
    )


def _value(one: Criterion | None) -> Cell:
    if one is None or one.challenger is None:
        return Cell(text=NOTHING)
    return Cell(text=said(one.challenger), small=between(one.low, one.high) or "too few rows")


def _four_fifths(one: Apart) -> Cell:
    """Say how a ratio of selection rates lies to four fifths; of others, the rule says nothing."""
    ratio = one.ratio
    if one.name != "demographic_parity" or ratio is None or ratio.challenger is None:
        return words(NOTHING)
    if ratio.high is not None and ratio.high < FOUR_FIFTHS:
        return words("below")
    if ratio.low is not None and ratio.low >= FOUR_FIFTHS:
        return words("met")
    return words(f"{'below' if ratio.challenger < FOUR_FIFTHS else 'met'}, not beyond doubt")


def _extremes(one: Apart) -> str:
    found = one.difference or one.ratio
    pairs = () if found is None else found.extremes
    return ", ".join(dict.fromkeys(f"{group_name(p.highest)} over {group_name(p.lowest)}" for p in pairs)) or NOTHING


def _others(source: Source) -> Iterator[str]:
    names = {one.criterion.removesuffix(DIFFERENCE) for one in source.treatment.criteria if is_gap(one)}
    if names & set(NAMED) and (others := sorted(names - set(NAMED))):
        yield f"Differences of {listed(tuple(map(metric_name, others)))} are {source.beside}."


def _unsure(found: Sequence[Apart]) -> Iterator[str]:
    for one in found:
        if one.problem:
            yield sentence(one.problem)
    if any(one.too_few for one in found):
        yield UNSURE


def trade(source: Source, numbers: Sequence[GroupNumber]) -> Section:
    """Hold what the challenger gains over all rows against what becomes of the gaps between groups."""
    title = "What is traded against the champion"
    if not source.champion:
        return Section(id="trade", title=title, missing="there is no champion to compare with.")
    quality = [one for one in source.metrics if one.difference is not None][:MOST_ROWS]
    gaps = [one for one in ordered(source.treatment.criteria) if _both(one.difference)][:MOST_ROWS]
    tables = (_quality(quality), _gaps(gaps), _gains(numbers))
    if not quality and not gaps:
        return Section(id="trade", title=title, missing="no metric and no gap is known of both models.")
    return Section(
        id="trade",
        title=title,
        says=tuple(_summed(quality, gaps)),
        figures=tuple(_figure(gaps)),
        tables=tuple(table for table in tables if not table.empty),
    )


def _both(one: Criterion | None) -> bool:
    return one is not None and one.challenger is not None and one.champion is not None


def _summed(quality: Sequence[MetricComparison], gaps: Sequence[Apart]) -> Iterator[str]:
    better = tuple(metric_name(one.metric) for one in quality if one.low is not None and one.low > 0)
    worse = tuple(metric_name(one.metric) for one in quality if one.high is not None and one.high < 0)
    if quality:
        ending = f"worse beyond doubt: {listed(worse) or 'nothing'}."
        yield f"Over all rows, better beyond doubt: {listed(better) or 'nothing'}; {ending}"
    if gaps:
        moved = [_moved(one.difference) for one in gaps]
        yield (
            f"Of {len(gaps)} gaps between groups, {sum(by > 0 for by in moved)} are wider than under the champion, "
            f"{sum(by < 0 for by in moved)} narrower. How sure that is was not measured: compare the intervals."
        )


def _moved(one: Criterion | None) -> float:
    """Return by how much a gap is wider than under the champion."""
    if one is None or one.challenger is None or one.champion is None:
        return 0.0
    return one.challenger - one.champion


def _quality(found: Sequence[MetricComparison]) -> Table:
    return simple(
        "Over all rows; a difference above zero is better",
        ("metric", "champion", "challenger", "difference", "in words"),
        tuple(
            Row(
                head=metric_name(one.metric),
                small="lower is better" if one.lower_is_better else "",
                cells=(
                    Cell(text=said(one.champion), small=between(one.champion_low, one.champion_high)),
                    Cell(text=said(one.challenger), small=between(one.challenger_low, one.challenger_high)),
                    Cell(text=signed(one.difference), small=signed_between(one.low, one.high)),
                    words(_in_words(one.low, one.high)),
                ),
            )
            for one in found
        ),
    )


def _in_words(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "no interval"
    if low > 0:
        return "better"
    return "worse" if high < 0 else "not told apart"


def _gaps(found: Sequence[Apart]) -> Table:
    return simple(
        "Largest gaps between groups; smaller is fairer",
        ("gap", "champion", "challenger", "moved"),
        tuple(
            Row(
                head=short_name(one.name),
                small=f"over {feature_name(one.feature)}",
                cells=(
                    Cell(
                        text=said(one.difference.champion),
                        small=between(one.difference.champion_low, one.difference.champion_high),
                    ),
                    _value(one.difference),
                    words(_wider(_moved(one.difference))),
                ),
            )
            for one in found
            if one.difference is not None
        ),
    )


def _wider(by: float) -> str:
    if by == 0:
        return "as before"
    return f"wider by {said(by)}" if by > 0 else f"narrower by {said(-by)}"


def _gains(numbers: Sequence[GroupNumber]) -> Table:
    """Tell of each group whether the challenger serves it better."""
    metric = next((one.metric for one in numbers if one.change is not None and one.metric != "selection_rate"), "")
    preferred = [one for one in numbers if one.metric == "accuracy" and one.change is not None]
    metric = "accuracy" if preferred else metric
    found = [one for one in numbers if one.metric == metric and one.change is not None]
    return simple(
        f"Who gains: {metric_name(metric)} in each group; a change above zero is better",
        ("group", "champion", "challenger", "change", "in words"),
        tuple(
            Row(
                head=f"{feature_name(one.feature)}: {group_name(one.group)}",
                cells=(
                    Cell(text=said(one.champion)),
                    Cell(text=said(one.challenger)),
                    Cell(text=signed(one.change), small=signed_between(one.change_low, one.change_high)),
                    words(_in_words(one.change_low, one.change_high)),
                ),
            )
            for one in sorted(found, key=lambda one: one.change or 0.0)[:MOST_ROWS]
        ),
    )


def _figure(gaps: Sequence[Apart]) -> Iterator[Figure]:
    found = [(one, one.difference) for one in gaps if one.name in NAMED and one.difference is not None]
    caption = "Gaps between groups, champion and challenger"
    widest = max(found, key=lambda pair: pair[1].challenger or 0.0, default=None)
    if widest is None:
        return
    told = Told(
        name="gaps",
        title=caption,
        says=(
            f"{len(found)} gaps under both models; the challenger's with 95 % intervals. Its widest: "
            f"{metric_name(widest[0].name)} over {feature_name(widest[0].feature)}, {said(widest[1].challenger)}."
        ),
        axis="difference between the groups furthest apart",
        zero=True,
    )
    rows = [_level(one, difference) for one, difference in found]
    if picture := levels(told, rows):
        yield Figure(caption=caption, svg=svg(picture, within="picture-"))


def _level(one: Apart, difference: Criterion) -> Level:
    return Level(
        name=f"{short_name(one.name)}, {feature_name(one.feature)}",
        value=difference.challenger,
        low=difference.low,
        high=difference.high,
        champion=difference.champion,
    )


def short_name(criterion: str) -> str:
    """Return a criterion's name without what it compares."""
    return metric_name(criterion).partition(" (")[0]


def is_gap(one: Criterion) -> bool:
    """Is a criterion a difference, and known?"""
    return one.criterion.endswith(DIFFERENCE) and one.challenger is not None
