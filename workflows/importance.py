"""What do the challenger's answers rest on? Measured where the policy asks, for one more process of the challenger."""

from gates.evidence import Kind
from gates.importance_facts import Importance
from gates.refusal import UserError
from workflows.explaining import Question, importance_of
from workflows.installation import Installation
from workflows.scoring import ScoringJob
from workflows.subject import Standing


def challenger_importance(installation: Installation, standing: Standing, job: ScoringJob) -> Importance | None:
    """Return how much each feature adds to the primary metric, for everyone and within sensitive groups.

    `job` is how the challenger was scored. None where the policy does not ask; what cannot be had is a problem.
    """
    entry = standing.entry
    if not standing.policy.evaluation.importance or standing.subject.kind is not Kind.PROMOTE:
        return None
    asked = Question(job=job, label=entry.label, positive=entry.positive, seed=installation.seed)
    try:
        return importance_of(installation.scorer, asked, metric=entry.metrics[0], by=entry.sensitive_features)
    except UserError as missing:
        return Importance(metric=entry.metrics[0], problem=str(missing))
