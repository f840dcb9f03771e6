"""What does the evidence say, for a person who reads it in the pull request?"""

from dataclasses import replace

from gates.evidence import Evidence, Facts
from gates.fairness_facts import Criterion
from gates.outcome import Verdict
from reports.card import render_card
from reports.differences import Differences, differences
from reports.pictures.album import pictures_of
from reports.rendering import render
from reports.seen import images, learned, seen_of
from reports.sliced import tells


def render_evidence_page(name: str, digest: str, evidence: Evidence, verdict: Verdict, *, beside: str = "") -> str:
    """Return the evidence in Markdown, the model card at its end; nothing in it depends on decisions.

    `name` stands in the heading only: `P4` in a pull request, `compare` where nobody asks for anything. With `beside`,
    the pictures of the evidence are shown, from files beside the page whose names begin with it.
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
        **_beyond_metrics(evidence.facts),
        differs=_differs(evidence),
        images=images(pictures_of(evidence) if beside else (), beside),
        card=render_card(evidence, verdict),
    )


def _differs(evidence: Evidence) -> Differences | None:
    """Return what differs beside the metrics, which have a section of their own, and the time, which is no evidence."""
    found = differences(evidence, pull_request_url=None, latency=None)
    return None if found is None else replace(found, metrics=())


def _beyond_metrics(facts: Facts) -> dict[str, object]:
    """Return what the sections beyond metrics show."""
    return {
        "seen": None if facts.answers is None else seen_of(facts.answers),
        "proven": facts.slices is not None and tells(facts.slices.worst),
        "learned": () if facts.learning is None else learned(facts.learning),
    }


def _unsure(criteria: tuple[Criterion, ...]) -> list[tuple[str, str]]:
    """Say once for each feature why some of its criteria have no value or no interval."""
    return list(
        dict.fromkeys((one.feature, one.problem or one.too_few) for one in criteria if one.problem or one.too_few)
    )


def _policies(evidence: Evidence) -> str:
    named = evidence.subject.policy.get("policies")
    return ", ".join(map(str, named)) if isinstance(named, list) else ""
