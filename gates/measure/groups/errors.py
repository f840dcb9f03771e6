"""How large is the mean error of each group, and how sure can one be of it?

All groups are summed in one scan, as integers; moments up to the fourth tell how far from normal errors are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ldexp
from typing import Any

import numpy as np

from gates.confidence import NORMAL
from gates.measure.groups.cells import Column, coded
from gates.measure.groups.features import Feature
from gates.measure.groups.grouping import Grouping
from gates.measure.groups.limits import Counts, Floats, Pair, Scores
from gates.measure.numbers import bounds
from gates.measure.numbers.exact import power_of, scaled, sizes
from gates.measure.prepared import Prepared
from gates.measure.scan.dialect import finest, fixed, name
from gates.measure.unusable import UnusableError

NARROW = 62
"""Bits of a BIGINT below its sign, with one to spare."""
POWERS = (1, 2, 3, 4)
SMALLEST = -1000
"""Numbers are multiplied by no more than two to minus this, which a double can still say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Rows that agree in all groups: how many, and sums of the first four powers of each expression, exact."""

    groups: Mapping[str, Column]
    counts: Counts
    sums: Mapping[str, tuple[Any, ...]]
    """By expression: an array of fractions for each power."""
    scale: Mapping[str, int]
    """By expression: the power of two that sums are in units of."""


def sums_of(prepared: Prepared, features: Sequence[Feature], expressions: Sequence[str]) -> Sums:
    """Sum the powers of expressions over the rows of each group; two scans."""
    single = tuple(dict.fromkeys(part for feature in features for part in feature.parts))
    wanted = tuple(dict.fromkeys(expressions))
    scale = {sql: power_of(size) for sql, size in sizes(prepared.engine, prepared.view, wanted).items()}
    table = prepared.engine.reduce(_query(prepared, [prepared.groups[part] for part in single], wanted, scale))
    return Sums(
        groups={part: coded(table.column(prepared.groups[part])) for part in single},
        counts=np.array(table.column("counted").to_pylist(), dtype=np.int64),
        sums={
            sql: tuple(_fractions(table, at, power, prepared.count) for power in POWERS)
            for at, sql in enumerate(wanted)
        },
        scale=scale,
    )


def _query(prepared: Prepared, groups: Sequence[str], expressions: Sequence[str], scale: Mapping[str, int]) -> str:
    listed = ", ".join(name(group) for group in groups)
    scaled_ones = ", ".join(f"{scaled(sql, -scale[sql])} AS x{at}" for at, sql in enumerate(expressions))
    summed = ", ".join(
        f"CAST(sum({_whole(at, power, prepared.count)}) AS VARCHAR) AS s{at}_{power}"
        for at, _ in enumerate(expressions)
        for power in POWERS
    )
    inner = f"SELECT {listed}, {scaled_ones} FROM {prepared.view}"  # noqa: S608 - our names
    return f"SELECT {listed}, count(*) AS counted, {summed} FROM ({inner}) GROUP BY {listed}"  # noqa: S608 - as above


def _whole(at: int, power: int, rows: int) -> str:
    """Return a power of a column of sizes up to 1, as an integer."""
    if power == 1:
        return fixed(f"x{at}", finest(1.0, rows))
    return f"CAST(floor({scaled('*'.join([f'x{at}'] * power), NARROW)} + 0.5) AS BIGINT)"


def _fractions(table: Any, at: int, power: int, rows: int) -> Any:  # noqa: ANN401 - a pyarrow Table; an array of objects
    unit = Fraction(1, 2 ** (finest(1.0, rows) if power == 1 else NARROW))
    return np.array([Fraction(int(total)) * unit for total in table.column(f"s{at}_{power}").to_pylist()], dtype=object)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanSpread:
    """The mean of an expression in each group, by the moments of its rows; all in units of two to `scale`."""

    means: Floats
    spreads: tuple[bounds.Spread | None, ...]
    """None for a group without two rows."""
    scale: int
    floor: float = -np.inf
    """Less than this a mean cannot be."""

    @property
    def value(self) -> Floats:
        """The mean; raises `OverflowError` where a double cannot hold it."""
        return np.array([ldexp(float(mean), self.scale) for mean in self.means])

    def at(self, score: Scores) -> Pair:
        """Return Student's limits, corrected for skewness."""
        flat = [float(one) for one in np.ravel(score)]
        levels = tuple(NORMAL.cdf(sign * one) for sign in (-1, 1) for one in flat)
        columns = [_limits(mean, spread, levels) for mean, spread in zip(self.means, self.spreads, strict=True)]
        with np.errstate(over="ignore"):
            low, high = np.split(np.ldexp(np.stack(columns, axis=-1), self.scale), 2)
        low = np.maximum(low, self.floor)
        return (low, high) if np.ndim(score) else (low[0], high[0])


