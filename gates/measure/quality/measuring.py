"""Is this table what it should be? One pass of profiles, then the checks that its columns' roles allow."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gates.measure.quality.asked import QualityAsked
from gates.measure.quality.changed import against_reference
from gates.measure.quality.finding import found
from gates.measure.quality.labels import class_shares, null_labels, unknown_labels
from gates.measure.quality.leakage import leaks
from gates.measure.quality.linear import linear_leaks
from gates.measure.quality.looked import Looked, look, look_at_reference
from gates.measure.quality.order import earlier
from gates.measure.quality.profiles import profile
from gates.measure.quality.rows import duplicate_ids, duplicate_rows, shared_ids, shared_rows
from gates.measure.quality.schema import against_signature
from gates.measure.quality.values import of_names, of_values
from gates.measure.scan.engine import Engine
from gates.measure.scan.view import Kind, View
from gates.quality_facts import CHECKS, Check, ColumnProfile, Quality, QualityFinding

NO_LABEL = "No label was named."
NO_ID = "No id was named."
NO_REFERENCE = "No reference was given."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """All that the checks read."""

    looked: Looked
    reference: Looked | None
    asked: QualityAsked
    profiles: tuple[ColumnProfile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Checks that are made together, or for one reason are not."""

    checks: tuple[Check, ...]
    why_not: Callable[[_Case], str]
    """One sentence; empty when they can be made."""
    findings: Callable[[_Case], Iterator[QualityFinding]]


def quality(engine: Engine, data: View, reference: View | None, asked: QualityAsked) -> Quality:
    """Profile all columns and make the checks; the same bytes for the same rows, in whatever order they lie.

    Raises `UserError` for a column that is named and is not there. `reference` is usually the training data.
    """
    for column in (asked.label, asked.id, asked.time, *asked.answers):
        if column is not None:
            data.plain(column)
    if not data.rows:
        return _empty(data)
    looked = look(engine, data, asked)
    before = None if reference is None else look_at_reference(engine, reference)
    profiles = tuple(profile(looked, column) for column in looked.outlines)
    case = _Case(looked=looked, reference=before, asked=asked, profiles=profiles)
    why_not = {part.checks: part.why_not(case) for part in PARTS}
    made = [part for part in PARTS if not why_not[part.checks]]
    findings = [one for part in made for one in part.findings(case)]
    return Quality(
        rows=data.rows,
        reference_rows=None if reference is None else reference.rows,
        columns=profiles,
        findings=tuple(sorted(findings, key=lambda one: (CHECKS.index(one.check), one.column or "", one.sentence))),
        checked=_in_order({"no_rows", *(check for part in made for check in part.checks)}),
        not_checked={check: why_not[part.checks] for part in PARTS for check in part.checks if why_not[part.checks]},
    )


def _in_order(checks: set[Check]) -> tuple[Check, ...]:
    return tuple(check for check in CHECKS if check in checks)


def _empty(data: View) -> Quality:
    nothing = found("no_rows", f"{data.said} has no rows: there is nothing to measure.", rows=0)
    return Quality(rows=0, findings=(nothing,), checked=("no_rows",))


def _of_columns(case: _Case) -> Iterator[QualityFinding]:
    for one in case.profiles:
        yield from of_values(case.looked, case.asked, one)
    yield from of_names(case.looked)


def _of_label(case: _Case) -> Iterator[QualityFinding]:
    label = case.asked.label or ""
    yield from null_labels(case.looked, label)
    if case.looked.labels is not None or case.looked.outlines[label].valued == 0 or _single(case):
        yield from class_shares(case.looked, label)


def _single(case: _Case) -> bool:
    spread = case.looked.spreads.get(case.asked.label or "")
    return spread is not None and spread.values is not None and len(spread.values) == 1


def _leaks(case: _Case) -> Iterator[QualityFinding]:
    looked, label = case.looked, case.asked.label or ""
    roles = {label, case.asked.id, case.asked.time, *case.asked.answers}
    columns = tuple(column for column in looked.outlines if column not in roles)
    if looked.labels is not None:
        return leaks(looked, looked.labels, label, columns)
    return linear_leaks(looked, label, columns)


