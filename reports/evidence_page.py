"""What does the evidence say, for a person who reads it in the pull request?"""

from gates.evidence import Evidence
from gates.fairness_facts import Criterion
from gates.outcome import Verdict
from reports.card import render_card
from reports.rendering import render


def render_evidence_page(name: str, digest: str, evidence: Evidence, verdict: Verdict) -> str:
    """Return the evidence in Markdown, the model card at its end; nothing in it depends on decisions.

    `name` stands in the heading only: `P4` in a pull request, `compare` where nobody asks for anything.
    """
    return render(
        "evidence.md.j2",
        name=name,
        digest=digest,
        subject=evidence.subject,
        policies=_policies(evidence),
        facts=evidence.facts,
        unsure=_unsure(evidence.facts.criteria),
        outcome=verdict.outcome,
        findings=verdict.findings,
        card=render_card(evidence, verdict),
    )


def _unsure(criteria: tuple[Criterion, ...]) -> list[tuple[str, str]]:
    """Say once for each feature why some of its criteria have no value or no interval."""
    return list(
        dict.fromkeys((one.feature, one.problem or one.too_few) for one in criteria if one.problem or one.too_few)
    )


def _policies(evidence: Evidence) -> str:
    named = evidence.subject.policy.get("policies")
    return ", ".join(map(str, named)) if isinstance(named, list) else ""
