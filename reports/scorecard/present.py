"""Who is in the data, and who is not?"""

from collections.abc import Iterator

from gates.fairness_facts import GroupSize
from gates.wording import count, percent
from reports.scorecard.groups import NO_GROUPS
from reports.scorecard.source import Source
from reports.scorecard.table import (
    MOST_ROWS,
    MOST_TABLES,
    NOTHING,
    Cell,
    Part,
    Row,
    Section,
    Table,
    feature_name,
    group_name,
    more,
    said,
)

TITLE = "Who is in the data"
SAYS = (
    "Shares are of the rows that the model was measured on. Whether they are those of the people it will "
    "judge cannot be seen from the data: nobody supplied what shares to expect."
)
NO_SIZES = "the sizes of groups are not in the evidence, which is older than they are."
SMALL = 30
"""Rows below which no interval of a group is told."""


def representation(source: Source) -> Section:
    """Tell how many rows each group has, how many of them are positive, and which combinations nobody has."""
    sizes = source.treatment.sizes
    if not sizes:
        why = NO_SIZES if source.treatment.numbers else NO_GROUPS
        return Section(id="data", title=TITLE, missing=why)
    return Section(
        id="data",
        title=TITLE,
        says=(SAYS,),
        tables=(_table(source, sizes),),
        notes=tuple(_notes(source)),
    )


def _table(source: Source, sizes: tuple[GroupSize, ...]) -> Table:
    positives = any(one.positives is not None for one in sizes)
    by: dict[str, list[GroupSize]] = {}
    for one in sizes:
        by.setdefault(one.feature, []).append(one)
    shown = {feature: _ends(by[feature]) for feature in list(by)[:MOST_TABLES]}
    where = f"between the largest and the smallest, {source.beside}"
    notes = [more(len(shown), len(by), "feature", source.beside)]
    for feature, rows in shown.items():
        left = more(len(rows), len(by[feature]), "group", where)
        notes.append(f"{feature_name(feature)}: {left}" if left else "")
    return Table(
        caption="Rows of each group",
        columns=("group", "rows", "share", *(("labelled positive",) if positives else ())),
        parts=tuple(
            Part(head=feature_name(feature), rows=tuple(_row(one, positives=positives) for one in rows))
            for feature, rows in shown.items()
        ),
        notes=tuple(filter(None, notes)),
    )


def _ends(sizes: list[GroupSize]) -> list[GroupSize]:
    """Return groups by size; of very many, the largest and the smallest."""
    ordered = sorted(sizes, key=lambda one: (-one.rows, one.group))
    half = MOST_ROWS // 2
    return ordered if len(ordered) <= MOST_ROWS else [*ordered[:half], *ordered[-half:]]


def _row(one: GroupSize, *, positives: bool) -> Row:
    marks = [*(["reference"] if one.reference else []), *(["small group"] if one.rows < SMALL else [])]
    share = NOTHING if one.positives is None else said(one.positives)
    cells = (Cell(text=f"{one.rows:,}"), Cell(text=percent(one.share)), *((Cell(text=share),) if positives else ()))
    return Row(head=group_name(one.group), small=", ".join(marks), cells=cells)


def _notes(source: Source) -> Iterator[str]:
    for one in source.treatment.representation[:MOST_TABLES]:
        if one.missing:
            rows = count(one.missing, "row")
            yield f"{feature_name(one.feature)} is not known of {rows}, which are a group of their own: (missing)."
        if one.absent_count:
            names = "; ".join(map(group_name, one.absent))
            rest = f"; and {one.absent_count - len(one.absent):,} more" if one.absent_count > len(one.absent) else ""
            yield f"No row has these combinations of {feature_name(one.feature)}: {names}{rest}."