def _no_leaks(case: _Case) -> str:
    label, looked = case.asked.label, case.looked
    if label is None:
        return NO_LABEL
    if looked.labels is None and looked.outlines[label].column.kind is not Kind.NUMBER:
        return f"The label {label} has too few or too many different values to be classes, and is no number."
    return ""


def _unless(missing: Callable[[_Case], object], why: str) -> Callable[[_Case], str]:
    """Return a reason that holds where something is None."""
    return lambda case: why if missing(case) is None else ""


def _no_shared_ids(case: _Case) -> str:
    column, reference = case.asked.id, case.reference
    if column is None or reference is None:
        return NO_ID if column is None else NO_REFERENCE
    return "" if column in reference.outlines else f"The reference has no column {column}."


def _no_order(case: _Case) -> str:
    column, reference = case.asked.time, case.reference
    if column is None or reference is None:
        return "No time was named." if column is None else NO_REFERENCE
    if column not in reference.outlines:
        return f"The reference has no column {column}."
    kinds = {case.looked.outlines[column].column.kind, reference.outlines[column].column.kind}
    return "" if kinds in ({Kind.TIME}, {Kind.NUMBER}) else f"{column} is no date in both: store it as one."


PARTS = (
    _Part(
        checks=("missing_column", "extra_column", "wrong_type", "integer_nulls"),
        why_not=lambda case: "" if case.asked.signature and case.asked.signature.inputs else "No signature was given.",
        findings=lambda case: (
            against_signature(case.looked, case.asked, case.asked.signature) if case.asked.signature else iter(())
        ),
    ),
    _Part(
        checks=("column_absent", "column_new", "type_changed", "range_left", "new_categories", "null_growth"),
        why_not=_unless(lambda case: case.reference, NO_REFERENCE),
        findings=lambda case: (
            against_reference(case.looked, case.reference, case.asked) if case.reference else iter(())
        ),
    ),
    _Part(
        checks=(
            "nulls",
            "null_ids",
            "infinite",
            "far_dates",
            "constant",
            "nearly_constant",
            "blank_texts",
            "mixed_types",
            "lookalikes",
        ),
        why_not=lambda _case: "",
        findings=_of_columns,
    ),
    _Part(
        checks=("duplicate_rows",),
        why_not=lambda _case: "",
        findings=lambda case: duplicate_rows(case.looked, case.asked),
    ),
    _Part(
        checks=("duplicate_ids",),
        why_not=_unless(lambda case: case.asked.id, NO_ID),
        findings=lambda case: duplicate_ids(case.looked, case.asked.id or ""),
    ),
    _Part(checks=("equals_label", "predicts_label"), why_not=_no_leaks, findings=_leaks),
    _Part(
        checks=("shared_ids",),
        why_not=_no_shared_ids,
        findings=lambda case: (
            shared_ids(case.looked, case.reference, case.asked.id or "") if case.reference else iter(())
        ),
    ),
    _Part(
        checks=("shared_rows",),
        why_not=_unless(lambda case: case.reference, NO_REFERENCE),
        findings=lambda case: shared_rows(case.looked, case.reference, case.asked) if case.reference else iter(()),
    ),
    _Part(
        checks=("earlier_than_reference",),
        why_not=_no_order,
        findings=lambda case: (
            earlier(case.looked, case.reference, case.asked.time or "") if case.reference else iter(())
        ),
    ),
    _Part(
        checks=("null_labels", "class_shares"),
        why_not=_unless(lambda case: case.asked.label, NO_LABEL),
        findings=_of_label,
    ),
    _Part(
        checks=("unknown_labels",),
        why_not=lambda case: "" if case.asked.label and case.asked.classes else "No set of labels was stated.",
        findings=lambda case: unknown_labels(case.looked, case.asked.label or "", case.asked.classes or ()),
    ),
)
"""All checks, in the order in which they are made."""
