"""Which values of a column are missing, impossible, always the same, or written in two ways?"""

from collections.abc import Iterator

from gates.measure.quality.asked import QualityAsked
from gates.measure.quality.finding import found
from gates.measure.quality.lookalikes import lookalikes, shown
from gates.measure.quality.looked import Looked
from gates.measure.quality.texts import Texts, is_number
from gates.measure.scan.dialect import name, text
from gates.measure.scan.view import Kind
from gates.quality_facts import ColumnProfile, QualityFinding
from gates.wording import count, percent

EXACT = 1e15
"""Whole numbers up to this size are shown without decimals."""
MOSTLY = 0.5
"""A text column with at least so many numbers was meant to hold numbers."""


def of_values(looked: Looked, asked: QualityAsked, profile: ColumnProfile) -> Iterator[QualityFinding]:
    """Look at one column's values."""
    yield from _missing(profile, asked)
    if not profile.valued:
        return
    yield from _impossible(looked, asked, profile)
    yield from _constant(profile, asked)
    if (texts := looked.texts.get(profile.column)) is not None:
        yield from _written(looked, profile, texts)


def _missing(profile: ColumnProfile, asked: QualityAsked) -> Iterator[QualityFinding]:
    rows = profile.nulls + profile.nan
    if not rows or profile.column == asked.label:
        return
    share = rows / profile.rows
    if profile.column == asked.id:
        sentence = f"The id {profile.column} is missing in {count(rows, 'row')} ({percent(share)}): give each row one."
        yield found("null_ids", sentence, column=profile.column, value=share, rows=rows)
        return
    nan = f", {profile.nan:,} of them NaN" if profile.nan else ""
    sentence = f"{profile.column} lacks a value in {count(rows, 'row')} ({percent(share)}{nan}): " + (
        "drop the column, or find out why it is empty." if not profile.valued else "find out why before filling them."
    )
    yield found("nulls", sentence, column=profile.column, value=share, rows=rows, nan=float(profile.nan))


def _impossible(looked: Looked, asked: QualityAsked, profile: ColumnProfile) -> Iterator[QualityFinding]:
    if profile.infinite:
        share = profile.infinite / profile.valued
        sentence = (
            f"{profile.column} is infinite in {count(profile.infinite, 'row')} ({percent(share)}): "
            "look for a division by zero where the data are made."
        )
        yield found("infinite", sentence, column=profile.column, value=share, rows=profile.infinite)
    rows = _far(looked, asked, profile)
    if rows:
        sentence = (
            f"{profile.column} lies in {asked.far_future} or later in {count(rows, 'row')} "
            f"(the last is {profile.maximum}): is that a code for no date? Write null instead."
        )
        yield found("far_dates", sentence, column=profile.column, value=rows / profile.valued, rows=rows)


def _far(looked: Looked, asked: QualityAsked, profile: ColumnProfile) -> int:
    if profile.kind != Kind.TIME.value or str(profile.maximum) < asked.far_future:
        return 0
    late = f"{name(profile.column)} >= CAST({text(asked.far_future)} AS DATE)"
    query = f"SELECT count(CASE WHEN {late} THEN 1 END) AS n FROM {looked.view.name}"  # noqa: S608 - quoted
    return int(looked.engine.reduce(query).to_pylist()[0]["n"])


def _constant(profile: ColumnProfile, asked: QualityAsked) -> Iterator[QualityFinding]:
    if profile.column == asked.label or profile.valued < 2:  # noqa: PLR2004 - one row is constant by itself
        return
    if profile.distinct == 1 and not profile.distinct_at_least:
        said = f"{profile.column} is {_told(profile.most_frequent)} in all {profile.valued:,} rows that have a value"
        yield found(
            "constant", f"{said}: no model learns from it; drop it.", column=profile.column, rows=profile.valued
        )
    elif profile.most_frequent_share is not None and profile.most_frequent_share >= MOSTLY:
        sentence = (
            f"{profile.column} is {_told(profile.most_frequent)} in {percent(profile.most_frequent_share)} "
            "of the rows that have a value: is it of use?"
        )
        yield found("nearly_constant", sentence, column=profile.column, value=profile.most_frequent_share)


def _told(value: float | bool | str | None) -> str:  # noqa: FBT001 - one of a column's values
    """Say a value as it would be written; a whole number has no decimals."""
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return f"{value:.0f}"
    return repr(value)


def _written(looked: Looked, profile: ColumnProfile, texts: Texts) -> Iterator[QualityFinding]:
    if texts.blank:
        share = texts.blank / profile.valued
        sentence = f"{profile.column} is blank in {count(texts.blank, 'row')} ({percent(share)}): write null instead."
        yield found("blank_texts", sentence, column=profile.column, value=share, rows=texts.blank)
    others = profile.valued - texts.numbers - texts.blank
    if others and texts.numbers >= MOSTLY * (profile.valued - texts.blank):
        share = others / profile.valued
        sentence = (
            f"{profile.column} is a text of numbers, but for {count(others, 'row')} ({percent(share)})"
            f"{_examples(looked, profile.column)}: write null there, and numbers as numbers."
        )
        yield found("mixed_types", sentence, column=profile.column, value=share, rows=others)
    spread = looked.spreads.get(profile.column)
    if spread is not None and spread.values is not None:
        yield from _alike(profile, dict(zip(spread.values, spread.totals.tolist(), strict=True)))


def _examples(looked: Looked, column: str) -> str:
    spread = looked.spreads.get(column)
    odd = (
        [] if spread is None or spread.values is None else [v for v in spread.values if v.strip() and not is_number(v)]
    )
    return f" such as {shown(odd[0])}" if odd else ""


def _alike(profile: ColumnProfile, rows: dict[str, int]) -> Iterator[QualityFinding]:
    groups = lookalikes(rows)
    if not groups:
        return
    rarer = sum(sum(rows[value] for value in group) - max(rows[value] for value in group) for group in groups)
    most = max(groups, key=lambda group: (sum(rows[value] for value in group), group))
    named = " and ".join(f"{shown(value)} ({count(rows[value], 'row')})" for value in most[:3])
    sentence = (
        f"{profile.column} has {count(len(groups), 'value')} written in several ways, such as {named}: "
        "write each in one way."
    )
    yield found("lookalikes", sentence, column=profile.column, value=rarer / profile.valued, rows=rarer)


def of_names(looked: Looked) -> Iterator[QualityFinding]:
    """Look for columns whose names look alike."""
    for group in lookalikes(looked.outlines):
        named = " and ".join(map(shown, group[:3]))
        yield found("lookalikes", f"The columns {named} look alike: rename one of them.")
