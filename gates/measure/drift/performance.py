"""Is the model as good as it was, now that labels have arrived?"""

from dataclasses import replace
from statistics import NormalDist

import numpy as np

from gates.drift_facts import PerformanceMetric, Shift
from gates.measure.drift import significance
from gates.measure.drift.asked import Limits
from gates.measure.drift.binary import METRICS, Positives, counted, metric
from gates.measure.drift.cells import Counts, Floats
from gates.measure.drift.measured import Measured
from gates.measure.drift.scored import Scored
from gates.measure.intervals import Z, wilson
from gates.measure.rounding import rounded
from gates.wording import count, number, signed

NORMAL = NormalDist()
RARER = 30
"""Rows of the rarer class (all rows, for a regression) that an interval of two sides rests on at least."""


def of_scores(found: Scored) -> dict[str, Measured]:
    """Measure a binary model with scores, from the labelled rows."""
    rows = counted(found)
    rarer = int(min(rows.positive.sum(), (rows.counts - rows.positive).sum()))
    labelled = found.labelled
    measured = {**{name: _binary(name, rows, rarer) for name in METRICS}, "brier_score": _brier(labelled)}
    return {name: replace(one, used=labelled.rows) for name, one in measured.items()}


def _binary(name: str, rows: Positives, rarer: int) -> Measured:
    """Return a metric with the standard error of a multinomial sample (delta method), or of DeLong for the area."""
    found = metric(name, rows)
    if found is None:
        return Measured(value=None)
    value, _ = found
    if name == "roc_auc":
        return Measured(value=value, standard_error=_delong(rows, value), rows=rarer)
    hits, of = _rate(name, rows)
    error = float(np.sqrt(value * (1 - value) / of)) if name != "f1" else _f1_error(rows, value)
    interval = wilson(hits, of) if name != "f1" else None
    return Measured(value=value, standard_error=error, rows=rarer if name != "accuracy" else int(of), interval=interval)


def _rate(name: str, rows: Positives) -> tuple[float, float]:
    hits = float(np.sum(rows.positive * rows.said))
    if name == "precision":
        return hits, float(np.sum(rows.counts * rows.said))
    if name == "recall":
        return hits, float(rows.positive.sum())
    misses = float(np.sum((rows.counts - rows.positive) * (1 - rows.said)))
    return hits + misses, float(rows.counts.sum())


def _f1_error(rows: Positives, value: float) -> float:
    """Return the standard error of F1 (Takahashi et al. 2022, Applied Intelligence 52:4961), by the delta method."""
    hits = float(np.sum(rows.positive * rows.said))
    wrong = float(np.sum((rows.counts - rows.positive) * rows.said) + np.sum(rows.positive * (1 - rows.said)))
    below = 2 * hits + wrong
    return float(np.sqrt(hits * (2 - 2 * value) ** 2 + wrong * value**2)) / below


def _delong(rows: Positives, value: float) -> float:
    """Return the standard error of the area (DeLong 1988), from classes of score."""
    places, of = np.unique(rows.place, return_inverse=True)
    ones: Floats = np.bincount(of, weights=rows.positive, minlength=len(places)).astype(np.float64)
    zeros: Floats = np.bincount(of, weights=rows.counts, minlength=len(places)) - ones
    below = (np.cumsum(zeros) - zeros / 2) / zeros.sum()
    above = 1 - (np.cumsum(ones) - ones / 2) / ones.sum()
    parts = [_mean_error(below, ones, value), _mean_error(above, zeros, value)]
    return float(np.sqrt(sum(parts)))


def _mean_error(values: Floats, weights: Floats | Counts, mean: float) -> float:
    total = float(weights.sum())
    return float(np.sum(weights * (values - mean) ** 2)) / max(total - 1, 1) / total


def _brier(found: Scored) -> Measured:
    """Return the mean squared difference of scores and labels, scores to within their class's mean."""
    if not found.rows:
        return Measured(value=None)
    losses = (found.score - found.label) ** 2
    value = float(np.sum(losses * found.counts) / found.rows)
    error = float(np.sqrt(_mean_error(losses, found.counts.astype(np.float64), value)))
    return Measured(value=value, standard_error=error, rows=found.rows)


RELATIVE = frozenset({"mean_absolute_error", "root_mean_squared_error"})
"""In units of the label: how far they may rise is a share of what they were."""
LOWER = frozenset({"brier_score"}) | RELATIVE


