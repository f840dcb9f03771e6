"""How far has one column moved, by every size of effect, before anything is decided?"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gates.drift_facts import Role
from gates.measure.drift import chance, classes, distances, significance, tables
from gates.measure.drift.cells import Cells
from gates.measure.drift.classes import Classes
from gates.measure.drift.side import Counted
from gates.measure.drift.tails import chi2_tail
from gates.measure.rounding import rounded
from gates.measure.scan.engine import Kind

LARGE = 1e150
SHRUNK = 2.0**-520


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One column of both sides, measured and not yet judged."""

    name: str
    role: Role
    numbers: dict[str, Any]
    """Fields of `ColumnDrift` that are known already."""
    effect: float | None = None
    """Adjusted Jensen-Shannon distance."""
    reach: tuple[float, float] | None = None
    """The least and the largest that it can be, where histograms do not tell it exactly."""
    p_value: float | None = None
    degrees: int = 1
    """Of chi-squared over all classes."""
    blind: bool = False
    """Are there so many values that occur once that chance alone would set both sides apart?"""
    sizes: tuple[int, int] = (0, 0)
    missing: tuple[int, int, int, int] | None = None
    """Missing values and rows of the reference, the same of the current side."""
    missing_p_value: float | None = None
    problem: str = ""

    def doubtful(self, limit: float) -> bool:
        """Do histograms leave open whether the effect is above a limit?"""
        return self.reach is not None and self.reach[0] <= limit <= self.reach[1]


def compare(name: str, role: Role, sides: tuple[Counted | None, Counted | None]) -> Compared:
    """Measure one column; a problem is said where it cannot be."""
    reference, current = sides
    problem = _problem(name, reference, current)
    if problem or reference is None or current is None:
        return Compared(name=name, role=role, numbers={}, problem=problem)
    found = Compared(
        name=name,
        role=role,
        numbers={"kind": reference.kind.value, "reference_rows": reference.present, "current_rows": current.present},
        sizes=(reference.present, current.present),
    )
    return _values(_missing(found, reference, current), reference, current)


def _problem(name: str, reference: Counted | None, current: Counted | None) -> str:
    if reference is None:
        return "the reference has no such column." if current else f"{name} is on neither side."
    if current is None:
        return "the current rows have no such column."
    if reference.kind is not current.kind:
        return f"it was {reference.type} in the reference and is {current.type} now."
    return reference.problem or current.problem


def _missing(found: Compared, reference: Counted, current: Counted) -> Compared:
    if not reference.rows or not current.rows:
        return found
    counts = (reference.missing, reference.rows, current.missing, current.rows)
    if not reference.missing + current.missing:
        return replace(found, missing=counts)
    table = [np.array([side.missing, side.present], dtype=np.int64) for side in (reference, current)]
    kept = (table[0] + table[1]) > 0
    return replace(found, missing=counts, missing_p_value=significance.of_table(table[0][kept], table[1][kept]))


def _values(found: Compared, reference: Counted, current: Counted) -> Compared:
    if not reference.present or not current.present:
        return found
    if reference.numbers is not None and current.numbers is not None:
        origin = reference.numbers.origin
        unit = 1e-6 if reference.kind is Kind.TIME else 1.0
        return _of_numbers(found, (reference.numbers.at(origin), current.numbers.at(origin)), (origin, unit))
    if reference.categories is None or current.categories is None:
        return found
    pair = (reference.categories, current.categories)
    bucketed = any(side.bucketed for side in pair)
    if bucketed:
        found.numbers["kind"] = "text in buckets"
        pair = (pair[0].in_buckets(), pair[1].in_buckets())
    return _of_categories(found, classes.of_categories(*pair), bucketed=bucketed)


