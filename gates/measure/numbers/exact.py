"""What are sums of numbers over rows, the same to the last bit in whatever order and by however many threads?

Every expression is looked at twice: its largest size first, then its sum as integers in units chosen by that size.
"""

import math
from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from typing import Any, TypeVar

from gates.measure.scan.dialect import double, finest, fixed
from gates.measure.scan.engine import Engine

K = TypeVar("K", bound=Hashable)
NARROW = 62
"""Bits of a BIGINT below its sign, with one to spare; the engine sums such to integers that are twice as wide."""


def scaled(expression: str, power: int) -> str:
    """Return an expression times a power of two, which is exact."""
    return expression if power == 0 else f"({expression}) * {double(math.ldexp(1.0, power))}"


def power_of(largest: float) -> int:
    """Return the power of two that is above a size; 0 for 0."""
    return math.frexp(largest)[1]


def one_row(engine: Engine, view: str, columns: Mapping[str, str]) -> dict[str, Any]:
    """Return one row of aggregates; the names are `columns`'."""
    listed = ", ".join(f"{sql} AS {called}" for called, sql in columns.items())
    found: list[dict[str, Any]] = engine.reduce(f"SELECT {listed} FROM {view}").to_pylist()  # noqa: S608 - ours
    return found[0]


def sizes(engine: Engine, view: str, expressions: Iterable[str]) -> dict[str, float]:
    """Return the largest size of each expression; 0 where there are no rows."""
    columns = {sql: f"max(abs({sql}))" for sql in expressions}
    return {sql: float(size or 0.0) for sql, size in _asked(engine, view, columns).items()}


def means(engine: Engine, view: str, expressions: Iterable[str], rows: int) -> dict[str, float]:
    """Return the mean of each expression, right to the last digits of a double."""
    bits = {sql: finest(size, rows) for sql, size in sizes(engine, view, expressions).items()}
    columns = {sql: f"CAST(sum({fixed(sql, power)}) AS VARCHAR)" for sql, power in bits.items()}
    return {sql: _mean(total, bits[sql], rows) for sql, total in _asked(engine, view, columns).items()}


def moments(engine: Engine, view: str, expressions: Iterable[str], units: int) -> dict[str, tuple[float, ...]]:
    """Return for each expression its largest size, and its mean square, cube and fourth power.

    The latter are in units of the power of two above the size, so none is lost, however small the numbers are.
    """
    largest = sizes(engine, view, expressions)
    powers = {sql: power_of(size) for sql, size in largest.items()}
    names = {sql: f"x{at}" for at, sql in enumerate(powers)}
    inner = ", ".join(f"{scaled(sql, -powers[sql])} AS {column}" for sql, column in names.items())
    columns = {(sql, times): _summed(names[sql], times) for sql in powers for times in (2, 3, 4)}
    found = _asked(engine, f"(SELECT {inner} FROM {view})", columns)  # noqa: S608 - ours
    return {
        sql: (size, *(_mean(found[sql, times], NARROW, units) for times in (2, 3, 4))) for sql, size in largest.items()
    }


def _summed(column: str, times: int) -> str:
    """Return the sum of a power of a column that is below 1 in size, in units of 2^-62."""
    power = scaled(" * ".join([column] * times), NARROW)
    return f"CAST(sum(CAST(floor({power} + 0.5) AS BIGINT)) AS VARCHAR)"


def _mean(total: str | None, bits: int, rows: int) -> float:
    """Return a mean whose sum is in units of 2^-bits."""
    return float(Fraction(int(total or 0)) / (Fraction(2) ** bits * rows))


def _asked(engine: Engine, view: str, columns: Mapping[K, str]) -> dict[K, Any]:
    """Return aggregates by keys of any kind."""
    if not columns:
        return {}
    found = one_row(engine, view, {f"s{at}": sql for at, sql in enumerate(columns.values())})
    return {key: found[f"s{at}"] for at, key in enumerate(columns)}
