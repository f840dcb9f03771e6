"""Can the scores that somebody named be used?"""

from collections.abc import Iterator, Sequence

from gates.evidence import MetricComparison
from gates.measure.prepared import Prepared
from gates.measure.preparing.asked import Answer, Asked
from gates.metric import CLASSES, ITEMS
from gates.wording import listed


def unusable_scores(asked: Asked, prepared: Prepared, metrics: Sequence[MetricComparison]) -> tuple[str, ...]:
    """Return why not, a line for each model; nothing where nobody named any, or where all can be used.

    Scores that are no probabilities are good enough where the metrics measured only rank by them. Where one model's
    scores are named, the other one needs some too.
    """
    if prepared.task == ITEMS or not any(_columns(answer) for _, answer in asked.models):
        return ()
    if prepared.task not in CLASSES:
        return tuple(_foreign(asked, prepared.task))
    told = {one.problem for one in metrics}
    problems = {who: prepared.score_problems.get(who, "") for who in prepared.who}
    return tuple(
        problem for who, problem in problems.items() if problem and (who not in prepared.scored or problem in told)
    )


def _columns(answer: Answer) -> tuple[str, ...]:
    return tuple(answer.scores.values()) if answer.score is None else (answer.score,)


def _foreign(asked: Asked, task: str) -> Iterator[str]:
    """Say it for a task that knows no scores."""
    for who, answer in asked.models:
        if columns := _columns(answer):
            yield f"{task} knows no probabilities, such as the {asked.called(who)}'s ({listed(columns)})."
