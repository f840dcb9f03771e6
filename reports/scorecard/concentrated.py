"""Where do errors concentrate, and where does the challenger lose most?"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from gates.slice_facts import Slice, Slices, Where
from gates.wording import visible
from reports.scorecard.source import Source
from reports.scorecard.table import (
    Cell,
    Row,
    Section,
    Table,
    between,
    named,
    said,
    sentence,
    signed,
    signed_between,
    simple,
)

TITLE = "Where errors concentrate"
MOST_VALUES = 6
START = datetime(1970, 1, 1, tzinfo=UTC)


def concentrated(source: Source) -> Section:
    """Tell the parts of a shallow tree, and the slices where the challenger loses most."""
    found = source.slices
    if found is None:
        why = "no part of the rows was looked at: nothing was compared, or no column could be cut."
        return Section(id="slices", title=TITLE, missing=why)
    tables = (_errors(found), _worst(found))
    return Section(
        id="slices",
        title=TITLE,
        says=tuple(_says(found)),
        tables=tuple(table for table in tables if not table.empty),
        notes=tuple(sentence(line) for line in found.left_out[:MOST_VALUES]),
    )


def _says(found: Slices) -> Iterator[str]:
    whole = between(found.whole.challenger_low, found.whole.challenger_high)
    interval = f" ({whole})" if whole else ""
    yield f"Over all {found.whole.rows:,} rows, the {named(found.loss)} is {said(found.whole.challenger)}{interval}."
    if not found.errors:
        yield "No part by one or two columns has a clearly higher one than others."
    else:
        yield (
            "A shallow tree parts rows by one or two columns, so that errors differ most. Parts were looked for, so "
            "the worst looks worse than it is; intervals hold for all of them together."
        )


def _errors(found: Slices) -> Table:
    return simple(
        f"Parts of the rows, by {named(found.loss)}, highest first",
        ("rows where", "rows", named(found.loss), "against all rows"),
        tuple(
            Row(
                head=where(one),
                cells=(
                    Cell(text=f"{one.rows:,}"),
                    Cell(text=said(one.challenger), small=between(one.challenger_low, one.challenger_high)),
                    Cell(text=_times(one, found.whole)),
                ),
            )
            for one in found.errors
        ),
    )


def _times(one: Slice, whole: Slice) -> str:
    return signed(one.challenger) if whole.challenger <= 0 else f"{one.challenger / whole.challenger:.2g} times"


def _worst(found: Slices) -> Table:
    return simple(
        f"Where the challenger loses most against the champion, of {found.looked_at:,} parts by one column",
        ("rows where", "rows", "champion", "challenger", "higher by"),
        tuple(
            Row(
                head=where(one),
                cells=(
                    Cell(text=f"{one.rows:,}"),
                    Cell(text=said(one.champion)),
                    Cell(text=said(one.challenger)),
                    Cell(text=signed(one.difference), small=signed_between(one.low, one.high) or "too few rows"),
                ),
            )
            for one in found.worst
        ),
    )


def where(one: Slice) -> str:
    """Say what the rows of a slice have."""
    return " and ".join(map(_has, one.where)) or "all rows"


def _has(one: Where) -> str:
    values = [named(visible(value)) for value in one.among]
    if one.others:
        values.append("a rare value")
    if one.missing:
        values.append("no value")
    limits = _limits(one)
    either = " or ".join(filter(None, (limits, f"is {_either(values)}" if values else "")))
    return f"{named(one.feature)} {either or 'is anything'}"


def _either(values: list[str]) -> str:
    shown, left = values[:MOST_VALUES], len(values) - MOST_VALUES
    return " or ".join([*shown, f"one of {left} more"] if left > 0 else shown)


def _limits(one: Where) -> str:
    above = "" if one.above is None else f"above {_number(one.above, times=one.times)}"
    upto = "" if one.upto is None else f"up to {_number(one.upto, times=one.times)}"
    return " and ".join(filter(None, (above, upto)))


def _number(value: float, *, times: bool) -> str:
    if not times:
        return f"{value:,.6g}"
    try:
        return (START + timedelta(microseconds=value)).strftime("%Y-%m-%d %H:%M")
    except (OverflowError, ValueError):  # beyond the calendar
        return f"{value / 1e6:,.6g} s after 1970"
