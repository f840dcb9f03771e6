"""What are the independent units of the rows, and how far do their parts of an estimate lie around it?

Units are rows, or clusters: a cluster's part is the sum of its rows', for rows of one cluster err together (Liang and
Zeger 1986, Biometrika 73:13-22). Sums over clusters are written down once, for the scans that follow.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import count

from gates.measure.numbers.bounds import Spread
from gates.measure.numbers.exact import moments, power_of, sizes
from gates.measure.prepared import Prepared
from gates.measure.scan.dialect import double, finest, fixed
from gates.measure.scan.engine import Engine
from gates.measure.scan.view import View

_NUMBERS = count()
"""What is written down has a name of its own."""


def written(engine: Engine, query: str) -> View:
    """Write a query's rows down for the scans that follow."""
    return engine.derive(f"numbers_{next(_NUMBERS)}", query, kept=True)


def with_parts(prepared: Prepared, parts: Iterable[str]) -> tuple[Prepared, dict[str, str]]:
    """Return the rows with a column for each expression, and the columns' names."""
    names = {part: f"p{at}" for at, part in enumerate(dict.fromkeys(parts))}
    listed = "".join(f", {part} AS {column}" for part, column in names.items())
    return replace(prepared, view=f"(SELECT *{listed} FROM {prepared.view})"), names  # noqa: S608 - ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """Rows or clusters, with columns of parts: of a cluster, the sums of its rows."""

    engine: Engine
    view: str
    units: int
    rows: int
    weight: str
    """SQL of the number of rows in a unit."""
    unit: str
    """What messages call it: `row` or `cluster`."""

    def influence(self, slopes: Mapping[str, float], means: Mapping[str, float]) -> str:
        """Return a unit's influence on a function of means, in SQL, from the slope and the mean of each column."""
        terms = (
            f"{double(slope)} * ({column} - {double(means[column])}{self.weight})" for column, slope in slopes.items()
        )
        return " + ".join(terms) or "0e0"

    def spreads(self, influences: Iterable[str]) -> dict[str, Spread]:
        """Return the spread of each influence, whose mean is 0; takes two scans for all."""
        grown = self.units / self.rows
        found = moments(self.engine, self.view, dict.fromkeys(influences), self.units)
        return {sql: _spread(of, self.units, grown) for sql, of in found.items()}


def units_of(rows: Prepared, columns: Iterable[str]) -> Units:
    """Return the rows, or where they have clusters the clusters with the sums of some columns."""
    if rows.clusters is None:
        return Units(engine=rows.engine, view=rows.view, units=rows.count, rows=rows.count, weight="", unit="row")
    wanted = tuple(dict.fromkeys(columns))
    largest = sizes(rows.engine, rows.view, wanted)
    sums = "".join(f", {_summed(column, largest[column], rows.count)} AS {column}" for column in wanted)
    query = f"SELECT count(*) AS n{sums} FROM {rows.view} GROUP BY cluster"  # noqa: S608 - ours
    view = written(rows.engine, query)
    return Units(
        engine=rows.engine,
        view=view.name,
        units=view.rows,
        rows=rows.count,
        weight=" * CAST(n AS DOUBLE)",
        unit="cluster",
    )


def _summed(column: str, largest: float, rows: int) -> str:
    """Return a sum that is a double again, its integers in units chosen by the largest size."""
    bits = finest(largest, rows)
    return f"CAST(sum({fixed(column, bits)}) AS DOUBLE) * {double(math.ldexp(1.0, -bits))}"


def _spread(of: tuple[float, ...], units: int, grown: float) -> Spread:
    largest, second, third, fourth = of
    return Spread(
        units=units,
        second=second,
        third=third,
        fourth=fourth,
        unit=math.ldexp(grown, power_of(largest)),
        largest=largest * grown,
    )
