"""Into which parts does a column cut the rows: values, or ranges of equally many rows?"""

import math
from dataclasses import dataclass

from gates.measure.numbers.exact import one_row
from gates.measure.numbers.ranks import at_ranks
from gates.measure.prepared import Prepared
from gates.measure.rounding import rounded
from gates.measure.scan.dialect import double, microseconds, text
from gates.measure.scan.view import Column, Kind
from gates.slice_facts import Where

FEW = 12
"""Values of a column that are parts by themselves; of texts with more, the most frequent ones are."""
MOST_TEXTS = 1_000
"""A column with more of them is an id or a document."""
PARTS = 5
"""Ranges of numbers, of about equally many rows each."""
LEAST_PARTS = 2
MISSING = 0
"""The number of the part without a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A column's parts, by number."""

    feature: str
    sql: str
    """A row's part."""
    parts: tuple[Where, ...]
    """The first is of rows without a value."""
    ordered: bool
    """Whether the parts rise, so that only neighbours are put together."""


def cut(prepared: Prepared, feature: str, column: Column) -> Cut | str:
    """Cut a column; a sentence says why it cannot be."""
    if column.kind is Kind.OTHER:
        return f"{feature} holds {column.type}, which has no parts."
    number = _number(column)
    if number is None:
        return _by_value(prepared, feature, column)
    counted = one_row(
        prepared.engine,
        _there(prepared, number),
        {"rows": "count(*)", "many": "approx_count_distinct(x)"},
    )
    if not counted["rows"]:
        return f"{feature} has no value."
    if column.integer and counted["many"] <= 2 * FEW:
        return _by_value(prepared, feature, column)
    return _ranges(prepared, feature, column, number, int(counted["rows"]))


def _number(column: Column) -> str | None:
    """Return a number or a moment as a finite double, NULL where it is none; None for texts and truth values."""
    if column.kind is Kind.TIME:
        return f"CAST({microseconds(column.name)} AS DOUBLE)"
    if column.kind is not Kind.NUMBER:
        return None
    plain = f"CAST({column.name} AS DOUBLE)"
    return f"CASE WHEN isfinite({plain}) THEN {plain} END"


def _there(prepared: Prepared, number: str) -> str:
    """Return the rows that have a number, as x."""
    return f"(SELECT x FROM (SELECT {number} AS x FROM {prepared.view}) WHERE x IS NOT NULL)"  # noqa: S608 - ours


def _by_value(prepared: Prepared, feature: str, column: Column) -> Cut | str:
    """Make the most frequent values parts of their own, and one of all others."""
    value = f"CAST({column.name} AS VARCHAR)"
    rough = one_row(prepared.engine, prepared.view, {"many": f"approx_count_distinct({column.name})"})["many"]
    if rough > 2 * MOST_TEXTS:
        return f"{feature} has too many different values for parts that mean something."
    found = prepared.engine.reduce(
        f"SELECT value, count(*) AS n FROM (SELECT {value} AS value FROM {prepared.view}) "  # noqa: S608 - our names
        "WHERE value IS NOT NULL GROUP BY value"
    ).to_pylist()
    frequent = sorted(found, key=lambda row: (-int(row["n"]), str(row["value"])))
    named = [str(row["value"]) for row in frequent[:FEW]]
    whole = column.kind is Kind.NUMBER and len(frequent) <= FEW
    named = sorted(named, key=float) if whole else named
    others = [Where(feature=feature, others=True)] if len(frequent) > len(named) else []
    if len(named) + len(others) < LEAST_PARTS:
        return f"{feature} is the same in all rows."
    cases = " ".join(f"WHEN {text(one)} THEN {place}" for place, one in enumerate(named, start=1))
    return Cut(
        feature=feature,
        sql=f"CASE WHEN {column.name} IS NULL THEN {MISSING} ELSE CASE {value} {cases} ELSE {len(named) + 1} END END",
        parts=(
            Where(feature=feature, missing=True),
            *(Where(feature=feature, among=(one,)) for one in named),
            *others,
        ),
        ordered=whole,
    )


def _ranges(prepared: Prepared, feature: str, column: Column, number: str, rows: int) -> Cut | str:
    """Cut numbers into ranges of about equally many rows; equal numbers are not parted."""
    ranks = [math.ceil(rows * part / PARTS) - 1 for part in range(1, PARTS)]
    found = at_ranks(prepared.engine, _there(prepared, number), "x", [*ranks, rows - 1])
    highest = found[rows - 1]
    ends = [one for one in sorted({found[rank] for rank in ranks}) if one < highest]
    if not ends:
        return f"{feature} is the same in nearly all rows."
    times = column.kind is Kind.TIME
    below = " ".join(f"WHEN {number} <= {double(one)} THEN {place}" for place, one in enumerate(ends, start=1))
    told = [rounded(one) for one in ends]
    return Cut(
        feature=feature,
        sql=f"CASE WHEN ({number}) IS NULL THEN {MISSING} {below} ELSE {len(ends) + 1} END",
        parts=(
            Where(feature=feature, missing=True),
            *(
                Where(feature=feature, above=above, upto=upto, times=times)
                for above, upto in zip([None, *told], [*told, None], strict=True)
            ),
        ),
        ordered=True,
    )
