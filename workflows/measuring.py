"""What is measured of the answers that challenger, champion and anchor gave?"""

from dataclasses import replace
from pathlib import Path

from gates.comparison import Comparison
from gates.evidence import Kind, MetricComparison
from gates.fairness import Fairness
from gates.measure.measure import Measured, Question, measure
from policies.effective import EffectivePolicy
from workflows.scoring import Scored
from workflows.subject import Standing


def question_of(
    standing: Standing, table: Path | None, scored: tuple[Scored | None, Scored | None], *, seed: int
) -> Question | None:
    """Return what is to be asked of the answers of challenger and champion; None where nothing can be compared."""
    challenger, champion = scored
    if table is None or challenger is None or challenger.answers is None or standing.subject.kind is not Kind.PROMOTE:
        return None
    entry, policy = standing.entry, standing.policy
    fairness = [gate for gate in policy.gates if isinstance(gate, Fairness)]
    return Question(
        data=table,
        challenger=challenger.answers,
        champion=None if champion is None else champion.answers,
        task=entry.task,
        label=entry.label,
        positive=entry.positive,
        metrics=tuple(dict.fromkeys([*entry.metrics, *_compared(policy)])),
        sensitive_features=tuple(entry.sensitive_features),
        group_metrics=tuple(dict.fromkeys(gate.metric for gate in fairness)),
        power_against=min((gate.limit for gate in fairness), default=0.1),
        seed=seed,
        intersections=entry.intersections,
        cluster=entry.cluster,
        pictured=True,
    )


def measured_of(asked: Question | None, challenger: Scored | None) -> Measured:
    """Measure what is asked; where nothing is, tell only how many rows were answered for."""
    if asked is not None:
        return measure(asked)
    rows = 0 if challenger is None or challenger.answers is None else challenger.scoring.rows
    return Measured(metrics=(), groups=(), rows=rows, rows_left_out=0, problems=())


def against_anchor(
    asked: Question | None, policy: EffectivePolicy, anchor: Scored | None
) -> tuple[MetricComparison, ...]:
    """Measure the compared metrics once more, with the anchor in the champion's place."""
    metrics = _compared(policy)
    if asked is None or anchor is None or anchor.answers is None or not metrics:
        return ()
    held = replace(asked, champion=anchor.answers, metrics=metrics, group_metrics=(), pictured=False)
    return measure(held).metrics


def _compared(policy: EffectivePolicy) -> tuple[str, ...]:
    """Return the metrics that a comparison holds against a margin."""
    comparisons = [gate for gate in policy.gates if isinstance(gate, Comparison)]
    return tuple(dict.fromkeys(name for gate in comparisons for name in gate.metrics))
