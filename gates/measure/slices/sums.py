"""What do the losses of the parts of a column add up to?"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from gates.measure.prepared import Prepared
from gates.measure.scan.ahead import ahead
from gates.measure.slices.cuts import Cut
from gates.measure.slices.losses import Losses


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Sums over some rows, in whole units of the losses."""

    rows: int = 0
    loss: int = 0
    """Of the challenger."""
    squares: int = 0
    lost: int = 0
    """Of the challenger's loss less the champion's; 0 without a champion."""
    lost_squares: int = 0
    apart: int = 0
    """Rows on which the two differ."""

    def __add__(self, other: "Sums") -> "Sums":
        """Put rows together."""
        return Sums(
            rows=self.rows + other.rows,
            loss=self.loss + other.loss,
            squares=self.squares + other.squares,
            lost=self.lost + other.lost,
            lost_squares=self.lost_squares + other.lost_squares,
            apart=self.apart + other.apart,
        )

    @property
    def mean(self) -> Fraction:
        """The challenger's mean loss, of at least one row."""
        return Fraction(self.loss, self.rows)

    @property
    def mean_lost(self) -> Fraction:
        """How much more the challenger loses on the mean row."""
        return Fraction(self.lost, self.rows)

    @property
    def variance(self) -> float:
        """Of the challenger's loss."""
        return _variance(self.rows, self.loss, self.squares)

    @property
    def variance_lost(self) -> float:
        """Of how much more the challenger loses."""
        return _variance(self.rows, self.lost, self.lost_squares)


def _variance(rows: int, total: int, squares: int) -> float:
    return float(Fraction(squares * rows - total * total, rows * max(rows - 1, 1)))


def sums(prepared: Prepared, losses: Losses, cuts: Sequence[Cut], where: str = "TRUE") -> dict[str, list[Sums]]:
    """Return the sums of each part of each column, of the rows that meet a condition, in few scans for all columns."""
    queries = {one.feature: _query(losses, one, where, champion=prepared.champion) for one in cuts}
    engine = ahead(prepared.engine, list(queries.values()))
    found: dict[str, list[Sums]] = {}
    for one in cuts:
        parts = [Sums() for _ in one.parts]
        for row in engine.reduce(queries[one.feature]).to_pylist():
            parts[int(row["part"])] = Sums(**{name: int(value) for name, value in row.items() if name != "part"})
        found[one.feature] = parts
    return found


def _query(losses: Losses, cut: Cut, where: str, *, champion: bool) -> str:
    lost = "(loss_challenger - loss_champion)"
    both = {
        "lost": f"sum({lost})",
        "lost_squares": f"sum({lost} * {lost})",
        "apart": f"sum(CASE WHEN {lost} <> 0 THEN 1 ELSE 0 END)",
    }
    summed = {
        "rows": "count(*)",
        "loss": "sum(loss_challenger)",
        "squares": "sum(loss_challenger * loss_challenger)",
        **(both if champion else {}),
    }
    listed = ", ".join(f"CAST({sql} AS HUGEINT) AS {name}" for name, sql in summed.items())
    return f"SELECT CAST({cut.sql} AS INTEGER) AS part, {listed} FROM {losses.view} WHERE {where} GROUP BY 1"  # noqa: S608 - ours
