"""Which number stands at a rank, without sorting all rows?

Rows are counted in equal bins, and only the bins that hold a wanted rank are read, or divided again while they are
full. Exact for any numbers; memory is bounded by `FETCHED`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gates.measure.numbers.exact import one_row
from gates.measure.scan.dialect import double
from gates.measure.scan.engine import Engine

BINS = 4096
FETCHED = 100_000
"""Most numbers that are read at once."""
Held = tuple[float, float, int]
"""Lowest and highest number of a range, and how many there are."""


def at_ranks(
    engine: Engine, view: str, expression: str, ranks: Iterable[int], *, fetched: int = FETCHED
) -> dict[int, float]:
    """Return the numbers at ranks; 0 is the smallest number's. The expression is a finite double."""
    wanted = sorted(set(ranks))
    ends = one_row(engine, view, {"n": "count(*)", "low": f"min({expression})", "high": f"max({expression})"})
    place = _Place(engine=engine, view=view, expression=expression, fetched=fetched)
    return place.within((float(ends["low"]), float(ends["high"]), int(ends["n"])), wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the numbers are, and how many are read at once."""

    engine: Engine
    view: str
    expression: str
    fetched: int

    def within(self, held: Held, wanted: list[int]) -> dict[int, float]:
        """Return the numbers at ranks within a range of values; ranks count from its low end."""
        low, high, count = held
        if low == high or not wanted:
            return dict.fromkeys(wanted, low)
        if count <= self.fetched:
            column = self.engine.reduce(f"SELECT x FROM {self._between(low, high)}")["x"]  # noqa: S608 - ours
            return {rank: float(column[rank].as_py()) for rank in wanted}
        found: dict[int, float] = {}
        below = 0
        for bin_ in self._bins(low, high):
            inside = [rank - below for rank in wanted if below <= rank < below + bin_[2]]
            if inside:
                found |= {below + rank: number for rank, number in self.within(bin_, inside).items()}
            below += bin_[2]
        return found

    def _bins(self, low: float, high: float) -> list[Held]:
        """Return the bins that are not empty, in order."""
        bin_ = f"floor((x - {double(low)}) / {double(high - low)} * {double(BINS - 1)})"
        rows: list[Mapping[str, float]] = self.engine.reduce(
            f"SELECT {bin_} AS bin, min(x) AS low, max(x) AS high, count(*) AS n "  # noqa: S608 - ours
            f"FROM {self._between(low, high)} GROUP BY 1"
        ).to_pylist()
        return [(float(row["low"]), float(row["high"]), int(row["n"])) for row in rows]

    def _between(self, low: float, high: float) -> str:
        """Return a query of one column, x: the numbers of a range."""
        held = f"(SELECT {self.expression} AS x FROM {self.view})"  # noqa: S608 - ours
        return f"(SELECT x FROM {held} WHERE x BETWEEN {double(low)} AND {double(high)})"  # noqa: S608 - ours
