"""How is a slice called, so that a reader knows which rows are meant?"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from gates.slice_facts import Slice, Where
from gates.wording import visible

LONGEST = 40
"""Characters of a column's name or of a value."""
MOST_VALUES = 5
DIGITS, LARGEST = 6, 1e15
"""Of a range's end."""
START = datetime(1970, 1, 1, tzinfo=UTC)


def slice_name(found: Slice) -> str:
    """Name a slice by what its rows have in their columns."""
    return " and ".join(map(where_name, found.where)) or "all rows"


def where_name(where: Where) -> str:
    """Say what a column holds: `race = black`, `age above 30 to 45`, `income missing`."""
    feature = brief(where.feature)
    if where.above is not None or where.upto is not None:
        return _or_missing(_range(feature, where), where)
    values = [brief(visible(value)) for value in where.among[:MOST_VALUES]]
    if len(where.among) > MOST_VALUES:
        values.append(f"{len(where.among) - MOST_VALUES} more")
    if where.others:
        values.append("rarer values")
    if not values:
        return f"{feature} missing" if where.missing else f"{feature} there"
    return _or_missing(f"{feature} = {' or '.join(values)}", where)


def brief(text: str, longest: int = LONGEST) -> str:
    """Cut a name that is too long to read the rest."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _or_missing(said: str, where: Where) -> str:
    return f"{said} or missing" if where.missing else said


def _range(feature: str, where: Where) -> str:
    above = None if where.above is None else _end(where.above, where)
    upto = None if where.upto is None else _end(where.upto, where)
    if above is not None and upto is not None:
        return f"{feature} above {above} to {upto}"
    return f"{feature} up to {upto}" if above is None else f"{feature} above {above}"


def _end(value: float, where: Where) -> str:
    if where.times:
        return _moment(value)
    return f"{value:,.0f}" if value.is_integer() and abs(value) < LARGEST else f"{value:.{DIGITS}g}"


def _moment(microseconds: float) -> str:
    try:
        return (START + timedelta(microseconds=microseconds)).strftime("%Y-%m-%d %H:%M")
    except OverflowError:  # beyond the calendar
        return f"{microseconds:.6g} µs after 1970"


def tells(slices: Sequence[Slice]) -> bool:
    """Is any of them proven to be worse than with the champion?"""
    return any(one.low is not None and one.low > 0 for one in slices)