def compared(
    reference: dict[str, Measured], current: dict[str, Measured], limits: Limits
) -> tuple[PerformanceMetric, ...]:
    """Judge all metrics together: drifted when the fall is proven to be more than the limit (Holm-corrected)."""
    tests = [_p_value(name, reference[name], current[name], limits) for name in reference]
    corrected = iter(significance.holm([p_value for p_value in tests if p_value is not None]))
    adjusted = [None if p_value is None else next(corrected) for p_value in tests]
    return tuple(
        _metric(name, (reference[name], current[name]), p_value, limits)
        for name, p_value in zip(reference, adjusted, strict=True)
    )


def _limit(name: str, reference: Measured, limits: Limits) -> float:
    return limits.performance * (reference.value or 0.0) if name in RELATIVE else limits.performance


def _difference(name: str, reference: Measured, current: Measured) -> tuple[float, float] | None:
    """Return current minus reference, signed so that positive is better, and its standard error."""
    if reference.value is None or current.value is None or min(reference.rows, current.rows) < RARER:
        return None
    moved = current.value - reference.value
    error = (reference.standard_error**2 + current.standard_error**2) ** 0.5
    return (-moved if name in LOWER else moved) + 0.0, error


def _p_value(name: str, reference: Measured, current: Measured, limits: Limits) -> float | None:
    found = _difference(name, reference, current)
    if found is None:
        return None
    moved, error = found
    beyond = moved + _limit(name, reference, limits)
    return NORMAL.cdf(beyond / error) if error > 0 else float(beyond >= 0)


def _metric(name: str, sides: tuple[Measured, Measured], p_adjusted: float | None, limits: Limits) -> PerformanceMetric:
    found = _difference(name, *sides)
    limit = _limit(name, sides[0], limits)
    moved, error = found or (None, 0.0)
    ends = [_interval(side) for side in sides]
    fact = PerformanceMetric(
        metric=name,
        lower_is_better=name in LOWER,
        reference=rounded(sides[0].value),
        reference_low=ends[0][0],
        reference_high=ends[0][1],
        current=rounded(sides[1].value),
        current_low=ends[1][0],
        current_high=ends[1][1],
        difference=rounded(moved),
        low=None if moved is None else rounded(moved - Z * error),
        high=None if moved is None else rounded(moved + Z * error),
        p_adjusted=rounded(p_adjusted),
        limit=limit,
        shift=_shift(moved, error, p_adjusted, (limit, limits.alpha)),
        problem=_problem(name, sides),
        sentence="",
    )
    return fact.model_copy(update={"sentence": _said(fact)})


def _problem(name: str, sides: tuple[Measured, Measured]) -> str:
    """Say why a metric could not be compared, if so."""
    for side, called in zip(sides, ("reference", "current rows"), strict=True):
        if not side.used:
            return f"{name} cannot be compared: no row of the {called} has both a label that counts and an answer."
        if side.value is None:
            return f"{name} cannot be compared: it has no value where {_lack(name)}, as in the {called}."
    least = min(side.rows for side in sides)
    if least < RARER:
        of = "" if name in RELATIVE or name in {"accuracy", "brier_score"} else " of the rarest class"
        return f"{name} cannot be compared yet: {count(least, 'row')}{of}, {RARER} are needed."
    return ""


def _lack(name: str) -> str:
    return "no row is predicted positive" if name == "precision" else "all labels are of one class"


def _interval(side: Measured) -> tuple[float | None, float | None]:
    if side.value is None or side.rows < RARER:
        return None, None
    low, high = side.interval or (side.value - Z * side.standard_error, side.value + Z * side.standard_error)
    return rounded(low), rounded(high)


def _shift(moved: float | None, error: float, p_adjusted: float | None, how: tuple[float, float]) -> Shift:
    """Stable only when a fall of more than the limit is ruled out (one-sided 95 %)."""
    limit, alpha = how
    if moved is None or p_adjusted is None:
        return Shift.INCONCLUSIVE
    if p_adjusted <= alpha:
        return Shift.DRIFTED
    return Shift.STABLE if moved - NORMAL.inv_cdf(0.95) * error > -limit else Shift.INCONCLUSIVE


def _said(fact: PerformanceMetric) -> str:
    if fact.problem:
        return fact.problem
    went = f"{fact.metric} went from {number(fact.reference or 0)} to {number(fact.current or 0)}"
    interval = f"95 % interval of the change [{signed(fact.low or 0)}, {signed(fact.high or 0)}], positive is better"
    match fact.shift:
        case Shift.DRIFTED:
            return f"{went}, worse by more than {number(fact.limit)} ({interval})."
        case Shift.STABLE:
            return f"{went}; more than {number(fact.limit)} worse is ruled out ({interval})."
        case _:
            return f"{went}; too few labels to tell whether it is worse by more than {number(fact.limit)} ({interval})."
