"""How long did the models take to answer, when this evidence was collected?"""

from gates.evidence import Evidence, Scoring
from reports.latency import Latency
from workflows.installation import Installation


def latency_of(installation: Installation, evidence: Evidence) -> Latency | None:
    """Return how long, or None where nobody kept it; read from beside the answers, for evidence holds no clock."""
    facts = evidence.facts
    challenger = _took(installation, evidence, facts.challenger)
    if challenger is None or facts.challenger is None:
        return None
    champion = _took(installation, evidence, facts.champion)
    return Latency(rows=facts.challenger.rows, challenger=challenger, champion=champion)


def _took(installation: Installation, evidence: Evidence, scoring: Scoring | None) -> float | None:
    return None if scoring is None else installation.scorer.took(scoring, evidence.subject.evaluation_data)
