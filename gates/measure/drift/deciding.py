"""Which columns are drifted, given all of them?

Sizes of effect decide: a column is drifted when its adjusted distance is above the limit *and* chance does not explain
that there is any difference, at a level corrected (Holm) for every test made. The second keeps false alarms below alpha
at any number of rows and columns, the first keeps small differences of many rows from being called drift.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from gates.drift_facts import ColumnDrift, Missing, Shift
from gates.measure.drift import significance
from gates.measure.drift.asked import Limits
from gates.measure.drift.column import Compared
from gates.measure.rounding import rounded
from gates.measure.scan.view import Kind
from gates.wording import count, listed, number, percent

MANY = 100
"""Categories that are worth a word where rows are too few for them."""
HUGE = 1e12
CALENDAR = 60e9
"""Seconds from 1970 within which there are dates."""
TWICE = 2.0
"""A column is stable only if its rows would have shown an effect of so many limits."""


def decide(compared: Sequence[Compared], limits: Limits) -> tuple[ColumnDrift, ...]:
    """Judge all columns together."""
    tests = [p_value for found in compared for p_value in (found.p_value, found.missing_p_value) if p_value is not None]
    corrected = iter(significance.holm(tests))
    level = limits.alpha / max(len(tests), 1)
    judged = []
    for found in compared:
        of_values = next(corrected) if found.p_value is not None else None
        of_missing = next(corrected) if found.missing_p_value is not None else 1.0
        missing = _missing(found, of_missing, limits)
        judged.append(_column(found, (of_values, level), missing, limits))
    return tuple(judged)


def _missing(found: Compared, p_adjusted: float, limits: Limits) -> Missing | None:
    if found.missing is None:
        return None
    less, rows, less_too, rows_too = found.missing
    shares = less / rows, less_too / rows_too
    moved = shares[1] - shares[0]
    return Missing(
        reference=less,
        current=less_too,
        reference_share=shares[0],
        current_share=shares[1],
        difference=moved + 0.0,
        limit=limits.missing,
        p_value=1.0 if found.missing_p_value is None else found.missing_p_value,
        p_adjusted=p_adjusted,
        drifted=abs(moved) > limits.missing and p_adjusted <= limits.alpha,
    )


def _column(
    found: Compared, tested: tuple[float | None, float], missing: Missing | None, limits: Limits
) -> ColumnDrift:
    p_adjusted, level = tested
    detectable = significance.detectable(found.degrees, found.sizes, level / 2) if min(found.sizes) else None
    shift = _empty(missing, level, limits) if found.sizes == (0, 0) and not found.problem else None
    shift = shift or _shift(found, p_adjusted, detectable, limits)
    if missing is not None and missing.drifted:
        shift = Shift.DRIFTED
    fact = ColumnDrift(
        name=found.name,
        role=found.role,
        **found.numbers,
        missing=missing,
        limit=limits.jensen_shannon,
        p_value=rounded(found.p_value),
        p_adjusted=rounded(p_adjusted),
        detectable=rounded(detectable),
        shift=shift,
        drifted=shift is Shift.DRIFTED,
        problem=found.problem,
        sentence="",
    )
    return fact.model_copy(update={"sentence": said(fact, blurred=found.doubtful(limits.jensen_shannon))})


def _empty(missing: Missing | None, level: float, limits: Limits) -> Shift:
    """Judge a column without any value: it is as empty as it was, if there are rows enough for a value to be seen."""
    if missing is None:
        return Shift.INCONCLUSIVE
    seen = significance.detectable(1, (missing.reference, missing.current), level / 2)
    return Shift.STABLE if seen <= TWICE * limits.jensen_shannon else Shift.INCONCLUSIVE


def _shift(found: Compared, p_adjusted: float | None, detectable: float | None, limits: Limits) -> Shift:
    if found.problem:
        return Shift.UNUSABLE
    if found.effect is None or p_adjusted is None or detectable is None:
        return Shift.INCONCLUSIVE
    if found.doubtful(limits.jensen_shannon):
        return Shift.INCONCLUSIVE
    if found.effect > limits.jensen_shannon:
        return Shift.DRIFTED if p_adjusted <= limits.alpha else Shift.INCONCLUSIVE
    if found.blind:
        return Shift.INCONCLUSIVE
    return Shift.STABLE if detectable <= TWICE * limits.jensen_shannon else Shift.INCONCLUSIVE


def said(fact: ColumnDrift, *, blurred: bool = False) -> str:
    """Return one sentence on a column: what is concluded, and what shows it."""
    if fact.problem:
        return f"{fact.name} could not be compared: {fact.problem}"
    if fact.jensen_shannon_adjusted is None:
        return f"{fact.name} has no values {_where_empty(fact)}{_missing_said(fact)}."
    effect = f"adjusted Jensen-Shannon distance {number(fact.jensen_shannon_adjusted)}, limit {number(fact.limit or 0)}"
    match fact.shift:
        case Shift.DRIFTED:
            return f"{fact.name} drifted: {effect}{_how(fact)}{_missing_said(fact)}."
        case Shift.STABLE:
            return f"{fact.name} is stable: {effect}{_missing_said(fact)}."
        case _ if blurred:
            return f"{fact.name} has values too different in size to tell: {effect}{_missing_said(fact)}."
        case _:
            return f"{fact.name} has too few values to tell ({_sizes(fact)}): {effect}{_missing_said(fact)}."


def _where_empty(fact: ColumnDrift) -> str:
    if not fact.reference_rows + fact.current_rows:
        return "on either side"
    return f"in {'the current rows' if fact.reference_rows else 'the reference'}, so nothing can be said of them"


def _sizes(fact: ColumnDrift) -> str:
    among = f" of {fact.categories:,} categories" if fact.categories and fact.categories > MANY else ""
    return f"{fact.reference_rows:,} and {fact.current_rows:,}{among}"


def _how(fact: ColumnDrift) -> str:
    """Say how values moved."""
    if fact.new.count and fact.new.share >= 0.01:  # noqa: PLR2004 - less is no news
        return (
            f"; {count(fact.new.count, 'new value')} in {percent(fact.new.share)} of the rows: {listed(fact.new.named)}"
        )
    if fact.reference_median is not None and fact.current_median is not None:
        return f"; its median went from {_value(fact, fact.reference_median)} to {_value(fact, fact.current_median)}"
    if fact.vanished.count and fact.vanished.share >= 0.01:  # noqa: PLR2004 - less is no news
        return f"; {listed(fact.vanished.named)} vanished ({percent(fact.vanished.share)} of the reference)"
    return ""


def _value(fact: ColumnDrift, value: float) -> str:
    """Say a value of a column: a time as a date, a number beyond all counting by its size."""
    if fact.kind == Kind.TIME.value and abs(value) < CALENDAR:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=value)).strftime("%Y-%m-%d %H:%M")
    return number(value) if abs(value) < HUGE else f"{value:.4g}"


def _missing_said(fact: ColumnDrift) -> str:
    missing = fact.missing
    if missing is None or not missing.drifted:
        return ""
    return f"; missing values went from {percent(missing.reference_share)} to {percent(missing.current_share)}"
