"""What does each column hold? The profile that a reader sees first."""

import math
from datetime import date
from decimal import Decimal
from typing import Any

from gates.measure.quality.looked import Looked
from gates.measure.quality.outline import COUNTED_NUMBERS, Outline
from gates.measure.quality.spread import COUNTED_TEXTS, Spread, often
from gates.measure.rounding import rounded
from gates.measure.scan.view import Kind
from gates.quality_facts import ColumnProfile

ONE_IN_A_HUNDRED = 0.01


def profile(looked: Looked, column: str) -> ColumnProfile:
    """Return one column's profile."""
    outline, spread = looked.outlines[column], looked.spreads.get(column)
    kind = outline.column.kind
    distinct, bound = _distinct(outline, spread)
    value, share = _most_frequent(looked, outline, spread)
    texts = looked.texts.get(column)
    return ColumnProfile(
        column=column,
        type=outline.column.type,
        kind=kind.value,
        rows=looked.view.rows,
        nulls=outline.nulls,
        nan=outline.nan,
        infinite=outline.infinite,
        distinct=distinct,
        distinct_at_least=bound,
        minimum=_bound(outline, outline.low, outline.said_low),
        maximum=_bound(outline, outline.high, outline.said_high),
        mean=rounded(_mean(outline, spread)),
        most_frequent=value,
        most_frequent_share=share,
        zero_share=_share(_zeros(outline, spread), outline) if kind is Kind.NUMBER else None,
        negative_share=_share(_negative(looked, outline, spread), outline) if kind is Kind.NUMBER else None,
        shortest=texts.shortest if texts else None,
        longest=texts.longest if texts else None,
        blank=texts.blank if texts else None,
    )


def _mean(outline: Outline, spread: Spread | None) -> float | None:
    if outline.mean is not None or not outline.short or spread is None or spread.values is None:
        return outline.mean
    sums = [float(value) * rows for value, rows in zip(spread.values, spread.totals.tolist(), strict=True)]
    return math.fsum(sums) / outline.valued


def _zeros(outline: Outline, spread: Spread | None) -> int | None:
    if outline.zeros is not None or spread is None or spread.values is None:
        return outline.zeros
    return sum(int(rows) for value, rows in zip(spread.values, spread.totals.tolist(), strict=True) if value == 0)


def _distinct(outline: Outline, spread: Spread | None) -> tuple[int | None, bool]:
    """Return how many different values there are; for cells and uncounted texts, that there are more than a limit."""
    if not outline.valued:
        return 0, False
    if outline.column.kind is Kind.OTHER:
        return None, False
    if spread is not None and spread.values is not None:
        return len(spread.values) + _infinities(outline), False
    limit = COUNTED_TEXTS if outline.column.kind is Kind.TEXT else COUNTED_NUMBERS
    return limit + 1, True


def _infinities(outline: Outline) -> int:
    """Count infinity as one more value: the two of them are not told apart."""
    return 1 if outline.infinite else 0


def _bound(outline: Outline, number: float | None, said: str | None) -> float | str | None:
    return said if outline.column.kind is Kind.TIME else rounded(number)


def _most_frequent(
    looked: Looked, outline: Outline, spread: Spread | None
) -> tuple[float | bool | str | None, float | None]:
    """Return the value that most rows have, the smallest of several, and its share."""
    if not outline.valued or outline.column.kind is Kind.OTHER:
        return None, None
    if spread is not None and spread.values is not None and spread.values:
        totals = spread.totals
        place = int(totals.argmax())
        return plain(spread.values[place]), _share(int(totals[place]), outline)
    found = often(looked.engine, looked.view, outline) if _may_be_often(outline, spread) else None
    return (None, None) if found is None else (plain(found[0]), _share(found[1], outline))


def _may_be_often(outline: Outline, spread: Spread | None) -> bool:
    """Tell whether a cell is full enough to hide a frequent value."""
    return spread is None or int(spread.totals.max(initial=0)) >= outline.valued * ONE_IN_A_HUNDRED


def _negative(looked: Looked, outline: Outline, spread: Spread | None) -> int:
    if outline.low is None or outline.low >= 0:
        return 0
    if spread is None:
        return _below_zero(looked, outline)
    if spread.values is None:
        return int(spread.totals[spread.cells < 0].sum())
    return sum(int(rows) for value, rows in zip(spread.values, spread.totals.tolist(), strict=True) if value < 0)


def _below_zero(looked: Looked, outline: Outline) -> int:
    query = f"SELECT count(*) AS n FROM {looked.view.name} WHERE {outline.number} < 0"  # noqa: S608 - quoted names
    return int(looked.engine.reduce(query).to_pylist()[0]["n"])


def _share(rows: int | None, outline: Outline) -> float | None:
    return rounded(rows / outline.valued) if rows is not None and outline.valued else None


def plain(value: Any) -> float | bool | str | None:  # noqa: ANN401 - whatever a column holds
    """Return a value as JSON can hold it."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float | Decimal):
        number = float(value)
        return rounded(number) if math.isfinite(number) else str(number)
    return value.isoformat() if isinstance(value, date) else str(value)
