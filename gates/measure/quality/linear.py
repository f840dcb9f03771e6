"""Does one number alone tell a label that is a number? The leakage hints of a regression.

Both are rounded to whole steps of their range, so few that the sums of products are exact in doubles, in any order.
"""

import math
from collections.abc import Iterator

from gates.measure.quality.finding import found
from gates.measure.quality.looked import Looked
from gates.measure.quality.outline import Outline
from gates.measure.scan.view import Kind
from gates.quality_facts import QualityFinding
from gates.wording import number, percent

LEAST_ROWS = 20
NOTED = 0.9
NEARLY_ALL = 0.99
WHOLE_BITS = 52


def linear_leaks(looked: Looked, label: str, columns: tuple[str, ...]) -> Iterator[QualityFinding]:
    """Find numbers that equal a numeric label, or are nearly a straight line of it."""
    y = looked.outlines[label]
    if y.valued < LEAST_ROWS or y.low == y.high:
        return
    for column in columns:
        x = looked.outlines[column]
        if x.column.kind is Kind.NUMBER and x.low != x.high:
            yield from _leak(looked, x, y)


def _leak(looked: Looked, x: Outline, y: Outline) -> Iterator[QualityFinding]:
    row = looked.engine.reduce(_moments(looked, x, y)).to_pylist()[0]
    rows, column, label = row["n"], x.column.name, y.column.name
    if rows < LEAST_ROWS:
        return
    equal = row["same"] / rows
    if equal >= NEARLY_ALL:
        sentence = f"{column} equals the label {label} in {percent(equal)} of the rows: it is the answer, drop it."
        yield found("equals_label", sentence, column=column, value=equal, rows=row["same"])
        return
    size = abs(_correlation(row))
    if size >= NOTED:
        sentence = (
            f"{column} alone tells the label {label} (correlation {number(size)}): was it written after the label was "
            "known? If so, drop it."
        )
        yield found("predicts_label", sentence, column=column, value=size, correlation=size)


def _moments(looked: Looked, x: Outline, y: Outline) -> str:
    bits = (WHOLE_BITS - looked.view.rows.bit_length()) // 2
    steps = f"{_steps(x, bits)} AS x, {_steps(y, bits)} AS y"
    pairs = f"SELECT {steps}, {x.number} = {y.number} AS same FROM {looked.view.name}"  # noqa: S608 - quoted names
    return (
        "SELECT count(*) AS n, sum(x) AS x, sum(y) AS y, sum(x * x) AS xx, sum(y * y) AS yy, sum(x * y) AS xy, "  # noqa: S608 - as above
        f"count(CASE WHEN same THEN 1 END) AS same FROM ({pairs}) WHERE x IS NOT NULL AND y IS NOT NULL"
    )


def _steps(of: Outline, bits: int) -> str:
    """Return a number in steps of its range, from minus 2^(bits - 1) on."""
    low, high = of.low or 0.0, of.high or 0.0
    middle, half = low / 2 + high / 2, max(high / 2 - low / 2, 5e-324)
    return f"floor((({of.number}) - {middle:.17e}) / {half:.17e} * {2.0 ** (bits - 1):.17e} + 0.5e0)"


def _correlation(row: dict[str, float]) -> float:
    """Return Pearson's correlation from whole sums."""
    n, x, y = int(row["n"]), int(row["x"]), int(row["y"])
    across = n * int(row["xy"]) - x * y
    spread = (n * int(row["xx"]) - x * x) * (n * int(row["yy"]) - y * y)
    return across / math.sqrt(spread) if spread > 0 else 0.0
