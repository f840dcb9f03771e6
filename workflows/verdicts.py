"""What do the gates say of this evidence? The same answer next year, from the evidence alone."""

from gates.evidence import Evidence, Subject
from gates.outcome import Outcome, Verdict
from gates.verdict import evaluate
from policies.effective import EffectivePolicy
from storage.promotions import Promotion
from workflows.installation import Installation


def verdict_of(evidence: Evidence) -> Verdict:
    """Judge evidence by the policy that it carries."""
    return evaluate(policy_of(evidence).gates, evidence)


def stops(policy: EffectivePolicy, outcome: Outcome) -> bool:
    """Tell whether a promotion with this outcome is blocked, whoever would approve it."""
    if outcome is Outcome.INCONCLUSIVE:
        return policy.on_inconclusive == "block"
    return outcome in {Outcome.FAIL, Outcome.ERROR}


def policy_of(evidence: Evidence) -> EffectivePolicy:
    """Return the effective policy as the evidence recorded it."""
    return EffectivePolicy.model_validate(evidence.subject.policy)


def subject_of(installation: Installation, promotion: Promotion) -> Subject:
    """Return the subject of a promotion's evidence, read from our store."""
    return installation.evidence.get(str(promotion.evidence_digest)).subject
