"""What does the challenger trade for what, against the champion?"""

from collections.abc import Iterator, Sequence

from gates.evidence import MetricComparison
from gates.fairness_facts import Criterion
from gates.treatment_facts import GroupNumber
from gates.wording import listed
from reports.measured_groups import Apart
from reports.pictures.levels import Level, Told, levels
from reports.pictures.svg import svg
from reports.scorecard.gaps import NAMED, criterion_cell, ordered, short_name
from reports.scorecard.source import Source
from reports.scorecard.table import (
    MOST_ROWS,
    Cell,
    Figure,
    Row,
    Section,
    Table,
    between,
    feature_name,
    group_name,
    metric_name,
    said,
    signed,
    signed_between,
    simple,
    words,
)


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
                    criterion_cell(one.difference),
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
