"""How are names, values and a few functions written in an engine's SQL?

Reductions are written in the SQL that DuckDB and Spark share; what they write differently stands here and nowhere else.
`floor` before every cast to an integer: DuckDB rounds there, Spark truncates.
"""

import math
from collections.abc import Iterable

from gates.measure.unusable import UnusableError

WIDEST = 126
"""Bits of the largest integer that both engines can sum to, with one to spare: 10^38 lies between 2^126 and 2^127."""
FINEST = 900
"""Bits behind the point beyond which a double could not say the unit."""


def name(column: str) -> str:
    """Return a column's name as SQL."""
    return '"' + column.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return a text as SQL."""
    return "'" + value.replace("'", "''") + "'"


def number(expression: str) -> str:
    """Return a number as a double, and NaN as NULL; integers beyond 2^53 become the nearest double."""
    return f"CASE WHEN NOT isnan(CAST({expression} AS DOUBLE)) THEN CAST({expression} AS DOUBLE) END"


MACROS = (
    "CREATE TEMP MACRO finite_micros(x) AS CASE WHEN isfinite(x) THEN epoch_us(x) END",
    "CREATE TEMP MACRO finite_floor(x) AS TRY_CAST(floor(x) AS BIGINT)",
)
"""What `microseconds` and `nearest` are made of in DuckDB, whose dates and moments can be infinite, too."""


def nearest(expression: str) -> str:
    """Return the nearest integer to a double below 2^53; NULL for infinities and NaN."""
    return f"finite_floor(({expression}) + 0.5)"


def microseconds(expression: str) -> str:
    """Return a date or a moment in microseconds since 1970, as an integer; NULL where it is infinite."""
    return f"finite_micros({expression})"


def double(value: float) -> str:
    """Return a finite number as SQL that both engines take for a double, and for exactly this one."""
    return f"CAST({text(repr(float(value)))} AS DOUBLE)"


def fixed(expression: str, bits: int) -> str:
    """Return a number in units of 2^-bits, as an integer whose sums are exact in any order.

    The expression's size may not exceed 2^(126 - bits) divided by the number of rows, see `finest`: beyond it, and for
    infinities and NaN, the cast or the sum fails (`Engine.reduce` raises `UnusableError`) and no number is wrong.
    """
    return f"CAST(floor(({expression}) * {double(math.ldexp(1.0, bits))} + 0.5) AS HUGEINT)"


def finest(largest: float, rows: int) -> int:
    """Return how many bits behind the point `fixed` can keep of numbers up to a size, so that no sum overflows.

    Doubles have 53 bits, so from 10^-12 of `largest` on nothing is lost at up to 10^9 rows. Raises `UnusableError`
    where there is no largest number.
    """
    if not math.isfinite(largest):
        raise UnusableError("infinite values cannot be summed.")
    exponent = math.frexp(largest)[1] if largest else 0
    return min(FINEST, WIDEST - exponent - max(rows, 1).bit_length())


def within(expression: str, values: Iterable[str]) -> str:
    """Return whether an expression is one of some SQL values; false for none."""
    listed = ", ".join(values)
    return f"coalesce({expression} IN ({listed}), FALSE)" if listed else "FALSE"
