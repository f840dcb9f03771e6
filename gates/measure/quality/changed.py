"""In what do the columns differ from those of a reference, such as the training data?

Whether distributions moved is drift's question; here it is whether the data are of the same making.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from gates.measure.classes import key
from gates.measure.quality.asked import QualityAsked
from gates.measure.quality.finding import found
from gates.measure.quality.looked import MOST_CLASSES, Looked
from gates.measure.quality.outline import Outline
from gates.measure.quality.spread import Labels
from gates.measure.scan.dialect import name
from gates.measure.scan.near import near
from gates.measure.scan.view import Kind
from gates.quality_facts import QualityFinding
from gates.wording import count, listed, percent, signed

ORDERED = frozenset({Kind.NUMBER, Kind.TIME})


def against_reference(looked: Looked, reference: Looked, asked: QualityAsked) -> Iterator[QualityFinding]:
    """Compare the columns with the reference's; ids and times are others, as they should be."""
    for column, before in reference.outlines.items():
        now = looked.outlines.get(column)
        if now is None:
            yield _absent(looked, column)
        elif now.column.kind is not before.column.kind:
            sentence = f"{column} is {now.column.type}, and {before.column.type} in the reference: convert one of them."
            yield found("type_changed", sentence, column=column)
    for column in looked.outlines:
        if column not in reference.outlines:
            yield found("column_new", f"{column} is not among the reference's columns.", column=column)
    yield from _nulls(looked, reference)
    label = asked.label if looked.labels is not None else None
    besides = frozenset({asked.id, asked.time, label})
    yield from _ranges(looked, reference, besides)
    yield from _categories(looked, reference, besides)
    if looked.labels is not None and label is not None and label in reference.outlines:
        yield from _labels(looked, reference, looked.labels, label)


def _absent(looked: Looked, column: str) -> QualityFinding:
    close = near(column, looked.outlines)
    hint = f" (there is {', '.join(close)})" if close else ""
    sentence = f"The reference has a column {column}, and these data have none{hint}: add it, or drop it there too."
    return found("column_absent", sentence, column=column)


def _both(looked: Looked, reference: Looked) -> Iterator[tuple[str, Outline, Outline]]:
    """Return the columns that are of one kind in both."""
    for column, now in looked.outlines.items():
        before = reference.outlines.get(column)
        if before is not None and before.column.kind is now.column.kind:
            yield column, now, before


def _nulls(looked: Looked, reference: Looked) -> Iterator[QualityFinding]:
    if not reference.view.rows or not looked.view.rows:
        return
    for column, now, before in _both(looked, reference):
        missing = now.nulls + now.nan
        share, was = missing / looked.view.rows, (before.nulls + before.nan) / reference.view.rows
        if share > was:
            sentence = (
                f"{column} lacks a value in {percent(share)} of the rows, and in {percent(was)} of the reference's "
                f"({signed((share - was) * 100)} points): look where it comes from."
            )
            yield found(
                "null_growth", sentence, column=column, value=share - was, rows=missing, share=share, reference=was
            )


def _ranges(looked: Looked, reference: Looked, besides: frozenset[str | None]) -> Iterator[QualityFinding]:
    left = [
        (column, now, before)
        for column, now, before in _both(looked, reference)
        if column not in besides and now.column.kind in ORDERED and _leaves(now, before)
    ]
    if not left:
        return
    parts = [
        f"count(CASE WHEN {now.number} < {before.low:.17e} OR {now.number} > {before.high:.17e} THEN 1 END) AS n{place}"
        for place, (_, now, before) in enumerate(left)
    ]
    row = looked.engine.reduce(f"SELECT {', '.join(parts)} FROM {looked.view.name}").to_pylist()[0]  # noqa: S608 - quoted names
    for place, (column, now, before) in enumerate(left):
        rows = int(row[f"n{place}"])
        if rows:
            yield _left(column, now, before, rows)


def _leaves(now: Outline, before: Outline) -> bool:
    if now.low is None or now.high is None or before.low is None or before.high is None:
        return False
    return now.low < before.low or now.high > before.high


def _left(column: str, now: Outline, before: Outline, rows: int) -> QualityFinding:
    share = rows / now.valued
    sentence = (
        f"{column} lies outside the reference's range, {_range(before)}, in {count(rows, 'row')} ({percent(share)}); "
        f"here it is {_range(now)}: look for another unit or a mistake."
    )
    return found("range_left", sentence, column=column, value=share, rows=rows)


def _range(outline: Outline) -> str:
    low, high = (
        (outline.said_low, outline.said_high) if outline.column.kind is Kind.TIME else (outline.low, outline.high)
    )
    return f"{low if isinstance(low, str) else f'{low:g}'} to {high if isinstance(high, str) else f'{high:g}'}"


def _categories(looked: Looked, reference: Looked, besides: frozenset[str | None]) -> Iterator[QualityFinding]:
    for column, now, _before in _both(looked, reference):
        here, there = looked.spreads.get(column), reference.spreads.get(column)
        if column in besides or here is None or there is None or here.values is None or there.values is None:
            continue
        known = set(there.values)
        new = {value: rows for value, rows in zip(here.values, here.totals.tolist(), strict=True) if value not in known}
        if new:
            yield _new(column, now, new)


def _labels(looked: Looked, reference: Looked, labels: Labels, label: str) -> Iterator[QualityFinding]:
    """Find classes that the reference does not have, whatever their types on both sides."""
    rows = (
        f"SELECT DISTINCT CAST({name(label)} AS VARCHAR) AS value FROM {reference.view.name} LIMIT {MOST_CLASSES + 1}"  # noqa: S608 - quoted
    )
    values = reference.engine.reduce(rows)["value"].to_pylist()
    known, spread = {key(value) for value in values}, looked.spreads.get(label)
    if len(values) > MOST_CLASSES or spread is None or spread.values is None:
        return
    counted = zip((key(value) for value in spread.values), spread.totals.tolist(), strict=True)
    new = {one: rows for one, rows in counted if one is not None and one in labels.classes and one not in known}
    if new:
        yield _new(label, looked.outlines[label], new)


def _new(column: str, now: Outline, new: Mapping[Any, int]) -> QualityFinding:
    rows = sum(new.values())
    named = listed(tuple(repr(value) for value in sorted(new, key=lambda value: (-new[value], value))))
    sentence = (
        f"{column} has {count(len(new), 'value')} that the reference does not have, in {count(rows, 'row')} "
        f"({percent(rows / now.valued)}): {named}. A model has not learnt them: map them, or train again."
    )
    return found("new_categories", sentence, column=column, value=rows / now.valued, rows=rows, values=float(len(new)))
