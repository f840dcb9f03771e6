"""What do the answers rest on, over all rows and within groups?"""

from collections.abc import Iterator, Sequence

from gates.importance_facts import FeatureImportance, Importance
from gates.wording import count, listed
from reports.pictures.levels import Level, Told, levels
from reports.pictures.svg import svg
from reports.scorecard.source import Source
from reports.scorecard.table import (
    NOTHING,
    Cell,
    Figure,
    Part,
    Row,
    Section,
    Table,
    feature_name,
    group_name,
    metric_name,
    more,
    named,
    sentence,
    signed,
    signed_between,
)

TITLE = "What the answers rest on"
MOST_GROUPS = 6
"""Groups beside each other in one table."""
MOST_COLUMNS = 15


def importance(source: Source) -> Section:
    """Tell permutation importance, over all rows and group by group."""
    found = source.importance
    if found is None or found.problem:
        why = source.no_importance if found is None else sentence(found.problem)
        return Section(id="importance", title=TITLE, missing=why)
    everyone = [one for one in found.features if one.group is None]
    return Section(
        id="importance",
        title=TITLE,
        says=(_says(found),),
        figures=tuple(_figure(found, everyone)),
        tables=(_table(source, found, everyone),),
        notes=tuple(sentence(line) for line in found.warnings[:MOST_GROUPS]),
    )


def _says(found: Importance) -> str:
    return (
        f"By how much {metric_name(found.metric)} worsens when one column is shuffled among the rows (permutation "
        f"importance; {found.rows:,} of {count(found.rows_of, 'row')}, {count(found.repeats, 'repeat')}). It tells "
        "what this model uses, not what causes the outcome."
    )


def _table(source: Source, found: Importance, everyone: Sequence[FeatureImportance]) -> Table:
    """Put all rows and the groups beside each other, the most important columns first."""
    inside = [one for one in found.features if one.group is not None]
    groups = tuple(dict.fromkeys((one.group_feature or "", one.group or "") for one in inside))
    drops = {(one.feature, one.group_feature or "", one.group or ""): one for one in inside}
    shown, columns = groups[:MOST_GROUPS], everyone[:MOST_COLUMNS]
    notes = (
        more(len(columns), len(everyone), "column", source.beside),
        more(len(shown), len(groups), "group", source.beside),
    )
    return Table(
        caption=f"Loss of {metric_name(found.metric)} without a column, over all rows and within groups",
        columns=("column", "all rows", *(f"{feature_name(feature)}: {group_name(group)}" for feature, group in shown)),
        parts=(Part(rows=tuple(_row(one, [drops.get((one.feature, *group)) for group in shown]) for one in columns)),),
        notes=tuple(filter(None, notes)),
    )


def _row(one: FeatureImportance, inside: Sequence[FeatureImportance | None]) -> Row:
    others = listed(tuple(map(named, one.correlated_with)))
    return Row(
        head=named(one.feature),
        small=f"goes along with {others}" if others else "",
        cells=(_drop(one), *map(_drop, inside)),
    )


def _drop(one: FeatureImportance | None) -> Cell:
    if one is None or one.drop is None:
        return Cell(text=NOTHING, small="" if one is None else "too few rows")
    return Cell(text=signed(one.drop), small=signed_between(one.low, one.high) or "too few rows")


def _figure(found: Importance, everyone: Sequence[FeatureImportance]) -> Iterator[Figure]:
    name = metric_name(found.metric)
    told = Told(
        name="importance",
        title="What the answers rest on",
        says=(
            f"Loss of {name} when one column is shuffled, with 95 % intervals. Most important: "
            f"{listed(tuple(named(one.feature) for one in everyone[:3])) or 'none'}."
        ),
        axis=f"loss of {name} without the column",
        zero=True,
    )
    rows = [Level(name=named(one.feature), value=one.drop, low=one.low, high=one.high) for one in everyone]
    if picture := levels(told, rows):
        yield Figure(caption="Loss without each column, over all rows", svg=svg(picture, within="picture-"))
