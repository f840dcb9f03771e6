"""Which labels have arrived, which of them count, and whose never do?

Only labels of rows old enough count: early ones are not like the others (a default is seen before its absence is). And
labels seen for some decisions only, such as for approved loans, say nothing of the rest (Lakkaraju et al. 2017,
The Selective Labels Problem, KDD).
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from gates.label_facts import Coverage, Labels
from gates.measure.drift import coverage
from gates.measure.drift.asked import DriftAsked
from gates.measure.drift.numeric import numeric
from gates.measure.scan.dialect import name
from gates.measure.scan.engine import Column, Engine, Kind, View
from gates.refusal import UserError
from gates.wording import count, percent


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Columns by which labels are looked at."""

    features: tuple[str, ...] = ()
    """Whose groups' coverage is compared."""
    prediction: str | None = None
    time: str | None = None
    """When a row was decided."""


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


def labels(engine: Engine, view: View, by: By, sql: tuple[str, str]) -> Labels:
    """Count labels; `sql` tells whether a row is mature, and its label (NULL without one)."""
    mature, label = sql
    undated = "FALSE" if mature == "TRUE" else f"{name(by.time or '')} IS NULL"
    row = engine.reduce(
        f"SELECT count(CASE WHEN {mature} THEN 1 END) AS mature, count(CASE WHEN {undated} THEN 1 END) AS undated, "  # noqa: S608 - quoted
        f"count(CASE WHEN {mature} THEN {label} END) AS labelled, count({label}) AS any_age FROM {view.name}"
    ).to_pylist()[0]
    by_group = {feature: coverage.of_feature(engine, view, feature, sql) for feature in by.features}
    by_prediction = coverage.of_answers(engine, view, by.prediction, sql) if by.prediction else ()
    apart = coverage.furthest([*by_group.values(), by_prediction])
    found = Labels(
        rows=view.rows,
        mature=row["mature"],
        not_mature=view.rows - row["mature"] - row["undated"],
        undated=row["undated"],
        labelled=row["labelled"],
        early=row["any_age"] - row["labelled"],
        selective=apart is not None,
        by_group=tuple(part for parts in by_group.values() for part in parts),
        by_prediction=by_prediction,
        sentence="",
    )
    return found.model_copy(update={"sentence": _said(found, apart)})


def _said(found: Labels, apart: tuple[Coverage, Coverage] | None) -> str:
    base = f"{count(found.labelled, 'label')} of {count(found.mature, 'mature row')} arrived"
    young = f"; {count(found.not_mature, 'row')} are not mature and do not count" if found.not_mature else ""
    early = f" ({count(found.early, 'label')} of them came early)" if found.early and found.not_mature else ""
    undated = f"; {count(found.undated, 'row')} have no time of decision and do not count" if found.undated else ""
    whole = f"{base}{young}{early}{undated}."
    if apart is None:
        return whole
    least, most = apart
    return (
        f"{whole} Labels are selective: {percent(least.share)} where {least.feature} is {least.group}, "
        f"{percent(most.share)} where {most.feature} is {most.group}; performance speaks for rows with labels only."
    )