def _limits(value: float, spread: bounds.Spread | None, levels: tuple[float, ...]) -> Floats:
    if spread is None:
        return np.full(len(levels), np.nan)
    return np.asarray(bounds.quantiles(value, spread, levels), dtype=np.float64)


def mean_of(sums: Sums, grouping: Grouping, expression: str, power: int, floor: float = -np.inf) -> MeanSpread:
    """Return the mean of an expression in each group, times two to `power`."""
    totals = [_marginal(part, grouping) for part in sums.sums[expression]]
    moments = [_central([total[place] / int(rows) for total in totals]) for place, rows in enumerate(grouping.sizes)]
    return MeanSpread(
        means=np.array([float(one[0]) for one in moments]),
        spreads=tuple(_spread(one, int(rows)) for one, rows in zip(moments, grouping.sizes, strict=True)),
        scale=sums.scale[expression] + power,
        floor=floor,
    )


def _marginal(part: Any, grouping: Grouping) -> Any:  # noqa: ANN401 - arrays of fractions
    totals = np.full(grouping.count, Fraction(0), dtype=object)
    np.add.at(totals, grouping.codes, part)
    return totals


def _central(raw: list[Fraction]) -> tuple[Fraction, ...]:
    """Return the mean, and the second to fourth moments about it."""
    mean, second, third, fourth = raw
    return (
        mean,
        max(second - mean**2, Fraction(0)),
        third - 3 * mean * second + 2 * mean**3,
        max(fourth - 4 * mean * third + 6 * mean**2 * second - 3 * mean**4, Fraction(0)),
    )


def _spread(moments: tuple[Fraction, ...], rows: int) -> bounds.Spread | None:
    if rows < 2:  # noqa: PLR2004 - a variance needs two
        return None
    _, second, third, fourth = map(float, moments)
    return bounds.Spread(units=rows, second=second, third=third, fourth=fourth)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Answers minus labels in SQL, in units of two to `power`, so that no square is too large."""

    power: int
    of: Mapping[str, str]
    """By `challenger` and, with a champion, `champion`."""

    def expressions(self, metric: str) -> dict[str, str]:
        """Return what a metric is the mean of, by model, and as `change` the first minus the second."""
        found = {who: PARTS[metric].format(error) for who, error in self.of.items()}
        if "champion" in found:
            found["change"] = f"({found['challenger']}) - ({found['champion']})"
        return found


PARTS = {
    "mean_absolute_error": "abs({0})",
    "mean_error": "{0}",
    "mean_squared_error": "{0} * {0}",
    "root_mean_squared_error": "{0} * {0}",
}
"""What each metric is the mean of, or the root of the mean."""


def errors_of(prepared: Prepared) -> Errors:
    """Return the errors of each model; raises `UnusableError` for numbers that are infinite."""
    doubles = {column: f"CAST({name(column)} AS DOUBLE)" for column in ("label", *prepared.who)}
    largest = max(sizes(prepared.engine, prepared.view, doubles.values()).values())
    if not largest < np.inf:
        raise UnusableError("there are infinite numbers among labels and answers.")
    power = max(power_of(largest), SMALLEST)
    label = scaled(doubles["label"], -power)
    return Errors(power=power, of={who: f"({scaled(doubles[who], -power)} - {label})" for who in prepared.who})
