"""What should someone know of this model before they rely on it? After Mitchell et al. 2019, "Model Cards"."""

from pydantic import JsonValue

from gates.evidence import Evidence
from gates.outcome import Verdict
from reports.rendering import render


def render_card(evidence: Evidence, verdict: Verdict) -> str:
    """Return the model card in Markdown, from evidence alone; what nobody supplied is *not provided*."""
    lineage, combined = evidence.facts.lineage, evidence.subject.entry.get("intersections")
    return render(
        "card.md.j2",
        subject=evidence.subject,
        entry={field: _said(evidence.subject.entry.get(field)) for field in FIELDS},
        combined="; ".join(map(_said, combined)) if isinstance(combined, list) else "",
        facts=evidence.facts,
        lineage=lineage,
        tags={} if lineage is None else lineage.tags,
        findings=verdict.findings,
    )


FIELDS = (
    "owner",
    "task",
    "risk",
    "description",
    "intended_use",
    "limitations",
    "contact",
    "label",
    "positive",
    "features",
    "ignored",
    "sensitive_features",
    "cluster",
    "metrics",
)
"""What a card takes from the model's rulebook entry; an older entry may lack some of it."""


def _said(value: JsonValue) -> str:
    """Return what an entry says in words; empty when it says nothing."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_said, value)))
    if isinstance(value, dict):
        return ", ".join(f"{field}: {_said(inner)}" for field, inner in value.items())
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
