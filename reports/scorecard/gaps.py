"""Do all groups fare alike?"""

from collections.abc import Iterator, Sequence

from gates.fairness_facts import Criterion
from gates.wording import listed
from reports.measured_groups import DIFFERENCE, Apart, apart
from reports.scorecard.source import Source
from reports.scorecard.table import (
    MOST_ROWS,
    NOTHING,
    Cell,
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
    words,
)

FOUR_FIFTHS = 0.8
PARITY, CALIBRATION = "demographic_parity", "calibration"
NAMED = (PARITY, "equalized_odds", "equal_opportunity", "predictive_parity", CALIBRATION)
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
        tables=(_furthest(source, found, shown),),
        notes=tuple(dict.fromkeys([*_unsure(shown), *_others(source)])),
    )


def _furthest(source: Source, found: Sequence[Apart], shown: Sequence[Apart]) -> Table:
    rates = any(one.name == PARITY for one in shown)
    left = more(len(shown), len(found), "row", source.beside)
    return Table(
        caption="The groups that are furthest apart, by criterion",
        columns=("criterion", "difference", "ratio", *(("four fifths",) if rates else ()), "furthest apart"),
        parts=tuple(_parts(shown, rates=rates)),
        notes=(left,) if left else (),
    )


def ordered(found: Sequence[Criterion]) -> tuple[Apart, ...]:
    """Put each criterion's difference and ratio together; where there are some with names, those alone, in order."""
    order = {name: place for place, name in enumerate(NAMED)}
    features = {name: place for place, name in enumerate(dict.fromkeys(one.feature for one in found))}
    everything = apart(found, named_only=False)
    known = any(one.name in order and one.name != CALIBRATION for one in everything)
    kept = [one for one in everything if one.name in order] if known else everything
    return tuple(sorted(kept, key=lambda one: (features[one.feature], order.get(one.name, len(NAMED)))))


def _parts(shown: Sequence[Apart], *, rates: bool) -> Iterator[Part]:
    for feature in dict.fromkeys(one.feature for one in shown):
        rows = tuple(_criterion(one, rates=rates) for one in shown if one.feature == feature)
        yield Part(head=f"over {feature_name(feature)}", rows=rows)


def _criterion(one: Apart, *, rates: bool) -> Row:
    fifths = (_four_fifths(one),) if rates else ()
    return Row(
        head=metric_name(one.name),
        cells=(criterion_cell(one.difference), criterion_cell(one.ratio), *fifths, words(_extremes(one))),
    )


def criterion_cell(one: Criterion | None) -> Cell:
    """Show how far apart groups are in one criterion."""
    if one is None or one.challenger is None:
        return Cell(text=NOTHING)
    return Cell(text=said(one.challenger), small=between(one.low, one.high) or "too few rows")


def _four_fifths(one: Apart) -> Cell:
    """Say how a ratio of selection rates lies to four fifths; of others, the rule says nothing."""
    ratio = one.ratio
    if one.name != PARITY or ratio is None or ratio.challenger is None:
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
    """Name the metrics whose differences are left out, because those with names say as much."""
    told = {one.name for one in ordered(source.treatment.criteria)}
    names = {one.criterion.removesuffix(DIFFERENCE) for one in source.treatment.criteria if is_gap(one)}
    if others := sorted(names - told):
        yield f"Differences of {listed(tuple(map(metric_name, others)))} are {source.beside}."


def _unsure(found: Sequence[Apart]) -> Iterator[str]:
    for one in found:
        if one.problem:
            yield sentence(one.problem)
    if any(one.too_few for one in found):
        yield UNSURE


def short_name(criterion: str) -> str:
    """Return a criterion's name without what it compares."""
    return metric_name(criterion).partition(" (")[0]


def is_gap(one: Criterion) -> bool:
    """Is a criterion a difference, and known?"""
    return one.criterion.endswith(DIFFERENCE) and one.challenger is not None
