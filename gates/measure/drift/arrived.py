"""Which labels have arrived, which of them count, and whose never do?

Only labels of rows old enough count: early ones are not like the others (a default is seen before its absence is). And
labels seen for some decisions only, such as for approved loans, say nothing of the rest (Lakkaraju et al. 2017,
The Selective Labels Problem, KDD).
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from gates.drift_facts import Coverage, Labels
from gates.measure.drift.asked import DriftAsked
from gates.measure.drift.numeric import numeric
from gates.measure.drift.rates import wilson
from gates.measure.rounding import rounded
from gates.measure.scan.dialect import name
from gates.measure.scan.engine import Column, Engine, Kind, View
from gates.refusal import UserError
from gates.wording import count, percent

MOST_GROUPS = 100
APART = 0.1
"""Shares of labelled rows that differ by more, and by more than their intervals, make labels selective."""


def newest(engine: Engine, view: View, asked: DriftAsked) -> int | None:
    """Return the microsecond from which ages are counted back; None where all rows count."""
    if asked.decision_time is None or asked.maturation is None:
        return None
    if asked.now is not None:
        return _microseconds(asked.now)
    value = numeric(_time(view, asked.decision_time))
    found = engine.reduce(f"SELECT CAST(max({value}) AS BIGINT) AS newest FROM {view.name}").to_pylist()[0]["newest"]  # noqa: S608 - quoted
    return 0 if found is None else int(found)


def _time(view: View, column: str) -> Column:
    found = view.columns.get(column)
    if found is None or found.kind is not Kind.TIME:
        kind = "is missing" if found is None else f"holds {found.type}"
        raise UserError(f"Column {column} of {view.said} {kind}; the time of decision must be a date or a timestamp.")
    return found


def _microseconds(said: str) -> int:
    try:
        at = datetime.fromisoformat(said)
    except ValueError as error:
        raise UserError(f"{said} is no time as ISO 8601 writes it: try 2026-11-30T12:00:00.") from error
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1_000_000)


def matured(view: View, asked: DriftAsked, until: int | None) -> str:
    """Return whether a row is old enough for its label to count, as SQL; false for one without a time."""
    if until is None or asked.maturation is None or asked.decision_time not in view.columns:
        return "TRUE"
    oldest = until - round(asked.maturation.total_seconds() * 1_000_000)
    return f"coalesce({numeric(_time(view, asked.decision_time or ''))} <= {oldest}, FALSE)"


def labels(engine: Engine, view: View, asked: DriftAsked, sql: tuple[str, str]) -> Labels:
    """Count labels; `sql` tells whether a row is mature, and its label (NULL without one)."""
    mature, label = sql
    undated = "FALSE" if mature == "TRUE" else f"{name(asked.decision_time or '')} IS NULL"
    row = engine.reduce(
        f"SELECT count(CASE WHEN {mature} THEN 1 END) AS mature, count(CASE WHEN {undated} THEN 1 END) AS undated, "  # noqa: S608 - quoted
        f"count(CASE WHEN {mature} THEN {label} END) AS labelled, count({label}) AS any_age FROM {view.name}"
    ).to_pylist()[0]
    by_group = [part for feature in asked.by for part in _coverage(engine, view, feature, sql)]
    by_prediction = _coverage(engine, view, asked.prediction, sql) if asked.prediction else []
    found = Labels(
        rows=view.rows,
        mature=row["mature"],
        not_mature=view.rows - row["mature"] - row["undated"],
        undated=row["undated"],
        labelled=row["labelled"],
        early=row["any_age"] - row["labelled"],
        selective=any(_apart([part for part in by_group if part.feature == feature]) for feature in asked.by)
        or _apart(by_prediction),
        by_group=tuple(by_group),
        by_prediction=tuple(by_prediction),
        sentence="",
    )
    return found.model_copy(update={"sentence": _said(found)})


def _coverage(engine: Engine, view: View, feature: str, sql: tuple[str, str]) -> list[Coverage]:
    if feature not in view.columns:
        raise UserError(f"{view.said} has no column {feature}.")
    mature, label = sql
    value = f"coalesce(CAST({name(feature)} AS VARCHAR), '(missing)')"
    table = engine.reduce(
        f"SELECT {value} AS value, count(*) AS rows, count({label}) AS labelled FROM {view.name} "  # noqa: S608 - quoted
        f"WHERE {mature} GROUP BY 1"
    ).to_pylist()
    frequent = sorted(table, key=lambda row: (-row["rows"], row["value"]))[:MOST_GROUPS]
    return [_covered(feature, row["value"], (row["labelled"], row["rows"])) for row in frequent]


def _covered(feature: str, group: str, counts: tuple[int, int]) -> Coverage:
    labelled, rows = counts
    low, high = wilson(labelled, rows)
    return Coverage(
        feature=feature,
        group=group,
        rows=rows,
        labelled=labelled,
        share=rounded(labelled / rows) or 0.0,
        low=rounded(low) or 0.0,
        high=rounded(high) or 0.0,
    )


def _apart(parts: Sequence[Coverage]) -> bool:
    """Do two groups differ by more than `APART`, and by more than chance may?"""
    if not parts:
        return False
    least, most = min(parts, key=lambda part: part.share), max(parts, key=lambda part: part.share)
    return most.share - least.share > APART and least.high < most.low


def _said(found: Labels) -> str:
    base = f"{count(found.labelled, 'label')} of {count(found.mature, 'mature row')} arrived"
    young = f"; {count(found.not_mature, 'row')} are not mature and do not count" if found.not_mature else ""
    undated = f"; {count(found.undated, 'row')} have no time of decision and do not count" if found.undated else ""
    if not found.selective:
        return f"{base}{young}{undated}."
    parts = [*found.by_prediction, *found.by_group]
    least, most = min(parts, key=lambda part: part.share), max(parts, key=lambda part: part.share)
    return (
        f"{base}{young}{undated}. Labels are selective: {percent(least.share)} where {least.feature} is {least.group}, "
        f"{percent(most.share)} where {most.feature} is {most.group}; performance speaks for rows with labels only."
    )
