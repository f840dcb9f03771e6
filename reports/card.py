"""What should someone know of this model before they rely on it? After Mitchell et al. 2019, "Model Cards"."""

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

from pydantic import JsonValue

from gates.evidence import Evidence
from gates.outcome import Verdict
from reports.card_metadata import front_matter_of, licence_of
from reports.card_principles import principle_rows
from reports.rendering import render


def render_card(evidence: Evidence, verdict: Verdict, *, front_matter: bool = False) -> str:
    """Return the model card in Markdown, from evidence alone; what nobody supplied is *not provided*.

    `front_matter` puts Hugging Face's metadata before it, for a file of its own; elsewhere Markdown would take them for
    text.
    """
    facts = evidence.facts
    card = render(
        "card.md.j2",
        subject=evidence.subject,
        **_told(evidence.subject.entry),
        facts=facts,
        lineage=facts.lineage,
        licence=licence_of(evidence),
        tags={} if facts.lineage is None else facts.lineage.tags,
        **_results(evidence),
        principles=principle_rows(facts.principles, verdict),
        findings=verdict.findings,
    )
    return f"{front_matter_of(evidence)}\n{card}" if front_matter else card


FIELDS = (
    "owner",
    "task",
    "risk",
    "description",
    "intended_use",
    "intended_users",
    "out_of_scope",
    "limitations",
    "contact",
    "relevant_factors",
    "decision_threshold",
    "training_data",
    "ethical_considerations",
    "risks_and_harms",
    "mitigations",
    "citation",
    "more_information",
    "language",
    "label",
    "positive",
    "features",
    "ignored",
    "sensitive_features",
    "cluster",
    "metrics",
)
"""What a card takes from the model's rulebook entry; an older entry may lack some of it."""
OF_EVALUATION = ("motivation", "preprocessing")


def _told(entry: Mapping[str, JsonValue]) -> dict[str, object]:
    """Return what the model's entry says, field by field."""
    evaluation, combined = entry.get("evaluation"), entry.get("intersections")
    of_evaluation = evaluation if isinstance(evaluation, dict) else {}
    return {
        "entry": {field: _said(entry.get(field)) for field in FIELDS},
        "evaluation": {field: _said(of_evaluation.get(field)) for field in OF_EVALUATION},
        "combined": "; ".join(map(_said, combined)) if isinstance(combined, list) else "",
    }


def _results(evidence: Evidence) -> dict[str, object]:
    """Return the rows about one feature, those about several, and whether any has an interval or lacks one."""
    facts, sensitive = evidence.facts, evidence.subject.entry.get("sensitive_features")
    named = frozenset(map(str, sensitive)) if isinstance(sensitive, list) else frozenset()
    groups, criteria = _parted(facts.groups, named), _parted(facts.criteria, named)
    ends = [metric.challenger_low for metric in facts.metrics]
    ends += [row.low for row in facts.groups] + [row.low for row in facts.criteria]
    return {
        "unitary": {"groups": groups[0], "criteria": criteria[0]},
        "intersectional": {"groups": groups[1], "criteria": criteria[1]},
        "intervals": any(end is not None for end in ends),
        "dashes": any(end is None for end in ends),
    }


class _OfFeature(Protocol):
    @property
    def feature(self) -> str: ...


Row = TypeVar("Row", bound=_OfFeature)


def _parted(rows: Iterable[Row], named: frozenset[str]) -> tuple[list[Row], list[Row]]:
    """Part rows about one feature from rows about several, which are joined by commas; a column's name may hold one."""
    alone: list[Row] = []
    combined: list[Row] = []
    for row in rows:
        (combined if "," in row.feature and row.feature not in named else alone).append(row)
    return alone, combined


def _said(value: JsonValue) -> str:
    """Return what an entry says in words; empty when it says nothing."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_said, value)))
    if isinstance(value, dict):
        return ", ".join(f"{field}: {_said(inner)}" for field, inner in value.items())
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