def _of_numbers(found: Compared, cells: tuple[Cells, Cells], scale: tuple[int, float]) -> Compared:
    origin, unit = scale
    table = classes.of_numbers(*cells)
    near, factor = _within_reach(cells)
    apart = distances.apart(*near)
    ks = apart.kolmogorov
    ks_p_value = significance.kolmogorov_smirnov(ks.least, *found.sizes)
    numbers = {
        "ks": rounded(ks.value),
        "ks_error_bound": rounded(ks.bound) if ks.bound else None,
        "ks_p_value": rounded(significance.kolmogorov_smirnov(ks.value, *found.sizes)),
        **_moved(apart.wasserstein, near[0].finite().deviation(), unit / factor),
        "reference_median": rounded((cells[0].median() + origin) * unit),
        "current_median": rounded((cells[1].median() + origin) * unit),
        "test": "chi-squared of the larger side's deciles and Kolmogorov-Smirnov, the smaller p-value doubled",
    }
    counted = _counted(found, table)
    p_value = min(1.0, 2 * min(_bins_p_value(cells, table), ks_p_value))
    return replace(counted, numbers={**counted.numbers, **numbers}, p_value=p_value)


def _moved(moved: distances.Measured | None, spread: float, unit: float) -> dict[str, float | None]:
    """Return Wasserstein's distance in the column's units, and in the reference's standard deviations."""
    if moved is None:
        return {}
    return {
        "wasserstein": rounded(moved.value * unit),
        "wasserstein_error_bound": rounded(moved.bound * unit) if moved.bound else None,
        "wasserstein_normalised": rounded(moved.value / spread) if spread > 0 else None,
    }


def _within_reach(cells: tuple[Cells, Cells]) -> tuple[tuple[Cells, Cells], float]:
    """Return cells whose squares do not overflow, and what they were multiplied by for that."""
    largest = max(
        float(np.abs(ends).max(initial=0.0))
        for side in cells
        for finite in [side.finite()]
        for ends in (finite.low, finite.high)
    )
    return (cells, 1.0) if largest < LARGE else ((cells[0].times(SHRUNK), cells[1].times(SHRUNK)), SHRUNK)


def _bins_p_value(cells: tuple[Cells, Cells], table: Classes) -> float:
    """Return chi-squared's p-value over the deciles of the larger side, for those of few values vary too much."""
    if table.sizes[1] > table.sizes[0]:
        table = classes.of_numbers(cells[1], cells[0])
    return significance.pearson(*significance.pooled(table.reference, table.current))


def _of_categories(found: Compared, table: Classes, *, bucketed: bool) -> Compared:
    counted = _counted(found, table)
    numbers = {
        "test": "chi-squared of the categories and Chernoff's bound of the most surprising one, the smaller doubled",
        "categories": None if bucketed else len(table.names),
        **({} if bucketed else {"new": table.only(table.current, table.reference)}),
        **({} if bucketed else {"vanished": table.only(table.reference, table.current)}),
    }
    p_value = significance.of_table(table.reference, table.current)
    return replace(counted, numbers={**counted.numbers, **numbers}, p_value=p_value)


def _counted(found: Compared, table: Classes) -> Compared:
    """Add what is measured from counts over classes."""
    pair = (table.reference, table.current)
    statistic, degrees = tables.chi2(*pair)
    divergence, by_chance = tables.divergence(*pair), chance.between(*pair)
    effect = rounded(chance.adjusted(divergence, by_chance))
    psi = tables.psi(*pair)
    numbers = {
        "psi": rounded(psi),
        "psi_error_bound": _psi_bound(table, psi),
        "jensen_shannon": rounded(divergence**0.5),
        "jensen_shannon_adjusted": effect,
        "chi2": rounded(statistic),
        "chi2_p_value": rounded(chi2_tail(statistic, degrees)),
        "degrees_of_freedom": degrees,
        "cramers_v": rounded(tables.cramers_v(statistic, sum(table.sizes))),
        "bins": table.shown(),
    }
    known = replace(found, numbers={**found.numbers, **numbers}, degrees=degrees)
    return replace(known, effect=effect, reach=_reach(table, by_chance), blind=chance.blind(by_chance))


def _psi_bound(table: Classes, value: float) -> float | None:
    """Return how far the population stability index can be from that of the exact deciles."""
    if table.blurred is None:
        return None
    least, most = tables.psi_reach(table.reference, table.current, table.blurred)
    return rounded(max(most - value, value - least))


def _reach(table: Classes, by_chance: float) -> tuple[float, float] | None:
    """Return how small and how large the adjusted distance of the exact deciles can be."""
    if table.blurred is None:
        return None
    least, most = tables.divergence_reach(table.reference, table.current, table.blurred)
    return chance.adjusted(least, by_chance), chance.adjusted(most, by_chance)
